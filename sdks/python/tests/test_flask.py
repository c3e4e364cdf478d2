"""The extension of Flask, with Flask itself."""

from collections.abc import Callable
from typing import Any

import flask
import pytest

from livetrail import Client, LivetrailError, count_query, log_activity
from livetrail.flask import ActivityLog

from .scripted_server import PATIENCE, ScriptedServer


def application(client: Client, **settings: Any) -> flask.Flask:
    app = flask.Flask("application")

    @app.get("/users/<int:id>")
    def user(id: int) -> str:
        return str(id)

    @app.get("/broken")
    def broken() -> str:
        raise KeyError("secret details")

    @app.get("/own")
    def own() -> str:
        log_activity(None, "u-1", "its_own", client=client)
        return "own"

    ActivityLog(app, **{"client": client, "user_id": lambda request: request.args.get("user"), **settings})
    return app


@pytest.fixture
def http(client: Client) -> Any:
    return application(client).test_client()


def test_each_request_of_a_known_user_is_recorded_under_its_route(
    http: Any, client: Client, server: ScriptedServer
) -> None:
    assert http.get("/users/4?user=u-1", headers={"User-Agent": "x"}).text == "4"
    http.get("/users/4")
    assert client.flush(PATIENCE)
    [activity] = server.activities
    assert (activity["user_id"], activity["endpoint"], activity["status_code"]) == ("u-1", "/users/{id}", 200)
    assert (activity["http_method"], activity["ip_address"], activity["user_agent"]) == ("GET", "127.0.0.1", "x")
    assert activity["details"] == {"path": "/users/4"}
    assert activity["duration_ms"] >= 0


def test_an_exception_is_recorded_by_its_type(http: Any, client: Client, server: ScriptedServer) -> None:
    assert http.get("/broken?user=u-1").status_code == 500
    assert client.flush(PATIENCE)
    [activity] = server.activities
    assert (activity["status_code"], activity["success"], activity["error_type"]) == (500, False, "KeyError")
    assert "error_message" not in activity


def test_an_exception_that_goes_up_is_recorded(client: Client, server: ScriptedServer) -> None:
    app = application(client)
    app.testing = True
    with pytest.raises(KeyError):
        app.test_client().get("/broken?user=u-1")
    assert client.flush(PATIENCE)
    assert server.activities[0]["status_code"] == 500


def test_log_activity_without_a_request_knows_it(http: Any, client: Client, server: ScriptedServer) -> None:
    http.get("/own?user=u-1")
    assert client.flush(PATIENCE)
    [activity] = server.activities
    assert (activity["action_type"], activity["endpoint"]) == ("its_own", "/own"), "and it is not recorded twice"


def counting() -> str:
    count_query()
    return "counted"


def test_it_may_be_made_before_the_application_and_counts_statements(
    client: Client, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livetrail.current._counting", False)  # Once switched on, it stays on.
    extension = ActivityLog(client=client, user_id=lambda request: "u-1", when=lambda request, status: status == 200)
    app = flask.Flask("application")
    app.add_url_rule("/", view_func=counting)
    extension.init_app(app)
    app.test_client().get("/")
    app.test_client().get("/unknown")
    assert client.flush(PATIENCE)
    assert [activity["db_query_count"] for activity in server.activities] == [1]


def test_without_user_id_nothing_is_recorded(client: Client) -> None:
    application(client, user_id=None).test_client().get("/users/4")
    assert client.stats.waiting == client.stats.sent == 0


def test_the_log_being_away_changes_no_answer(
    new_client: Callable[..., Client], server: ScriptedServer, errors: list[LivetrailError]
) -> None:
    server.script = lambda _: "network error"
    http = application(new_client()).test_client()
    assert http.get("/users/4?user=u-1").text == "4"
