"""Recording, waiting, stopping, and what goes wrong meanwhile."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from livetrail import (
    Client,
    DroppedError,
    LivetrailError,
    NotAcknowledgedError,
    RefusedError,
    UnreachableError,
)

from .scripted_server import NETWORK_ERROR, PATIENCE, Request, ScriptedServer, stored

NewClient = Callable[..., Client]
Caplog = pytest.LogCaptureFixture


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError("no")


def test_one_activity_travels_as_an_object_with_the_key(client: Client, server: ScriptedServer) -> None:
    id_ = client.record("u-1", "user_login", status_code=200)
    assert client.flush(PATIENCE)
    [request] = server.requests
    assert (request.method, request.path) == ("POST", "/api/activity")
    assert request.headers["authorization"] == "Bearer k"
    assert request.headers["content-type"] == "application/json"
    assert request.body["id"] == id_


def test_an_address_may_have_a_path(new_client: NewClient, server: ScriptedServer) -> None:
    client = new_client(url=server.url + "/behind/")
    client.record("u-1", "user_login")
    assert client.flush(PATIENCE)
    assert server.requests[0].path == "/behind/api/activity"


def test_large_bodies_are_compressed_and_small_ones_are_not(client: Client, server: ScriptedServer) -> None:
    client.record("u-1", "user_login", details={"k": "v" * 2000})
    assert client.flush(PATIENCE)
    client.record("u-1", "user_login", details={"k": "v"})
    assert client.flush(PATIENCE)
    large, small = server.requests
    assert large.headers["content-encoding"] == "gzip"
    assert len(large.raw) < 500
    assert "content-encoding" not in small.headers


def test_the_environment_says_where_and_with_which_key(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVETRAIL_URL", server.url)
    monkeypatch.setenv("LIVETRAIL_KEY", "from the environment\n")
    with Client() as client:
        client.record("u-1", "user_login")
    assert server.requests[0].headers["authorization"] == "Bearer from the environment"


def test_what_cannot_be_shown_is_reported_and_never_raised(client: Client, errors: list[LivetrailError]) -> None:
    assert client.record(None, "user_login") is None
    client.put_user(None)
    assert client.stats.rejected == len(errors) == 2
    assert all(isinstance(error, RefusedError) and error.status is None for error in errors)


def test_a_value_that_cannot_be_shown_costs_itself_alone(client: Client, server: ScriptedServer) -> None:
    assert client.record(Unprintable(), "user_login", details={"value": Unprintable(), "field": "email"})
    assert client.flush(PATIENCE)
    (activity,) = server.activities
    assert activity["user_id"] == "[unreadable]"
    assert activity["details"] == {"value": "[unreadable]", "field": "email"}


def test_details_are_what_they_were_when_they_were_recorded(client: Client, server: ScriptedServer) -> None:
    server.hold()
    details = {"plan": "free"}
    client.record("u-1", "opener")
    client.record("u-1", "user_updated", details=details)
    details["plan"] = "pro"
    server.release()
    assert client.flush(PATIENCE)
    assert server.activities[1]["details"] == {"plan": "free"}


def test_an_outage_is_said_once_and_loses_nothing(
    client: Client, server: ScriptedServer, errors: list[LivetrailError], caplog: Caplog
) -> None:
    answers: Iterator[Any] = iter([NETWORK_ERROR, (503, {}, {}), NETWORK_ERROR])
    server.script = lambda request: next(answers, None) or stored(request)
    client.record("u-1", "user_login")
    assert client.flush(PATIENCE)
    assert [type(error) for error in errors] == [UnreachableError]
    assert errors[0].activities == 1
    assert client.stats.sent == 1
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "Livetrail cannot be reached; activities wait and are sent again"
    ]


def test_a_refusal_is_logged_once_per_status_and_reported_each_time(
    client: Client, server: ScriptedServer, errors: list[LivetrailError], caplog: Caplog
) -> None:
    server.script = lambda _: (401, {}, {"detail": "Invalid token"})
    for _ in range(3):
        client.record("u-1", "user_login")
        assert not client.flush()
    assert [str(error) for error in errors] == ["401: Invalid token"] * 3
    assert len(caplog.records) == 1


def test_a_batch_with_another_tenant_goes_in_halves_when_it_is_forbidden(
    client: Client, server: ScriptedServer
) -> None:
    def script(request: Request) -> Any:
        foreign = any(activity.get("tenant_id") == "other" for activity in request.activities)
        return (403, {}, {"detail": "another tenant"}) if foreign else stored(request)

    server.script = script
    server.hold()
    client.record("opener", "a")
    server.wait_for_requests(1)
    for number in range(10):
        client.record(f"u-{number}", "a", tenant_id="other" if number == 7 else None)
    server.release()
    assert not client.flush()
    assert (client.stats.sent, client.stats.rejected) == (10, 1)


def test_on_error_may_itself_go_wrong(new_client: NewClient, server: ScriptedServer) -> None:
    def wrong(error: LivetrailError) -> None:
        raise RuntimeError(error)

    client = new_client(on_error=wrong)
    client.record(None, "a")
    server.script = lambda request: (401, {}, {}) if request is server.requests[0] else stored(request)
    assert not client.flush()
    for answered in (False, True):
        client.record("u-1", "a")
        assert client.flush(PATIENCE) is answered
    assert (client.stats.sent, client.stats.rejected) == (1, 2)


def test_a_durable_record_returns_where_it_is_in_the_log(client: Client, server: ScriptedServer) -> None:
    receipt = client.record_durably("u-1", "payout_approved")
    assert (receipt.id, receipt.position, receipt.duplicate) == (server.activities[0]["id"], 1, False)


def test_a_durable_record_in_a_batch_gets_its_own_answer(client: Client, server: ScriptedServer) -> None:
    def script(request: Request) -> Any:
        if request is server.requests[0]:
            return stored(request)
        results = [{"index": 0, "id": "x", "position": 7, "duplicate": True}]
        errors = [{"pointer": "/action_type", "detail": "may have letters only"}]
        return (
            200,
            {},
            {"accepted": 0, "duplicates": 1, "results": results, "rejected": [{"index": 1, "errors": errors}]},
        )

    server.script = script
    server.hold()
    client.record("opener", "a")
    server.wait_for_requests(1)
    good = client._put_with_receipt("u-1", "a", {})
    bad = client._put_with_receipt("u-2", "not an action", {})
    server.release()
    assert good.result(PATIENCE).position == 7
    assert good.result().duplicate
    with pytest.raises(RefusedError, match="action_type may have letters only") as refused:
        bad.result(PATIENCE)
    assert refused.value.errors[0]["pointer"] == "/action_type"
    assert not client.flush()
    assert client.stats.duplicates == 1


def test_a_durable_record_raises_what_is_wrong(client: Client, server: ScriptedServer) -> None:
    server.script = lambda _: (422, {}, {"detail": "user_id must be text"})
    with pytest.raises(RefusedError, match="user_id must be text") as refused:
        client.record_durably("u-1", "a")
    assert refused.value.status == 422
    with pytest.raises(RefusedError):
        client.record_durably(None, "a")
    server.script = lambda _: (200, {}, "not JSON")
    with pytest.raises(NotAcknowledgedError):
        client.record_durably("u-1", "a", timeout=0.01)
    server.hold()
    with pytest.raises(NotAcknowledgedError, match=r"within 0\.01 s"):
        client.record_durably("u-1", "a", timeout=0.01)
    client.close(timeout=0)
    with pytest.raises(DroppedError):
        client.record_durably("u-1", "a")


def test_users_are_put_in_order_with_the_activities(client: Client, server: ScriptedServer) -> None:
    server.hold()
    client.record("opener", "a")
    server.wait_for_requests(1)
    client.record("u-1", "a")
    client.record("u-1", "b")
    client.put_user("a/b c?", email="a@example.com", display_name="Ä\n\0" + "x" * 400)
    client.put_user("..", email="")
    client.record("u-1", "c")
    server.release()
    assert client.flush(PATIENCE)
    requests = server.requests[1:]
    assert [(request.method, request.path) for request in requests] == [
        ("POST", "/api/activity"),
        ("PUT", "/api/users/a%2Fb%20c%3F"),
        ("PUT", "/api/users/%2E%2E"),
        ("POST", "/api/activity"),
    ]
    assert requests[1].body == {"email": "a@example.com", "display_name": ("Ä " + "x" * 400)[:320]}
    assert requests[2].body == {"email": None, "display_name": None}


def test_a_transport_of_ones_own_is_used(new_client: NewClient) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, json={"position": 5})

    client = new_client(transport=lambda: httpx.MockTransport(answer))
    assert client.record_durably("u-1", "a").position == 5


def test_a_transport_that_fails_is_tried_again(new_client: NewClient) -> None:
    attempts = iter(range(2))

    def answer(request: httpx.Request) -> httpx.Response:
        if next(attempts) == 0:
            raise OSError("the socket is gone")
        return httpx.Response(201, json={"position": 5})

    client = new_client(transport=lambda: httpx.MockTransport(answer))
    assert client.record_durably("u-1", "a").position == 5


def test_a_transport_that_cannot_be_made_loses_nothing_silently(
    new_client: NewClient, errors: list[LivetrailError]
) -> None:
    def no_transport() -> httpx.BaseTransport:
        raise OSError("no such certificate")

    client = new_client(transport=no_transport)
    with pytest.raises(DroppedError, match="no such certificate"):
        client.record_durably("u-1", "a")
    assert client.record("u-1", "a") is None
    assert type(errors[0]) is DroppedError
