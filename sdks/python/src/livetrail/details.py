"""`details` and `changes`: from whatever Python holds to JSON that the server takes, clean and without secrets."""

import json
import math
from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import Any

from .data import TOO_LARGE, as_data
from .limits import JSON_BYTES, JSON_DEPTH
from .redact import REDACTED, Named, Redaction, looks_like_credential
from .text import UNREADABLE, as_text

TOO_DEEP = "nested too deeply"
_MAX_INTEGER = 2**64
_MIN_INTEGER = -(2**63)
# No JSON value takes less than two bytes with its comma, so more of them cannot fit.
_MAX_VALUES = JSON_BYTES // 2
# Redaction may shorten a text, so a longer one than the limit may still fit. One of more bytes is not even searched.
_MAX_TEXT = 4 * JSON_BYTES
_LISTS = (list, tuple, set, frozenset)
# Headers are bytes in ASGI, httpx and Kafka.
_NAMES = (str, bytes)
_SIDES = {"from", "to"}
_SESSION_KEYS = {"session_id", "sessionid"}
# Lists of names and values, as HAR files, headers and audit records have them.
_NAME_KEYS = {"name", "key", "field", "header", "k"}
_VALUE_KEYS = {"value", "v", "from", "to", "old", "new", "before", "after", "oldvalue", "newvalue"}


class _TooLargeError(Exception):
    pass


def details_json(details: Any, redaction: Redaction) -> str:
    """The JSON text of an object. What is no object is put into one; what is too large leaves a marker."""
    try:
        pass_ = _Pass(redaction)
        details = readable(details)
        written = pass_.details(details if isinstance(details, Mapping) else {"value": details})
        text = compact(written if isinstance(written, dict) else {"value": written})
    except _TooLargeError:
        return compact({"omitted": TOO_LARGE})
    return text if _fits(text) else compact({"omitted": TOO_LARGE})


def changes_json(changes: Any, redaction: Redaction) -> str:
    """The JSON text of `{field: {"from": …, "to": …}}`, where a secret field keeps its sides: the server wants them.

    The server refuses an activity with any other form, so what has no sides becomes `to`.
    """
    too_large = compact({"omitted": {"from": None, "to": TOO_LARGE}})
    try:
        pass_ = _Pass(redaction)
        text = compact(pass_.changes(_changed(readable(changes))))
    except _TooLargeError:
        return too_large
    return text if _fits(text) else too_large


# Made once, as making one takes longer than most activities take to be written.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)


def compact(value: Any) -> str:
    """JSON as the server measures it."""
    return _ENCODER.encode(value)


def _changed(changes: Any) -> list[tuple[str, Any]]:
    """The fields and what is told of each."""
    if isinstance(changes, (list, tuple)) and all(map(_is_pair, changes)):
        changes = dict(changes)
    fields = _fields_of(changes) if isinstance(changes, Mapping) else None
    return [("value", UNREADABLE if isinstance(changes, Mapping) else changes)] if fields is None else fields


def _sides(told: Any) -> list[tuple[str, Any]]:
    sides = _fields_of(told) if isinstance(told, Mapping) else None
    if sides and _SIDES.issuperset(side for side, _ in sides):
        return sides
    return [("from", None), ("to", told)]


def _fields_of(value: Mapping[Any, Any]) -> list[tuple[str, Any]] | None:
    """The fields of an object, as many as can fit; None if it raises when it is read."""
    try:
        return [(as_text(key), entry) for key, entry in islice(value.items(), _MAX_VALUES + 1)]
    except Exception:
        return None


def readable(value: Any) -> Any:
    """A value as data. One that raises when it is read costs itself, and not what is told with it."""
    try:
        return as_data(value)
    except Exception:
        return as_text(value)


def _is_pair(item: Any) -> bool:
    return isinstance(item, (list, tuple)) and len(item) == 2 and isinstance(item[0], _NAMES)


def _session_id(key: str, entry: Any) -> str | None:
    """A session id that could be a credential goes as it is: the server makes a keyed hash of it."""
    if key.lower() not in _SESSION_KEYS or not isinstance(entry, str):
        return None
    text = as_text(entry)
    return text if looks_like_credential(text) else None


def _plain(key: str) -> str:
    return key.replace("_", "").lower()


class _Fields:
    """The fields of an object that is being written."""

    def __init__(self) -> None:
        self.written: dict[str, Any] = {}
        # The last number that was given to a key, so that each is tried once, however many fields become equal.
        self._numbers: dict[str, int] = {}

    def put(self, key: str, value: Any) -> None:
        """Keys that redaction makes equal get numbers, so that no field is lost."""
        name = key
        while REDACTED in key and name in self.written:
            number = self._numbers[key] = self._numbers.get(key, 1) + 1
            name = f"{key} {number}"
        self.written[name] = value


