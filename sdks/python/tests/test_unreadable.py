"""Values that raise when they are read, or have the wrong form: each costs itself, and never its activity."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any

import pytest

from livetrail import Client
from livetrail.details import changes_json, details_json
from livetrail.redact import REDACTED, Redaction
from livetrail.shape import body

from .scripted_server import PATIENCE, ScriptedServer


class Gone(Mapping[str, Any]):
    """A mapping whose source is gone."""

    def __getitem__(self, key: str) -> Any:
        raise RuntimeError("gone")

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("gone")

    def __len__(self) -> int:
        return 1


class GoneList(list[Any]):
    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("gone")


class Raises:
    def no(self, *_: object) -> Any:
        raise RuntimeError("no")

    __str__ = __float__ = __bool__ = __eq__ = __hash__ = no


class Zone(tzinfo):
    def no(self, _: datetime | None) -> Any:
        raise RuntimeError("no")

    utcoffset = dst = tzname = no


def details(value: Any) -> Any:
    return json.loads(details_json(value, Redaction()))


def changes(value: Any) -> Any:
    return json.loads(changes_json(value, Redaction()))


def test_a_mapping_that_raises_costs_itself() -> None:
    assert details(Gone()) == {"value": "[unreadable]"}
    assert details({"a": Gone(), "b": [Gone(), 1], "c": 2}) == {"a": "[unreadable]", "b": ["[unreadable]", 1], "c": 2}
    assert details({"a": GoneList([1]), "b": 1}) == {"a": "[unreadable]", "b": 1}


def test_a_change_that_raises_costs_itself() -> None:
    assert changes(Gone()) == {"value": {"from": None, "to": "[unreadable]"}}
    assert changes({"a": Gone(), "b": {"from": Gone(), "to": 1}}) == {
        "a": {"from": None, "to": "[unreadable]"},
        "b": {"from": "[unreadable]", "to": 1},
    }


@pytest.mark.parametrize("value", ["x", 3, ["ab"], [1], None])
def test_changes_that_are_not_an_object_are_put_into_one(value: Any) -> None:
    assert changes(value) == {"value": {"from": None, "to": value}}


@pytest.mark.parametrize("value", ["pro", None, [1, 2], {}, {"old": 1}, {"from": 1, "to": 2, "by": "ada"}])
def test_a_change_without_sides_is_what_something_became(value: Any) -> None:
    assert changes({"plan": value, "seats": {"to": 3}}) == {"plan": {"from": None, "to": value}, "seats": {"to": 3}}


def test_a_secret_change_without_sides_is_redacted() -> None:
    assert changes({"password": "x", "login": {"password": "x"}}) == {
        "password": {"from": None, "to": REDACTED},
        "login": {"from": None, "to": {"password": REDACTED}},
    }


@pytest.mark.parametrize(
    "name", ["id", "status_code", "success", "duration_ms", "db_query_count", "ip_address", "is_admin", "timestamp"]
)
def test_a_field_that_raises_costs_itself(name: str) -> None:
    id_, text = body({"user_id": "u", "action_type": "a", name: Raises()}, Redaction())
    activity = json.loads(text)
    assert set(activity) == {"id", "timestamp", "user_id", "action_type"}
    assert activity["id"] == id_


@pytest.mark.parametrize("value", [datetime(2026, 3, 1, tzinfo=Zone()), Raises()])
def test_a_time_that_raises_is_now(value: Any) -> None:
    assert json.loads(body({"user_id": "u", "action_type": "a", "timestamp": value}, Redaction())[1])["timestamp"]


def test_an_empty_id_is_made() -> None:
    id_, text = body({"user_id": "u", "action_type": "a", "id": ""}, Redaction())
    assert json.loads(text)["id"] == id_ != ""


def test_everything_that_raises_at_once_costs_no_activity(client: Client, server: ScriptedServer) -> None:
    names = ["id", "success", "ip_address", "tenant_id", "endpoint", "http_method", "error_message", "session_id"]
    fields: Any = {**{name: Raises() for name in names}, "details": Gone(), "changes": "x"}
    assert client.record("u-1", "a", **fields)
    assert client.flush(PATIENCE)
    assert server.activities[0]["user_id"] == "u-1"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (12.5, 13),
        (12.49, 12),
        (13.5, 14),
        (0.5, 1),
        (0.49999999999999994, 0),
        ("2.5", 3),
        (-0.5, 0),
        (2**53 + 1.0, 2**31 - 1),
    ],
)
def test_a_duration_is_rounded_half_up(given: Any, kept: int) -> None:
    activity = json.loads(body({"user_id": "u", "action_type": "a", "duration_ms": given}, Redaction())[1])
    assert activity["duration_ms"] == kept
