"""A queue that is full, waiting until it is empty, and the end of a client."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest

from livetrail import (
    Client,
    DroppedError,
    LivetrailError,
)

from .scripted_server import NETWORK_ERROR, PATIENCE, ScriptedServer, stored

NewClient = Callable[..., Client]
Caplog = pytest.LogCaptureFixture


def test_a_full_queue_drops_the_newest_and_counts(
    new_client: NewClient, server: ScriptedServer, errors: list[LivetrailError]
) -> None:
    client = new_client(queue_items=5)
    server.hold()
    client.record("opener", "a")
    server.wait_for_requests(1)
    ids = [client.record(f"u-{number}", "a") for number in range(8)]
    assert ids[5:] == [None, None, None]
    assert (client.stats.dropped, client.stats.waiting) == (3, 6)
    with pytest.raises(DroppedError, match="full"):
        client.record_durably("u-9", "a")
    server.release()
    assert not client.flush()
    assert [activity["user_id"] for activity in server.activities[1:]] == [f"u-{number}" for number in range(5)]


def test_drops_are_reported_when_they_begin_and_with_their_number_when_there_is_room(
    new_client: NewClient, server: ScriptedServer, errors: list[LivetrailError], caplog: Caplog
) -> None:
    client = new_client(queue_items=5)
    server.hold()
    client.record("opener", "a")
    server.wait_for_requests(1)
    for number in range(12):
        client.record(f"u-{number}", "a")
    assert [(type(error), error.activities) for error in errors] == [(DroppedError, 1)]
    server.release()
    client.flush()
    assert [error.activities for error in errors] == [1, 6]
    assert [record.getMessage() for record in caplog.records] == [
        "the queue is full: activities are dropped",
        "the queue is full: 7 activities were dropped",
    ]


def test_close_reports_the_drops_of_a_queue_that_is_still_full(
    new_client: NewClient, server: ScriptedServer, errors: list[LivetrailError]
) -> None:
    client = new_client(queue_items=5)
    server.script = lambda _: (429, {"Retry-After": "60"}, {})
    client.record("opener", "a")
    server.wait_for_requests(1)
    for number in range(12):
        client.record(f"u-{number}", "a")
    client.close(timeout=0)
    dropped = [error.activities for error in errors if isinstance(error, DroppedError)]
    assert sum(dropped) == client.stats.dropped == 13 - client.stats.unacknowledged


def test_the_queue_is_bounded_in_bytes_too(new_client: NewClient, server: ScriptedServer) -> None:
    client = new_client(queue_bytes=100_000)
    server.hold()
    client.record("opener", "a")
    server.wait_for_requests(1)
    taken = [client.record("u-1", "a", details={"k": "v" * 30_000}) for _ in range(5)]
    assert [id_ is not None for id_ in taken] == [True, True, True, False, False]
    server.release()
    assert not client.flush()
    assert client.record("u-1", "a", details={"k": "v" * 60_000}), "there is room again"


def test_flush_says_when_the_time_is_up(client: Client, server: ScriptedServer) -> None:
    server.hold()
    client.record("u-1", "a")
    assert not client.flush(timeout=0.01)
    server.release()
    assert client.flush(PATIENCE)


def test_flush_is_true_only_when_everything_is_in_the_log(client: Client, server: ScriptedServer) -> None:
    server.script = lambda request: (401, {}, {}) if request.activities[0]["user_id"] == "bad" else stored(request)
    client.record("bad", "a")
    assert not client.flush()
    client.record("good", "a")
    assert client.flush(PATIENCE), "what was lost before is told once"
    client.record(None, "a")
    client.record("good", "a")
    assert not client.flush()


def test_flushes_at_the_same_time_all_tell_of_a_loss(client: Client, server: ScriptedServer) -> None:
    server.script = lambda _: (401, {}, {})
    server.hold()
    client.record("u-1", "a")
    with ThreadPoolExecutor() as threads:
        flushes = [threads.submit(client.flush) for _ in range(3)]
        while client._outbox._waiters < len(flushes):
            pass
        server.release()
        assert [flush.result() for flush in flushes] == [False] * 3


def test_a_flush_that_ran_out_of_time_leaves_the_loss_to_the_next(client: Client, server: ScriptedServer) -> None:
    client.record(None, "a")
    server.hold()
    client.record("u-1", "a")
    assert not client.flush(timeout=0.01)
    server.release()
    assert not client.flush()
    assert client.flush(PATIENCE)


def test_close_sends_what_waits_and_then_takes_nothing(
    client: Client, server: ScriptedServer, errors: list[LivetrailError]
) -> None:
    for number in range(250):
        client.record(f"u-{number}", "a")
    assert client.close()
    assert len(server.activities) == 250
    assert client.record("late", "a") is None
    assert (client.stats.sent, client.stats.dropped) == (250, 1)
    assert [str(error) for error in errors] == ["the client is closed"]
    assert not client.close(), "the late one is lost"
    assert client.close(), "it has been told"


def test_close_gives_up_in_time_and_says_what_is_lost(
    client: Client, server: ScriptedServer, errors: list[LivetrailError]
) -> None:
    server.script = lambda _: (429, {"Retry-After": "60"}, {})
    client.record("u-1", "a")
    server.wait_for_requests(1)
    client.record("u-2", "a")
    assert not client.close(timeout=0.05)
    lost = 2 - client.stats.unacknowledged
    assert (client.stats.sent, client.stats.dropped, client.stats.waiting) == (0, lost, 0)
    assert (type(errors[-1]), errors[-1].activities) == (DroppedError, lost)


def test_close_ends_the_pause_between_attempts(client: Client, server: ScriptedServer) -> None:
    with patch("livetrail.pauses.random.uniform", lambda *_: 0.0 if client._outbox.closed else 60.0):
        answers = iter([NETWORK_ERROR])
        server.script = lambda request: next(answers, None) or stored(request)
        client.record("u-1", "a")
        server.wait_for_requests(1)
        assert client.close()
    assert client.stats.sent == 1


def test_close_does_not_hurry_a_server_that_is_away(client: Client, server: ScriptedServer) -> None:
    with patch("livetrail.pauses.random.uniform", return_value=0.2):
        server.script = lambda _: NETWORK_ERROR
        client.record("u-1", "a")
        server.wait_for_requests(1)
        assert not client.close(timeout=0.5)
    assert len(server.requests) <= 5
