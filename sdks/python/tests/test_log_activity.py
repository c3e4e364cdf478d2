"""`log_activity()` in a FastAPI application, with the first seed's call sites, and elsewhere."""

import asyncio
import warnings
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import BackgroundTasks, FastAPI, Request, WebSocket
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient

from livetrail import Client, actions, configure, count_query, default_client, log_activity
from livetrail.asgi import ActivityMiddleware
from livetrail.fastapi import ActivityLog

from .scripted_server import PATIENCE, ScriptedServer

pytestmark = pytest.mark.usefixtures("default")


def application() -> FastAPI:
    app = FastAPI()
    app.add_middleware(ActivityMiddleware)

    @app.post("/login")
    async def login(request: Request) -> None:
        await log_activity(
            request=request, user_id="u-1", action_type=actions.USER_LOGIN, success=True, status_code=200
        )

    @app.post("/positional/{name}")
    async def positional(request: Request) -> None:
        log_activity(request, 7, "document_upload", False, 413, None, 12, "too large", "TooLarge", 8, 9, "document")

    @app.get("/plain")
    def plain() -> None:
        for _ in range(3):
            count_query()
        log_activity(user_id="u-1", action_type="document_list")

    @app.get("/dependency")
    async def dependency(log: ActivityLog) -> None:
        log("u-1", actions.DOCUMENT_LIST, details={"count": 2}, session_id="s-1")

    @app.get("/task")
    async def task(request: Request, tasks: BackgroundTasks) -> None:
        tasks.add_task(log_activity, request, "u-1", "in_background")
        await asyncio.create_task(log_activity(request, "u-1", "as_task"))
        await asyncio.gather(log_activity(request, "u-1", "gathered"), asyncio.sleep(0))

    @app.get("/broken")
    def broken() -> None:
        count_query()
        raise KeyError("secret")

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> PlainTextResponse:
        log_activity(request, "u-1", actions.API_OPERATION, status_code=500, error_type=type(error).__name__)
        return PlainTextResponse("sorry", status_code=500)

    @app.websocket("/chat")
    async def chat(socket: WebSocket, log: ActivityLog) -> None:
        await socket.accept()
        log("u-1", actions.CHAT_MESSAGE)
        log_activity(None, "u-1", "without_request")
        await socket.close()

    return app


def recorded(server: ScriptedServer, call: Callable[[TestClient], Any], **client: Any) -> list[dict[str, Any]]:
    """What is sent for a call, without what is different each time."""
    with TestClient(application(), **client) as http:
        call(http)
    assert default_client().flush(PATIENCE)
    for activity in server.activities:
        del activity["id"], activity["timestamp"]
    return server.activities


def test_the_seeds_call_takes_the_rest_from_the_request(server: ScriptedServer) -> None:
    agent = {"User-Agent": "test/1"}
    [activity] = recorded(
        server, lambda http: http.post("/login?token=secret", headers=agent), client=("203.0.113.9", 5)
    )
    assert 0 <= activity.pop("duration_ms") < 5000
    assert activity == {
        "user_id": "u-1",
        "action_type": "user_login",
        "endpoint": "/login",
        "http_method": "POST",
        "status_code": 200,
        "success": True,
        "ip_address": "203.0.113.9",
        "user_agent": "test/1",
    }


def test_positional_arguments_and_no_await_work_too(server: ScriptedServer) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        [activity] = recorded(server, lambda http: http.post("/positional/x"))
    del activity["user_agent"]
    # The test client's address is none, so it is left out.
    assert activity == {
        "user_id": "7",
        "action_type": "document_upload",
        "endpoint": "/positional/x",
        "http_method": "POST",
        "status_code": 413,
        "success": False,
        "duration_ms": 12,
        "error_message": "too large",
        "error_type": "TooLarge",
        "target_user_id": "8",
        "target_resource_id": "9",
        "resource_type": "document",
    }


def test_the_middleware_knows_the_request_in_worker_threads_too(server: ScriptedServer) -> None:
    [activity] = recorded(server, lambda http: http.get("/plain"))
    assert (activity["endpoint"], activity["http_method"], activity["db_query_count"]) == ("/plain", "GET", 3)