def _fits(text: str) -> bool:
    return not _is_longer(text, JSON_BYTES)


def _is_longer(text: str, most: int) -> bool:
    """Whether a text has more than so many bytes. It is encoded only where its characters leave that open."""
    return len(text) > most or (4 * len(text) > most and _bytes(text) > most)


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))


class _Pass:
    """One pass over a value, which ends early when it is certain that the result is too large."""

    def __init__(self, redaction: Redaction) -> None:
        self._redaction = redaction
        self._values = 0
        # Bytes so far, in texts and keys alone: fewer than the JSON has, so that nothing is given up too early.
        self._bytes = 0
        self._open: set[int] = set()

    def value(self, value: Any, level: int) -> Any:
        self._values += 1
        if self._values > _MAX_VALUES:
            raise _TooLargeError
        if value is None or value is True or value is False:
            return value
        data = readable(value)
        if isinstance(data, str):
            return self._text(data)
        if isinstance(data, (Mapping, *_LISTS)):
            return self._container(data, level, of=value)
        return self._scalar(data)

    def details(self, details: Mapping[Any, Any]) -> Any:
        return self._container(details, 1, is_details=True)

    def changes(self, changes: list[tuple[str, Any]]) -> dict[str, Any]:
        written = _Fields()
        for field, told in changes:
            named = self._redaction.named(field)
            sides = {side: self._entry(named, value, 3) for side, value in _sides(readable(told))}
            written.put(self._key(field), sides)
        return written.written

    def _container(self, value: Any, level: int, *, is_details: bool = False, of: Any = None) -> Any:
        """A container at the last level could hold nothing, and one that holds itself would never end.

        `of` is the object whose data it is.
        """
        identity = id(value if of is None else of)
        if level >= JSON_DEPTH or identity in self._open:
            return TOO_DEEP
        self._open.add(identity)
        try:
            if isinstance(value, Mapping):
                return self._object(value, level, is_details=is_details)
            return self._list(value, level)
        finally:
            self._open.discard(identity)

    def _list(self, value: Any, level: int) -> Any:
        try:
            items = list(islice(value, _MAX_VALUES + 1))
        except Exception:
            return UNREADABLE
        pairs = bool(items) and level + 1 < JSON_DEPTH and all(map(_is_pair, items))
        return [self._pair(item, level + 1) if pairs else self.value(item, level + 1) for item in items]

    def _object(self, value: Mapping[Any, Any], level: int, *, is_details: bool) -> Any:
        fields = _fields_of(value)
        if fields is None:
            return UNREADABLE
        of_name = self._named_by_value(fields)
        written = _Fields()
        for key, entry in fields:
            named = self._redaction.named(key) or (of_name if _plain(key) in _VALUE_KEYS else None)
            session_id = _session_id(key, entry) if is_details and named is None else None
            written.put(self._key(key), session_id or self._entry(named, entry, level + 1))
        return written.written

    def _key(self, key: str) -> str:
        if _is_longer(key, _MAX_TEXT):
            raise _TooLargeError
        return self._counted(self._redaction.key(key))

    def _named_by_value(self, fields: list[tuple[str, Any]]) -> Named | None:
        """How an object names a secret whose value it gives beside the name."""
        names = (as_text(value) for key, value in fields if key.lower() in _NAME_KEYS and isinstance(value, _NAMES))
        return next(filter(None, map(self._redaction.named, names)), None)

    def _pair(self, pair: Any, level: int) -> Any:
        name, value = pair
        named = self._redaction.named(as_text(name))
        if named is None:
            return self.value(pair, level)
        return [self.value(name, level + 1), self._entry(named, value, level + 1)]

    def _entry(self, named: Named | None, value: Any, level: int) -> Any:
        is_secret = named is not None and self._redaction.is_secret(readable(value), named)
        return self._redaction.blot() if is_secret else self.value(value, level)

    def _text(self, text: str) -> str:
        if _is_longer(text, _MAX_TEXT):
            raise _TooLargeError
        return self._counted(self._redaction.text(as_text(text)))

    def _counted(self, text: str) -> str:
        self._bytes += _bytes(text)
        if self._bytes > JSON_BYTES:
            raise _TooLargeError
        return text

    def _scalar(self, value: Any) -> Any:
        """Numbers that JSON has stay numbers; everything else is shown as Python shows it."""
        if value is None or value is True or value is False:
            return value
        if isinstance(value, int) and _MIN_INTEGER <= value < _MAX_INTEGER:
            return self._redaction.number(int(value))
        if isinstance(value, float) and math.isfinite(value):
            return self._redaction.number(float(value))
        if isinstance(value, date):
            return value.isoformat()
        return self._text(as_text(value))
