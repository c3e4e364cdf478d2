"""What Python has and JSON has not."""

import json
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from time import process_time
from types import SimpleNamespace
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field

from livetrail.details import _Fields, changes_json, details_json
from livetrail.redact import REDACTED, Redaction


class Plan(Enum):
    PRO = "pro"


class Level(IntEnum):
    HIGH = 3


class Role(str, Enum):
    ADMIN = "admin"


@dataclass
class Point:
    x: int


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError("no")


def sent(details: Any) -> Any:
    return json.loads(details_json(details, Redaction()))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (2**64 - 1, 2**64 - 1),
        (2**64, str(2**64)),
        (-(2**63) - 1, str(-(2**63) - 1)),
        (10**400, str(10**400)),
        (True, True),
        (Plan.PRO, "pro"),
        (Level.HIGH, 3),
        (Role.ADMIN, "admin"),
        (Decimal("1.10"), "1.10"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 12, tzinfo=timezone.utc), "2026-03-01T12:00:00+00:00"),
        (Point(1), {"x": 1}),
        (b"ab", "b'ab'"),
        (("a", 1), ["a", 1]),
        ({"a"}, ["a"]),
        (OrderedDict(a=1), {"a": 1}),
        ({1: "a", None: "b", Plan.PRO: "c"}, {"1": "a", "None": "b", "pro": "c"}),
        ("half \ud83d of a character", "half \ufffd of a character"),
    ],
)
def test_what_json_has_not_becomes_text(value: Any, expected: Any) -> None:
    assert sent({"value": value}) == {"value": expected}


def test_what_holds_itself_ends() -> None:
    endless: dict[str, Any] = {"a": 1}
    endless["self"] = [endless]
    assert sent(endless) == {"a": 1, "self": ["nested too deeply"]}


def test_what_is_shared_is_written_twice() -> None:
    shared = {"a": 1}
    assert sent({"x": shared, "y": shared}) == {"x": shared, "y": shared}


def test_what_doubles_at_each_level_ends_soon() -> None:
    lots: Any = "lots"
    for _ in range(60):
        lots = [lots, lots]
    assert sent({"lots": lots}) == {"omitted": "larger than 64 KiB"}


def test_a_huge_text_is_not_even_searched() -> None:
    assert sent({"text": "4111 " * 20_000_000}) == {"omitted": "larger than 64 KiB"}


def test_redaction_may_make_large_details_fit() -> None:
    assert sent({"password": "x" * 100_000, "plan": "pro"}) == {"password": REDACTED, "plan": "pro"}


def test_the_callers_details_are_not_touched() -> None:
    details = {"password": "x", "list": ["a\0"]}
    details_json(details, Redaction())
    assert details == {"password": "x", "list": ["a\0"]}


def test_further_keys_may_be_named_as_secret() -> None:
    redaction = Redaction(["Licence-Number", "пароль", "--"])
    details = {"licenceNumber": 1, "Пароль": 2, "pwd": 3, "": 4}
    assert json.loads(details_json(details, redaction)) == {
        "licenceNumber": REDACTED,
        "Пароль": REDACTED,
        "pwd": REDACTED,
        "": 4,
    }


def test_redaction_that_is_off_changes_nothing() -> None:
    details = {"password": "x", "card": 4111111111111111}
    assert json.loads(details_json(details, Redaction(on=False))) == details


def test_a_secret_change_keeps_the_side_that_was_nothing() -> None:
    changes = {"api-key": {"from": None, "to": "x"}, "plan": {"from": Plan.PRO, "to": 4111111111111111}}
    assert json.loads(changes_json(changes, Redaction())) == {
        "api-key": {"from": None, "to": REDACTED},
        "plan": {"from": "pro", "to": REDACTED},
    }


def test_a_session_id_may_have_half_of_a_character() -> None:
    assert sent({"session_id": "9f86d081884c7d659a2f\ud800"}) == {"session_id": "9f86d081884c7d659a2f\ufffd"}
    assert sent([{"name": "half \ud800", "value": 1}]) == {"value": [{"name": "half \ufffd", "value": 1}]}


def test_a_session_id_that_is_named_as_secret_is_redacted() -> None:
    session = {"session_id": "9f86d081884c7d659a2feaa0c55ad015"}
    assert sent(session) == session
    assert json.loads(details_json(session, Redaction(["session_id"]))) == {"session_id": REDACTED}


def test_a_session_id_may_be_of_any_length() -> None:
    assert sent({"session_id": "aB" * 500_000}) == {"omitted": "larger than 64 KiB"}


def test_keys_that_redaction_makes_equal_are_numbered() -> None:
    details = {f"Bearer {'a' * 20}{number}": number for number in range(2000)}
    numbered = {f"{REDACTED} {number + 1}" if number else REDACTED: number for number in range(2000)}
    assert sent(details) == numbered


def test_any_number_of_equal_keys_is_numbered_without_trying_each_number_again() -> None:
    fields = _Fields()
    # Were each number tried again, these would be billions of tries.
    for _ in range(100_000):
        fields.put(REDACTED, 1)
    assert len(fields.written) == 100_000


