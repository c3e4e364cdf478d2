"""The ASGI middleware: what it records by itself, and what it must never do."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from livetrail import Client, log_activity
from livetrail.asgi import ActivityMiddleware

from .scripted_server import PATIENCE, ScriptedServer

Scope = MutableMapping[str, Any]


async def hello(request: Request) -> Response:
    request.state.user_id = request.query_params.get("user")
    return PlainTextResponse("hello", status_code=int(request.query_params.get("status", "200")))


async def own(request: Request) -> Response:
    request.state.user_id = "u-1"
    log_activity(request, "u-1", "its_own")
    return PlainTextResponse("hello")


async def broken(request: Request) -> Response:
    request.state.user_id = "u-1"
    raise KeyError("secret details")


async def stream(request: Request) -> Response:
    async def parts() -> Any:
        request.state.user_id = "u-1"
        yield b"a"
        raise RuntimeError("half way")

    return StreamingResponse(parts())


def application(client: Client, **settings: Any) -> Starlette:
    routes = [
        Mount("/sub", routes=[Route("/hello", hello)]),
        Route("/hello", hello),
        Route("/own", own),
        Route("/broken", broken),
        Route("/stream", stream),
    ]
    app = Starlette(routes=routes)
    settings = {"client": client, "user_id": lambda scope: scope["state"].get("user_id"), **settings}
    app.add_middleware(ActivityMiddleware, **settings)
    return app


@pytest.fixture
def http(client: Client) -> TestClient:
    return TestClient(application(client), raise_server_exceptions=False)


def test_each_request_of_a_known_user_is_recorded(http: TestClient, client: Client, server: ScriptedServer) -> None:
    assert http.get("/sub/hello?user=u-1&status=404").text == "hello"
    assert http.get("/hello").text == "hello"
    assert client.flush(PATIENCE)
    [activity] = server.activities
    assert activity["action_type"] == "api_operation"
    assert (activity["user_id"], activity["endpoint"], activity["status_code"]) == ("u-1", "/sub/hello", 404)
    assert activity["duration_ms"] >= 0
    assert "success" not in activity


def test_what_the_application_records_itself_is_not_recorded_twice(
    http: TestClient, client: Client, server: ScriptedServer, default: Client
) -> None:
    http.get("/own")
    assert client.flush(PATIENCE)
    assert default.flush(PATIENCE)
    assert [activity["action_type"] for activity in server.activities] == ["its_own"]


def test_a_request_that_passes_two_middlewares_is_recorded_once(client: Client, server: ScriptedServer) -> None:
    app = ActivityMiddleware(application(client), client=client, user_id=lambda scope: scope["state"].get("user_id"))
    TestClient(app).get("/hello?user=u-1")
    assert client.flush(PATIENCE)
    assert len(server.activities) == 1


def test_an_exception_is_recorded_and_goes_up(client: Client, server: ScriptedServer) -> None:
    with pytest.raises(KeyError, match="secret details"):
        TestClient(application(client)).get("/broken")
    assert client.flush(PATIENCE)
    [activity] = server.activities
    assert (activity["status_code"], activity["success"], activity["error_type"]) == (500, False, "KeyError")
    assert "error_message" not in activity, "what an exception says may be secret"


def test_a_response_that_breaks_off_keeps_its_status(http: TestClient, client: Client, server: ScriptedServer) -> None:
    http.get("/stream")
    assert client.flush(PATIENCE)
    [activity] = server.activities
    assert (activity["status_code"], activity["success"], activity["error_type"]) == (200, False, "RuntimeError")


def test_a_predicate_chooses(client: Client, server: ScriptedServer) -> None:
    app = application(client, when=lambda _, status: status is not None and status >= 400, action_type="failed_call")
    http = TestClient(app)
    http.get("/hello?user=u-1")
    http.get("/hello?user=u-1&status=403")
    assert client.flush(PATIENCE)
    assert [(each["action_type"], each["status_code"]) for each in server.activities] == [("failed_call", 403)]


def test_functions_that_go_wrong_break_no_request(client: Client) -> None:
    def wrong(*_: Any) -> Any:
        raise RuntimeError("wrong")

    for settings in ({"user_id": wrong}, {"when": wrong}):
        assert TestClient(application(client, **settings)).get("/hello?user=u-1").text == "hello"


def test_without_user_id_nothing_is_recorded_and_messages_pass_untouched(client: Client) -> None:
    sent: list[Any] = []

    async def app(scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        assert send is original
        await send({"type": "http.response.start", "status": 200})

    async def original(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    asyncio.run(ActivityMiddleware(app, client=client)({"type": "http", "path": "/"}, receive, original))
    assert sent == [{"type": "http.response.start", "status": 200}]
    assert client.stats.sent == 0


def test_a_request_that_is_cancelled_is_recorded_without_a_status(client: Client, server: ScriptedServer) -> None:
    async def endless(scope: Scope, receive: Any, send: Any) -> None:
        scope["state"]["user_id"] = "u-1"
        await asyncio.Event().wait()

    async def work() -> None:
        app = ActivityMiddleware(endless, client=client, user_id=lambda scope: scope["state"]["user_id"])
        task = asyncio.create_task(app({"type": "http", "path": "/", "headers": []}, None, None))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(work())
    assert client.flush(PATIENCE)
    [activity] = server.activities
    assert (activity["success"], activity["error_type"]) == (False, "CancelledError")
    assert "status_code" not in activity


def test_the_shutdown_sends_what_is_left(client: Client, server: ScriptedServer) -> None:
    with TestClient(application(client)) as http:
        for _ in range(20):
            http.get("/hello?user=u-1")
    assert len(server.activities) == 20


def test_it_works_while_the_log_is_away(server: ScriptedServer, client: Client) -> None:
    server.script = lambda _: "network error"
    http = TestClient(application(client))
    assert [http.get("/hello?user=u-1").status_code for _ in range(3)] == [200, 200, 200]
    assert client.stats.waiting == 3
