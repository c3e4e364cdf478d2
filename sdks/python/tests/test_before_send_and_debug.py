"""The application's hook before an activity is sent, and debug mode."""

from collections.abc import Callable
from typing import Any

import pytest

from livetrail import Client, LivetrailError, RefusedError

from .scripted_server import PATIENCE, ScriptedServer
from .test_threads_and_processes import run

NewClient = Callable[..., Client]


def test_the_hook_changes_and_leaves_out(new_client: NewClient, server: ScriptedServer) -> None:
    def hook(activity: dict[str, Any]) -> dict[str, Any] | None:
        if activity["user_id"] == "robot":
            return None
        return activity | {"user_id": activity["user_id"].lower(), "details": {"password": "secret"}}

    client = new_client(before_send=hook)
    assert client.record("robot", "a") is None
    assert client.record("ADA", "a", status_code=200)
    assert client.flush(PATIENCE), "what the hook leaves out is not lost"
    [activity] = server.activities
    assert (activity["user_id"], activity["status_code"]) == ("ada", 200)
    assert activity["details"] == {"password": "[redacted]"}, "redaction comes after it"


def test_the_hook_cannot_change_what_the_application_holds(new_client: NewClient) -> None:
    given = {"user_id": "u-1", "action_type": "a"}
    new_client(before_send=lambda activity: activity.clear()).record_many([given])
    assert given["user_id"] == "u-1"


def test_a_hook_that_goes_wrong_keeps_the_activity_back(
    new_client: NewClient, server: ScriptedServer, errors: list[LivetrailError]
) -> None:
    def hook(activity: dict[str, Any]) -> dict[str, Any]:
        raise KeyError("no such field")

    client = new_client(before_send=hook)
    assert client.record("u-1", "a") is None
    assert not client.flush()
    assert client.stats.rejected == 1
    assert isinstance(errors[0], RefusedError)
    assert server.activities == []


def test_a_durable_activity_that_the_hook_leaves_out_is_refused(new_client: NewClient) -> None:
    with pytest.raises(RefusedError, match="before_send left it out"):
        new_client(before_send=lambda _: None).record_durably("u-1", "a")


@pytest.mark.parametrize("switch", ["configure(debug=True)", "configure()"])
def test_debug_mode_shows_what_is_recorded_and_sent(
    switch: str, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVETRAIL_DEBUG", "0" if "True" in switch else "1")
    script = f"import livetrail\nlivetrail.{switch}.record('u-1', 'user_login', details={{'password': 'x'}})"
    recorded, sent = run(script, server).stderr.splitlines()
    assert recorded.startswith('livetrail: recorded {"user_id":"u-1","action_type":"user_login"')
    assert '"password":"[redacted]"' in recorded
    assert sent.startswith("livetrail: POST /api/activity, ")
    assert ": 201 in " in sent


def test_without_debug_mode_nothing_is_shown(server: ScriptedServer) -> None:
    assert run("import livetrail\nlivetrail.configure().record('u-1', 'user_login')", server).stderr == ""
