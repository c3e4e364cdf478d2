"""The end of a client whose activities have no answer: what is lost, what may be stored, and what is kept."""

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from livetrail import Client, DroppedError, LivetrailError, NotAcknowledgedError
from livetrail.outbox import BATCH_ITEMS

from .scripted_server import NETWORK_ERROR, PATIENCE, Answer, Request, ScriptedServer, stored

NewClient = Callable[..., Client]


def told(errors: list[LivetrailError]) -> dict[str, int]:
    return {
        type(error).__name__: error.activities
        for error in errors
        if type(error) in (DroppedError, NotAcknowledgedError)
    }


def after_the_first_answer(new_client: NewClient, **settings: Any) -> Client:
    """A client that has recorded one activity, and has reported how its first request ended."""
    reported = Event()
    client = new_client(on_error=lambda _: reported.set(), **settings)
    client.record("u-1", "a")
    assert reported.wait(PATIENCE)
    return client


def test_what_is_under_way_at_the_end_may_be_stored_and_what_waits_is_lost(
    client: Client, server: ScriptedServer, errors: list[LivetrailError], caplog: pytest.LogCaptureFixture
) -> None:
    server.hold()
    client.record("u-0", "a")
    server.wait_for_requests(1)
    for number in range(1, 4):
        client.record(f"u-{number}", "a")
    assert not client.close(timeout=0)
    assert [record.getMessage() for record in caplog.records] == [
        "Livetrail did not acknowledge 1 activities before the end: they may be stored",
        "Livetrail was not reached before the end: 3 activities are lost",
    ]
    assert told(errors) == {"NotAcknowledgedError": 1, "DroppedError": 3}
    assert (client.stats.unacknowledged, client.stats.dropped, client.stats.waiting) == (1, 3, 0)
    assert not client.close(), "closing again does not make it complete"
    assert not client.flush()
    assert (client.stats.unacknowledged, client.stats.dropped) == (1, 3)


@pytest.mark.parametrize(
    ("answer", "unacknowledged"),
    [
        (NETWORK_ERROR, 1),
        ((500, {"Retry-After": "60"}, {}), 1),
        ((503, {"Retry-After": "60"}, {}), 1),
        ((504, {"Retry-After": "60"}, {}), 1),
        ((429, {"Retry-After": "60"}, {}), 0),
        ((408, {"Retry-After": "60"}, {}), 0),
        ((200, {"Retry-After": "60"}, "<html>"), 1),
    ],
    ids=str,
)
def test_an_answer_says_whether_it_may_be_stored(
    answer: Answer | str, unacknowledged: int, new_client: NewClient, server: ScriptedServer
) -> None:
    server.script = lambda _: answer
    client = after_the_first_answer(new_client)
    client.close(timeout=0)
    assert (client.stats.unacknowledged, client.stats.dropped) == (unacknowledged, 1 - unacknowledged)


@pytest.mark.parametrize("error", [httpx.ConnectError("no"), httpx.ConnectTimeout("no"), httpx.PoolTimeout("no")])
def test_what_never_had_a_connection_is_lost(error: Exception, new_client: NewClient) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    client = after_the_first_answer(new_client, transport=lambda: httpx.MockTransport(fail))
    client.close(timeout=0)
    assert (client.stats.unacknowledged, client.stats.dropped) == (0, 1)


def test_a_later_answer_does_not_make_a_request_without_one_certain(client: Client, server: ScriptedServer) -> None:
    answers: Any = iter([NETWORK_ERROR])
    server.script = lambda _: next(answers, (429, {"Retry-After": "60"}, {}))
    client.record("u-1", "a")
    server.wait_for_requests(2)
    client.close(timeout=0)
    assert (client.stats.unacknowledged, client.stats.dropped) == (1, 0)


def test_what_was_acknowledged_is_not_counted_again(client: Client, server: ScriptedServer) -> None:
    def script(request: Request) -> Answer:
        return (413, {}, {}) if len(request.activities) > 2 else stored(request)

    server.script = script
    server.hold()
    client.record("opener", "a")
    server.wait_for_requests(1)
    for number in range(4):
        client.record(f"u-{number}", "a")
    server.release()
    assert client.flush(PATIENCE)
    server.hold()
    client.record("u-9", "a")
    server.wait_for_requests(5)
    client.close(timeout=0)
    assert (client.stats.sent, client.stats.unacknowledged, client.stats.dropped) == (5, 1, 0)


def test_a_half_that_was_not_sent_yet_is_lost(client: Client, server: ScriptedServer) -> None:
    def script(request: Request) -> Answer | str:
        size = len(request.activities)
        return stored(request) if size == 1 else (413, {}, {}) if size == 4 else NETWORK_ERROR

    server.script = script
    server.hold()
    client.record("opener", "a")
    server.wait_for_requests(1)
    for number in range(4):
        client.record(f"u-{number}", "a")
    server.release()
    server.wait_for_requests(4)
    client.close(timeout=0)
    assert (client.stats.unacknowledged, client.stats.dropped) == (2, 2)


def test_a_caller_that_waits_is_told_that_it_may_be_stored(client: Client, server: ScriptedServer) -> None:
    server.script = lambda _: NETWORK_ERROR
    under_way = client._put_with_receipt("u-1", "a", {})
    server.wait_for_requests(1)
    client.close(timeout=0)
    assert isinstance(under_way.exception(20), NotAcknowledgedError)


def test_what_the_spool_keeps_is_neither_lost_nor_unacknowledged(
    new_client: NewClient, server: ScriptedServer, tmp_path: Path, errors: list[LivetrailError]
) -> None:
    client = new_client(spool=tmp_path)
    server.hold()
    client.record("opener", "a")
    server.wait_for_requests(1)
    for number in range(BATCH_ITEMS + 1):
        client.record(f"u-{number}", "a")
    assert not client.close(timeout=0)
    assert (client.stats.kept, client.stats.unacknowledged, client.stats.dropped) == (BATCH_ITEMS + 2, 0, 0)
    assert told(errors) == {}
    assert not client.flush(), "what is kept is not in the log"