def test_a_handler_of_exceptions_knows_what_the_request_cost(server: ScriptedServer) -> None:
    """Starlette calls the handler of Exception outside of every middleware."""
    [activity] = recorded(server, lambda http: http.get("/broken"), raise_server_exceptions=False)
    assert (activity["endpoint"], activity["status_code"], activity["error_type"]) == ("/broken", 500, "KeyError")
    assert activity["duration_ms"] >= 0
    assert activity["db_query_count"] == 1


def test_the_dependency_is_bound_to_the_request(server: ScriptedServer) -> None:
    [activity] = recorded(server, lambda http: http.get("/dependency"))
    assert (activity["endpoint"], activity["details"], activity["session_id"]) == ("/dependency", {"count": 2}, "s-1")


def test_it_may_be_a_background_task_an_asyncio_task_or_gathered(server: ScriptedServer) -> None:
    activities = recorded(server, lambda http: http.get("/task"))
    assert [activity["action_type"] for activity in activities] == ["as_task", "gathered", "in_background"]


def test_web_sockets_pass_and_may_log(server: ScriptedServer) -> None:
    def call(http: TestClient) -> None:
        with http.websocket_connect("/chat"):
            pass

    activities = recorded(server, call)
    assert [activity["action_type"] for activity in activities] == ["chat_message", "without_request"]
    assert {activity["endpoint"] for activity in activities} == {"/chat"}
    assert not any("http_method" in activity for activity in activities)


def test_a_task_that_is_cancelled_is_cancelled() -> None:
    async def work() -> None:
        task: asyncio.Task[Any] = asyncio.create_task(log_activity(None, "u-1", "a"))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        awaitable: Awaitable[Any] = log_activity(None, "u-1", "a")
        assert await awaitable is None

    asyncio.run(work())


@pytest.mark.parametrize("request_", [object(), {}, 7, {"type": "http"}, {"type": "http", "headers": [(1, 2)]}])
def test_a_request_that_is_none_breaks_nothing_and_loses_nothing(request_: Any, default: Client) -> None:
    log_activity(request_, "u-1", "a")
    assert default.flush(PATIENCE)
    assert default.stats.sent == 1


def test_a_wsgi_environment_tells_the_same(server: ScriptedServer) -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "/app",
        "PATH_INFO": "/caf\u00c3\u00a9",
        "QUERY_STRING": "a=b",
        "REMOTE_ADDR": "203.0.113.9",
        "HTTP_USER_AGENT": "test/1",
    }

    class DjangoRequest:
        META = environ

    class FlaskRequest:
        environ = DjangoRequest.META

    for request in (environ, DjangoRequest(), FlaskRequest()):
        log_activity(request, "u-1", "a", status_code=404)
    assert default_client().flush(PATIENCE)
    for activity in server.activities:
        assert (activity["endpoint"], activity["http_method"]) == ("/app/café", "GET")
        assert (activity["ip_address"], activity["user_agent"]) == ("203.0.113.9", "test/1")
        assert "success" not in activity, "the server's rule decides"


def test_what_is_given_wins_over_the_request(server: ScriptedServer) -> None:
    scope = {"type": "http", "path": "/a", "method": "GET", "headers": [], "client": ("192.0.2.1", 1)}
    log_activity(scope, "u-1", "a", endpoint="/b", ip_address="203.0.113.9", http_method="PUT", is_admin=True)
    assert default_client().flush(PATIENCE)
    [activity] = server.activities
    assert (activity["endpoint"], activity["ip_address"], activity["http_method"]) == ("/b", "203.0.113.9", "PUT")
    assert activity["is_admin"] is True


def test_configure_again_replaces_the_client(server: ScriptedServer) -> None:
    former = default_client()
    log_activity(None, "u-1", "a")
    assert configure(server.url, "other", trusted_proxies=1) is default_client()
    assert former.record("u-1", "late") is None
    scope = {"type": "http", "path": "/a", "headers": [(b"x-forwarded-for", b"6.6.6.6, 203.0.113.9")]}
    log_activity(scope, "u-2", "a")
    assert default_client().flush(PATIENCE)
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer k", "Bearer other"]
    assert server.activities[1]["ip_address"] == "203.0.113.9"


def test_another_client_may_be_named(server: ScriptedServer) -> None:
    with Client(server.url, "mine") as mine:
        log_activity(None, "u-1", "a", client=mine)
    assert server.requests[0].headers["authorization"] == "Bearer mine"
