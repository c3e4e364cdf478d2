"""The route of a request, from what the frameworks tell of it."""

from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from livetrail import Client
from livetrail.asgi import ActivityMiddleware
from livetrail.routes import route_of_scope

from .scripted_server import PATIENCE, ScriptedServer


def answer(request: Request) -> Response:
    return PlainTextResponse("ok")


def fastapi_application() -> Any:
    app = FastAPI()
    runs = APIRouter(prefix="/teams/{team}")
    runs.add_api_route("/runs/{run}", lambda team, run: run)
    app.include_router(runs, prefix="/v1")
    app.add_api_route("/files/{name:path}", lambda name: name)
    app.add_api_route("/reset/{token}", lambda token: token)
    app.add_api_route("/users", lambda: [])
    return app


def starlette_application() -> Any:
    return Starlette(
        routes=[Route("/users/{id:int}", answer), Mount("/of/{team}", routes=[Route("/runs/{run}", answer)])]
    )


@pytest.mark.parametrize(
    ("application", "path", "endpoint", "details"),
    [
        (fastapi_application, "/v1/teams/a/runs/7", "/v1/teams/{team}/runs/{run}", {"path": "/v1/teams/a/runs/7"}),
        (fastapi_application, "/files/a/b.txt", "/files/{name}", {"path": "/files/a/b.txt"}),
        (fastapi_application, "/users", "/users", None),
        (fastapi_application, "/unknown/7", "/unknown/7", None),
        (fastapi_application, "/reset/Zk3vQ9xT7bLm2RwY8pHs", "/reset/{token}", None),
        (starlette_application, "/users/004", "/users/{id}", {"path": "/users/004"}),
        (starlette_application, "/of/7/runs/7", "/of/{team}/runs/{run}", {"path": "/of/7/runs/7"}),
    ],
)
def test_a_request_is_recorded_under_its_route(
    application: Any, path: str, endpoint: str, details: Any, client: Client, server: ScriptedServer
) -> None:
    app = ActivityMiddleware(application(), client=client, user_id=lambda scope: "u-1")
    TestClient(app).get(path)
    assert client.flush(PATIENCE)
    [activity] = server.activities
    assert activity["endpoint"] == endpoint
    assert activity.get("details") == details


def test_a_framework_that_tells_only_the_parameters_gets_their_steps_named() -> None:
    scope = {"path": "/users/7/name", "path_params": {"id": "7"}}
    assert route_of_scope(scope) == "/users/{id}/name"


def test_a_framework_that_tells_nothing_has_no_route() -> None:
    assert route_of_scope({"path": "/users/7"}) is None
    assert route_of_scope({"path": "/users/7", "route": SimpleNamespace(path="/other/{id}")}) is None
