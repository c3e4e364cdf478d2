"""Arguments that only Python has."""

import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any
from uuid import UUID

import pytest

from livetrail.redact import Redaction
from livetrail.shape import body
from livetrail.uuid7 import uuid7


class Method(str, Enum):
    """As `http.HTTPMethod` of Python 3.11 is."""

    PATCH = "PATCH"


class Action(str, Enum):
    LOGIN = "user_login"


def sent(**fields: Any) -> dict[str, Any]:
    activity = json.loads(body({"user_id": "u", "action_type": "a", **fields}, Redaction())[1])
    return {name: activity.get(name) for name in fields}


def test_enumerations_uuids_exceptions_and_addresses_are_understood() -> None:
    assert sent(
        user_id=UUID(int=1),
        action_type=Action.LOGIN,
        http_method=Method.PATCH,
        status_code=HTTPStatus.NOT_FOUND,
        error_message=ValueError("no such user"),
        ip_address=ip_address("2001:db8::1"),
    ) == {
        "user_id": "00000000-0000-0000-0000-000000000001",
        "action_type": "user_login",
        "http_method": "PATCH",
        "status_code": 404,
        "error_message": "no such user",
        "ip_address": "2001:db8::1",
    }


@pytest.mark.parametrize(
    ("given", "written"), [(ValueError("hunter2"), "ValueError"), (KeyError, "KeyError"), ("Late", "Late"), ("", None)]
)
def test_the_type_of_an_error_may_be_given_by_an_exception_or_its_class(given: Any, written: str | None) -> None:
    assert sent(error_type=given) == {"error_type": written}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "soon", [1]])
def test_a_number_that_is_none_is_left_out(value: Any) -> None:
    assert sent(duration_ms=value, status_code=value) == {"duration_ms": None, "status_code": None}


class Timestamp:
    """A time of pandas. Without a zone, it refuses what a time of Python does."""

    def to_pydatetime(self, *, warn: bool) -> datetime:
        assert not warn
        return datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (datetime(2026, 3, 1, 12, 0, 0, 250000, tzinfo=timezone.utc), "2026-03-01T12:00:00.250000Z"),
        (datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=2))), "2026-03-01T12:00:00.000000Z"),
        (1_772_366_400.5, "2026-03-01T12:00:00.500000Z"),
        (Decimal("1772366400.5"), "2026-03-01T12:00:00.500000Z"),
        (Timestamp(), "2026-03-01T12:00:00.000000Z"),
        ("2026-03-01T12:00:00+02:00", "2026-03-01T12:00:00+02:00"),
    ],
)
def test_moments_are_written_in_utc_with_microseconds(given: Any, written: str) -> None:
    assert sent(timestamp=given) == {"timestamp": written}


def test_a_time_without_a_zone_is_local_time() -> None:
    naive = datetime(2026, 3, 1, 12)
    assert sent(timestamp=naive) == sent(timestamp=naive.astimezone(timezone.utc))


@pytest.mark.parametrize("value", [1_772_366_400_000, float("nan"), object()])
def test_what_is_no_time_is_recorded_as_of_now(value: Any) -> None:
    assert str(sent(timestamp=value)["timestamp"])[:3] == "202"


def test_a_misspelt_field_is_left_out_with_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    assert sent(usr_agent="x") == {"usr_agent": None}
    sent(usr_agent="x")
    assert [record.getMessage().split(" and")[0] for record in caplog.records] == [
        "'usr_agent' is no field of an activity"
    ]


def test_ids_are_of_version_7_all_different_and_in_the_order_of_time() -> None:
    ids = [uuid7() for _ in range(10_000)]
    assert {UUID(id_).version for id_ in ids} == {7}
    assert len(set(ids)) == len(ids)
    assert [id_[:13] for id_ in ids] == sorted(id_[:13] for id_ in ids)
