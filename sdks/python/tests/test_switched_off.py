"""A client without a key or a usable address: it loses everything, and says so."""

import asyncio
import logging
from collections.abc import Callable

import pytest

import livetrail
from livetrail import Client, LivetrailError, SwitchedOffError, log_activity

NewClient = Callable[..., Client]
Caplog = pytest.LogCaptureFixture


@pytest.fixture(autouse=True)
def without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIVETRAIL_KEY", raising=False)


def durably(client: Client) -> None:
    with pytest.raises(SwitchedOffError, match="LIVETRAIL_KEY"):
        client.record_durably("u-1", "a")


@pytest.mark.parametrize(
    "record",
    [
        lambda client: client.record("u-1", "a"),
        lambda client: client.record_many([{"user_id": "u-1", "action_type": "a"}]),
        lambda client: client.put_user("u-1", email="a@example.com"),
        lambda client: log_activity(None, "u-1", "a", client=client),
        durably,
    ],
    ids=["record", "record_many", "put_user", "log_activity", "record_durably"],
)
def test_flush_is_false_when_anything_was_recorded(record: Callable[[Client], object]) -> None:
    client = Client()
    assert client.flush(), "nothing was recorded yet"
    record(client)
    assert not client.flush()
    assert not client.flush(), "it is not in the log later either"
    assert not asyncio.run(client.aflush())
    assert not client.close()
    assert (client.stats.dropped, client.stats.waiting) == (1, 0)


def test_nothing_recorded_is_nothing_lost() -> None:
    client = Client()
    assert client.record_many([]) == 0
    assert client.flush()
    assert client.close()


@pytest.mark.parametrize(
    ("url", "key", "why"),
    [
        ("http://127.0.0.1:9", "", "LIVETRAIL_KEY is not set"),
        ("http://127.0.0.1:9", "clé", "LIVETRAIL_KEY has characters that no key has"),
        ("localhost:7777", "k", "'localhost:7777' is no http or https address"),
        ("ftp://a", "k", "'ftp://a' is no http or https address"),
        ("http://", "k", "'http://' is no http or https address"),
        ("nonsense", "k", "'nonsense' is no http or https address"),
        ("http://a:b", "k", "'http://a:b' is no address"),
        ("ftp://ada:hunter2@a", "k", "'ftp://ada:[redacted]@a' is no http or https address"),
    ],
)
def test_the_first_activity_tells_why_and_further_ones_are_silent(
    url: str, key: str, why: str, errors: list[LivetrailError], caplog: Caplog
) -> None:
    client = Client(url, key, on_error=errors.append)
    assert not client.enabled
    assert caplog.records == []
    for _ in range(3):
        assert client.record("u-1", "a") is None
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, f"{why}: activities are not logged")
    ]
    assert [(type(error), str(error)) for error in errors] == [(SwitchedOffError, why)]
    assert client.stats.dropped == 3


def test_an_error_handler_that_raises_does_not_reach_the_application() -> None:
    def wrong(error: LivetrailError) -> None:
        raise RuntimeError(error)

    assert Client(on_error=wrong).record("u-1", "a") is None


def test_the_default_client_tells_it_too(caplog: Caplog) -> None:
    client = livetrail.configure()
    try:
        log_activity(None, "u-1", "a")
        assert not client.flush()
        assert len(caplog.records) == 1
    finally:
        livetrail.activity._default = None
