"""How activities gather between two requests, and what does not wait for that."""

from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest

from livetrail import Client

from .scripted_server import PATIENCE, ScriptedServer


@pytest.fixture
def paced(client: Client, server: ScriptedServer) -> Iterator[Client]:
    """A client that has just sent a first activity, and would send the next one in an hour."""
    with patch("livetrail.outbox.SECONDS_BETWEEN_REQUESTS", 3600):
        client.record("first", "a")
        server.wait_for_requests(1)
        yield client


def test_what_follows_a_request_gathers_and_travels_together(paced: Client, server: ScriptedServer) -> None:
    for number in range(20):
        paced.record(f"u-{number}", "a")
    assert paced.flush(PATIENCE)
    assert [len(request.activities) for request in server.requests] == [1, 20]


def test_what_has_gathered_goes_by_itself(client: Client, server: ScriptedServer) -> None:
    client.record("first", "a")
    server.wait_for_requests(1)
    client.record("u-1", "a")
    server.wait_for_requests(2)


@pytest.mark.parametrize(
    "press",
    [
        lambda client: client.record_durably("u-1", "a"),
        lambda client: client.put_user("u-1", email="a@example.com"),
        lambda client: [client.record(f"u-{number}", "a") for number in range(100)],
        lambda client: [client.record("u-1", "a", details={"k": "v" * 60_000}) for _ in range(10)],
        lambda client: client.record("u-1", "a") and client.close(),
    ],
    ids=["a durable activity", "a user of the directory", "100 activities", "512 KiB", "the end"],
)
def test_it_does_not_wait(press: Callable[[Client], object], paced: Client, server: ScriptedServer) -> None:
    press(paced)
    server.wait_for_requests(2)
