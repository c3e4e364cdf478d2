"""Arrays, rows, tables and views: as data their secrets have names, as text they would not."""

import importlib
import json
import sqlite3
from array import array
from collections import ChainMap, OrderedDict, UserDict, UserList, UserString, deque
from collections.abc import ItemsView, Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from starlette.datastructures import FormData, QueryParams
from werkzeug.datastructures import Headers, MultiDict

from livetrail.data import as_data
from livetrail.details import changes_json, details_json
from livetrail.redact import REDACTED, Redaction

# By name, because the type checkers need not know it.
np: Any = importlib.import_module("numpy")
LOGIN = {"user": "ada", "password": "hunter2"}
SAFE = {"user": "ada", "password": REDACTED}
KIND = [("user", "U9"), ("password", "U9")]
RECORDS = np.array([("ada", "hunter2")], dtype=KIND)
NESTED = np.array(
    [("ada", ("hunter2", 7), [1, 2])],
    dtype=[("user", "U9"), ("login", [("password", "U9"), ("n", "i4")]), ("days", "i4", (2,))],
)


def sent(value: Any) -> Any:
    return json.loads(details_json({"value": value}, Redaction()))["value"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (RECORDS, [SAFE]),
        (RECORDS[0], SAFE),
        (RECORDS.reshape(()), SAFE),
        (RECORDS.reshape(1, 1), [[SAFE]]),
        (RECORDS.view(np.recarray), [SAFE]),
        (RECORDS.view(np.recarray)[0], SAFE),
        (np.ma.array(RECORDS), [SAFE]),
        (np.ma.array(RECORDS)[0], SAFE),
        (NESTED, [{"user": "ada", "login": {"password": REDACTED, "n": 7}, "days": [1, 2]}]),
        (np.zeros(200_000, dtype=KIND), "larger than 64 KiB"),
        (np.array([LOGIN], dtype=object), [SAFE]),
        (np.array([[1, 2.5]]), [[1, 2.5]]),
        (np.ma.array([1, 2], mask=[False, True]), [1, None]),
        (np.bool_(True), True),
        (np.zeros(10**6), "[0. 0. 0. ... 0. 0. 0.]"),
    ],
    ids=repr,
)
def test_the_fields_of_numpys_records_have_names(value: Any, expected: Any) -> None:
    assert sent(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (LOGIN.items(), SAFE),
        (OrderedDict(LOGIN).items(), SAFE),
        (UserDict(LOGIN).items(), SAFE),
        (ChainMap(LOGIN).items(), SAFE),
        (LOGIN.keys(), ["user", "password"]),
        ({"a": LOGIN}.values(), [SAFE]),
        (UserDict({"a": LOGIN}).values(), [SAFE]),
        (deque([LOGIN]), [SAFE]),
        (deque(LOGIN.items()), [["user", "ada"], ["password", REDACTED]]),
        (UserList([LOGIN]), [SAFE]),
        (array("i", [1, 2]), [1, 2]),
        (Headers({"Cookie": "a=b", "Accept": "x"}), {"Cookie": REDACTED, "Accept": "x"}),
        (b"ab", "b'ab'"),
        (bytearray(b"ab"), "bytearray(b'ab')"),
        (range(3), "range(0, 3)"),
        (UserString("ada"), "ada"),
    ],
    ids=repr,
)
def test_views_and_other_collections_are_objects_and_lists(value: Any, expected: Any) -> None:
    assert sent(value) == expected


def test_a_view_may_be_all_that_there_is() -> None:
    assert json.loads(details_json(LOGIN.items(), Redaction())) == SAFE
    changes = {"plan": {"from": "a", "to": "b"}, "password": {"from": None, "to": "x"}}
    assert json.loads(changes_json(changes.items(), Redaction())) == {
        "plan": {"from": "a", "to": "b"},
        "password": {"from": None, "to": REDACTED},
    }


QUERY = "tag=a&tag=b&password=hunter2&page=2"
PAIRS: Any = parse_qsl(QUERY)


@pytest.mark.parametrize(
    "form", [MultiDict(PAIRS), Headers(PAIRS), FormData(PAIRS), QueryParams(QUERY), MultiDict(PAIRS).copy()]
)
def test_a_key_that_comes_twice_in_a_form_is_a_list(form: Any) -> None:
    expected = {"tag": ["a", "b"], "password": REDACTED, "page": "2"}
    assert sent(form) == expected
    assert json.loads(details_json(form, Redaction())) == expected


class Query(UserDict[str, str]):
    """The parameters of a query, which may come twice."""

    def items(self) -> ItemsView[str, str]:
        return QueryItems(self)


class QueryItems(ItemsView[str, str]):
    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter([("a", "1"), ("a", "2"), ("password", "x")])


def test_a_key_that_comes_twice_in_a_view_is_not_lost() -> None:
    assert sent(Query({}).items()) == [["a", "1"], ["a", "2"], ["password", REDACTED]]


def test_a_row_of_sqlite_has_its_columns() -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.row_factory = sqlite3.Row
        row = connection.execute("select 'ada' as user, 'hunter2' as password").fetchone()
    connection.close()
    assert sent([row]) == [SAFE]


class Selected:
    """A row of SQLAlchemy's `select`, as far as it can be told from outside."""

    _fields = ("user", "password")
    _mapping = LOGIN

    def __str__(self) -> str:
        return str(tuple(LOGIN.values()))


class Table:
    """A table of pandas: a column for each key, so many values in all."""

    def __init__(self, size: int) -> None:
        self.size = size

    def keys(self) -> Iterator[str]:
        return iter(LOGIN)

    def __getitem__(self, key: str) -> str:
        return LOGIN[key]


@pytest.mark.parametrize(
    ("value", "expected"), [(Selected(), SAFE), (Table(2), SAFE), (Table(10**9), "larger than 64 KiB")]
)
def test_rows_and_tables_of_libraries_are_known_by_how_they_look(value: Any, expected: Any) -> None:
    assert sent(value) == expected


def test_a_huge_collection_is_not_copied_whole() -> None:
    assert len(as_data(deque(range(10**6)))) == 100_000
    assert json.loads(details_json({"value": deque(range(10**6))}, Redaction())) == {"omitted": "larger than 64 KiB"}
