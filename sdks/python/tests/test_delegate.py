"""The party that acted in a user's name: what a token says of it, and what the middleware makes of that."""

from typing import Any

import flask
import pytest
from django.test import Client as Browser
from django.test import override_settings
from starlette.testclient import TestClient

from livetrail import Client, delegate_of, log_activity
from livetrail.asgi import ActivityMiddleware
from livetrail.fields import Delegate

from . import test_django, test_flask, test_middleware
from .scripted_server import PATIENCE, ScriptedServer

FIELDS = ("delegate_id", "delegate_type", "via")
BOT: Delegate = {"delegate_id": "deploy-bot", "delegate_type": "agent", "via": "mcp"}


def delegate(activity: dict[str, Any]) -> dict[str, Any]:
    return {name: activity[name] for name in FIELDS if name in activity}


def bot_of_django(request: Any) -> Delegate:
    return {**BOT, "via": request.path}


@pytest.mark.parametrize(
    ("claims", "named"),
    [
        ({"sub": "u-1", "act": {"sub": "deploy-bot"}}, {"delegate_id": "deploy-bot"}),
        ({"sub": "u-1", "act": {"sub": "deploy-bot", "act": {"sub": "earlier"}}}, {"delegate_id": "deploy-bot"}),
        ({"sub": "u-1", "act": {"iss": "https://idp.example"}}, {}),
        ({"sub": "u-1", "act": "deploy-bot"}, {}),
        ({"sub": "u-1"}, {}),
        (None, {}),
    ],
)
def test_a_token_names_the_actor_that_acts_now(claims: Any, named: dict[str, str]) -> None:
    assert delegate_of(claims) == named


def test_what_asgi_applications_record_names_the_delegate(client: Client, server: ScriptedServer) -> None:
    app = test_middleware.application(client, delegate=lambda scope: {**BOT, "via": scope["path"]})
    TestClient(app).get("/hello?user=u-1")
    assert client.flush(PATIENCE)
    assert delegate(server.activities[0]) == {**BOT, "via": "/hello"}


def test_what_the_application_records_itself_names_it_too_unless_it_says_otherwise(
    default: Client, server: ScriptedServer
) -> None:
    more: Any = {**BOT, "user_id": "u-9"}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        log_activity(None, "u-1", "a")
        log_activity(scope, "u-1", "b", via="cli")
        log_activity(scope, "u-1", "c", delegate_id="other")

    http = TestClient(ActivityMiddleware(app, delegate=lambda _: more))
    with pytest.raises(AssertionError):  # The application answers nothing.
        http.get("/")
    assert default.flush(PATIENCE)
    assert [delegate(activity) for activity in server.activities] == [
        BOT,
        {**BOT, "via": "cli"},
        {"delegate_id": "other", "via": "mcp"},
    ]
    assert {activity["user_id"] for activity in server.activities} == {"u-1"}


@pytest.mark.parametrize("wrong", [lambda _: 1 / 0, lambda _: "bot", lambda _: None, lambda _: 7])
def test_a_function_that_goes_wrong_costs_the_delegate_and_not_the_activity(
    wrong: Any, client: Client, server: ScriptedServer
) -> None:
    assert TestClient(test_middleware.application(client, delegate=wrong)).get("/hello?user=u-1").text == "hello"
    assert client.flush(PATIENCE)
    assert delegate(server.activities[0]) == {}


def test_flask_names_the_delegate_of_its_request(client: Client, server: ScriptedServer) -> None:
    def of_request(request: flask.Request) -> Any:
        return {**BOT, "via": request.path}

    http = test_flask.application(client, delegate=of_request).test_client()
    http.get("/users/4?user=u-1")
    http.get("/own?user=u-1")
    assert client.flush(PATIENCE)
    assert [delegate(activity)["via"] for activity in server.activities] == ["/users/4", "/own"]
    assert {activity["delegate_id"] for activity in server.activities} == {"deploy-bot"}


def test_django_names_the_delegate_of_its_request(default: Client, server: ScriptedServer) -> None:
    names = {"user_id": "livetrail.django.signed_in", "delegate": f"{__name__}.bot_of_django"}
    with override_settings(LIVETRAIL=names, ROOT_URLCONF=test_django.__name__):
        Browser().get("/users/4/", {"signed_in": "yes"})
        Browser().get("/own/")
    assert default.flush(PATIENCE)
    assert [delegate(activity)["via"] for activity in server.activities] == ["/users/4/", "/own/", "/own/"]
