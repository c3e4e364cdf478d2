"""Many activities at once: they wait for room instead of being dropped."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from livetrail import Client, DroppedError, LivetrailError

from .scripted_server import PATIENCE, ScriptedServer

NewClient = Callable[..., Client]


def activities(count: int) -> Iterator[dict[str, Any]]:
    return ({"user_id": f"u-{number}", "action_type": "imported", "details": {"n": number}} for number in range(count))


@pytest.mark.parametrize("bounds", [{"queue_items": 10}, {"queue_bytes": 1000}])
def test_more_than_the_queue_holds_are_all_sent_in_order(
    bounds: dict[str, int], new_client: NewClient, server: ScriptedServer
) -> None:
    client = new_client(**bounds)
    assert client.record_many(activities(200)) == 200
    assert client.flush(PATIENCE)
    assert [activity["details"]["n"] for activity in server.activities] == list(range(200))


def test_one_without_a_user_is_refused_and_the_others_go_on(client: Client, server: ScriptedServer) -> None:
    given = [*activities(1), {"action_type": "no user"}, 5, *activities(1)]
    assert client.record_many(given) == 2  # type: ignore[arg-type]
    assert not client.flush()
    assert (client.stats.sent, client.stats.rejected) == (2, 2)


def test_what_comes_when_the_time_is_up_is_dropped(
    new_client: NewClient, server: ScriptedServer, errors: list[LivetrailError]
) -> None:
    client = new_client(queue_items=5)
    server.hold()
    client.record("opener", "a")
    server.wait_for_requests(1)
    assert client.record_many(activities(8), timeout=0.01) == 5
    assert client.stats.dropped == 3
    client.close(timeout=0)
    assert sum(error.activities for error in errors if isinstance(error, DroppedError)) == client.stats.dropped


def test_one_that_never_fits_is_not_waited_for(new_client: NewClient) -> None:
    client = new_client(queue_bytes=100)
    assert client.record_many([{"user_id": "u-1", "action_type": "a", "details": {"k": "v" * 200}}]) == 0


def test_a_closed_client_ends_the_wait(client: Client) -> None:
    client.close()
    assert client.record_many(activities(3)) == 0
    assert client.stats.dropped == 3