def test_many_large_texts_are_looked_at_no_longer_than_the_server_would() -> None:
    text = "4111 " * 10_000
    begin = process_time()
    assert sent({"texts": [text] * 30_000}) == {"omitted": "larger than 64 KiB"}
    # Were all of them searched, it would take half an hour.
    assert process_time() - begin < 5


def test_what_cannot_be_shown_costs_itself_alone() -> None:
    assert sent({"value": Unprintable(), "other": [1]}) == {"value": "[unreadable]", "other": [1]}


class Login(BaseModel):
    email: str
    password: str
    plan: Plan = Plan.PRO


@dataclass
class Key:
    name: str
    api_key: str
    login: Login


class Pair(NamedTuple):
    user: str
    password: str


class Attrs:
    """What attrs makes of a class, as far as it can be told from outside."""

    __attrs_attrs__ = (
        SimpleNamespace(name="user"),
        SimpleNamespace(name="token"),
        SimpleNamespace(name="pin", repr=False),
    )
    user, token, pin = "ada", "t-1", "1234"


class OldModel:
    """A model of Pydantic 1."""

    __fields__: ClassVar = {"user": None, "secret": None}

    def parse_obj(self) -> None: ...

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter([("user", "ada"), ("secret", "s-1")])


class Row:
    """An instance that SQLAlchemy knows and whose session has ended."""

    __mapper__ = object()

    def __init__(self) -> None:
        self._sa_instance_state = object()
        self.user = "ada"
        self.password = "p-1"

    def __repr__(self) -> str:
        raise RuntimeError("not bound to a session")


class Card(BaseModel):
    """What a model keeps out of its representation, or out of its JSON."""

    model_config = ConfigDict(extra="allow")
    user: str
    pin: str = Field("1234", repr=False)
    note: str = Field("private", exclude=True)

    def __init__(self, user: str) -> None:
        super().__init__(user=user, extra=1)


@dataclass
class Half:
    """A field that is filled in later."""

    user: str
    pin: str = field(default="1234", repr=False)
    later: str = field(init=False)


@dataclass
class DataclassRow:
    """An instance of SQLAlchemy that is a dataclass, too, and whose session has ended."""

    __mapper__ = object()
    user: str
    pin: str = field(default="1234", repr=False)
    orders: list[str] = field(init=False)

    def __getattr__(self, name: str) -> Any:
        assert name != "orders", "the database is asked"
        raise AttributeError(name)


LOGIN = Login(email="a@b.c", password="correct horse battery")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (LOGIN, {"email": "a@b.c", "password": REDACTED, "plan": "pro"}),
        (
            Key("x", "k-1", LOGIN),
            {"name": "x", "api_key": REDACTED, "login": {"email": "a@b.c", "password": REDACTED, "plan": "pro"}},
        ),
        (Pair("ada", "p-1"), {"user": "ada", "password": REDACTED}),
        (Attrs(), {"user": "ada", "token": REDACTED, "pin": REDACTED}),
        (Card("ada"), {"user": "ada", "pin": REDACTED, "note": REDACTED, "extra": 1}),
        (Half("ada"), {"user": "ada", "pin": REDACTED, "later": "[unreadable]"}),
        (OldModel(), {"user": "ada", "secret": REDACTED}),
        (Row(), {"user": "ada", "password": REDACTED}),
        (DataclassRow("ada"), {"user": "ada", "pin": REDACTED}),
        ([LOGIN], [{"email": "a@b.c", "password": REDACTED, "plan": "pro"}]),
        (Login, str(Login)),
    ],
)
def test_objects_of_an_application_are_data_so_that_their_secrets_are_found(value: Any, expected: Any) -> None:
    assert sent({"value": value}) == {"value": expected}


@pytest.mark.parametrize("cookie", [(b"cookie", b"sid=1"), ["cookie", b"sid=1"], (b"set-cookie", "sid=1")])
def test_raw_headers_are_names_and_values(cookie: Any) -> None:
    sides = sent({"headers": [(b"accept", b"*/*"), cookie], "parts": [{"name": b"password", "value": b"x"}]})
    assert [value for _, value in sides["headers"]] == ["b'*/*'", REDACTED]
    assert sides["parts"][0]["value"] == REDACTED


def test_an_object_may_be_all_that_there_is() -> None:
    assert sent(LOGIN) == {"email": "a@b.c", "password": REDACTED, "plan": "pro"}
    changes = json.loads(changes_json({"key": {"from": LOGIN, "to": Pair("ada", "p-1")}}, Redaction()))
    assert changes["key"]["from"]["password"] == changes["key"]["to"]["password"] == REDACTED


@dataclass
class Endless:
    own: Any = None


def test_an_object_that_holds_itself_ends() -> None:
    endless = Endless()
    endless.own = [endless]
    assert sent({"value": endless}) == {"value": {"own": ["nested too deeply"]}}
