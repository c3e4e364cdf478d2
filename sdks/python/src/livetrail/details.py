"""`details` and `changes`: from whatever Python holds to JSON that the server takes, clean and without secrets."""

import json
import math
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from .limits import JSON_BYTES, JSON_LEVELS
from .redact import REDACTED, Named, Redaction, looks_like_credential
from .text import as_text

TOO_LARGE = "larger than 64 KiB"
TOO_DEEP = "nested too deeply"
_LARGEST_INTEGER = 2**64
_SMALLEST_INTEGER = -(2**63)
# No JSON value takes less than two bytes with its comma, so more of them cannot fit.
_MOST_VALUES = JSON_BYTES // 2
# Redaction may shorten a text, so a longer one than the limit may still fit; one like this is not even searched.
_LONGEST_TEXT = 8 * JSON_BYTES
_LISTS = (list, tuple, set, frozenset)
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
        text = compact(pass_.details(details if isinstance(details, Mapping) else {"value": details}))
    except _TooLargeError:
        return compact({"omitted": TOO_LARGE})
    return text if _fits(text) else compact({"omitted": TOO_LARGE})


def changes_json(changes: Any, redaction: Redaction) -> str:
    """The JSON text of `{field: {"from": …, "to": …}}`, where a secret field keeps its sides: the server wants them."""
    too_large = compact({"omitted": {"from": None, "to": TOO_LARGE}})
    try:
        pass_ = _Pass(redaction)
        text = compact(pass_.changes(_items(changes)))
    except _TooLargeError:
        return too_large
    return text if _fits(text) else too_large


# Made once, as making one takes longer than most activities take to be written.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)


def compact(value: Any) -> str:
    """JSON as the server measures it."""
    return _ENCODER.encode(value)


def _items(changes: Any) -> list[tuple[str, Any]]:
    return [(as_text(field), sides) for field, sides in dict(changes).items()]


def _is_pair(item: Any) -> bool:
    return isinstance(item, (list, tuple)) and len(item) == 2 and isinstance(item[0], str)


def _plain(key: str) -> str:
    return key.replace("_", "").lower()


def _put(fields: dict[str, Any], key: str, value: Any) -> None:
    """Keys that redaction makes equal get numbers, so that no field is lost."""
    name, number = key, 2
    while REDACTED in key and name in fields:
        name, number = f"{key} {number}", number + 1
    fields[name] = value


def _fits(text: str) -> bool:
    return len(text) <= JSON_BYTES and (text.isascii() or len(text.encode()) <= JSON_BYTES)


class _Pass:
    """One pass over a value, which ends early when it is certain that the result is too large."""

    def __init__(self, redaction: Redaction) -> None:
        self._redaction = redaction
        self._values = 0
        self._open: set[int] = set()

    def value(self, value: Any, level: int) -> Any:
        self._values += 1
        if self._values > _MOST_VALUES:
            raise _TooLargeError
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str) and not isinstance(value, Enum):
            return self._text(value)
        if isinstance(value, (Mapping, *_LISTS)):
            return self._container(value, level)
        return self._scalar(value)

    def details(self, details: Mapping[Any, Any]) -> Any:
        return self._container(details, 1, is_details=True)

    def changes(self, changes: list[tuple[str, Any]]) -> dict[str, Any]:
        written: dict[str, Any] = {}
        for field, sides in changes:
            named = self._redaction.named(field)
            if named and isinstance(sides, Mapping):
                value: Any = {as_text(side): self._entry(named, value, 3) for side, value in sides.items()}
            else:
                value = self._entry(named, sides, 2)
            _put(written, self._redaction.key(field), value)
        return written

    def _container(self, value: Any, level: int, *, is_details: bool = False) -> Any:
        """A container at the last level could hold nothing, and one that holds itself would never end."""
        if level >= JSON_LEVELS or id(value) in self._open:
            return TOO_DEEP
        self._open.add(id(value))
        try:
            if isinstance(value, Mapping):
                return self._object(value, level, is_details=is_details)
            pairs = bool(value) and level + 1 < JSON_LEVELS and all(map(_is_pair, value))
            return [self._pair(item, level + 1) if pairs else self.value(item, level + 1) for item in value]
        finally:
            self._open.discard(id(value))

    def _object(self, value: Mapping[Any, Any], level: int, *, is_details: bool) -> dict[str, Any]:
        fields = [(as_text(key), entry) for key, entry in value.items()]
        of_name = self._named_by_value(fields)
        written: dict[str, Any] = {}
        for key, entry in fields:
            named = self._redaction.named(key) or (of_name if _plain(key) in _VALUE_KEYS else None)
            if is_details and key.lower() in _SESSION_KEYS and isinstance(entry, str) and looks_like_credential(entry):
                # The server makes a keyed hash of it.
                result: Any = as_text(entry)
            else:
                result = self._entry(named, entry, level + 1)
            _put(written, self._redaction.key(key), result)
        return written

    def _named_by_value(self, fields: list[tuple[str, Any]]) -> Named | None:
        """How an object names a secret whose value it gives beside the name."""
        names = (value for key, value in fields if key.lower() in _NAME_KEYS and isinstance(value, str))
        return next(filter(None, map(self._redaction.named, names)), None)

    def _pair(self, pair: Any, level: int) -> Any:
        name, value = pair
        named = self._redaction.named(as_text(name))
        if named is None:
            return self.value(pair, level)
        return [self.value(name, level + 1), self._entry(named, value, level + 1)]

    def _entry(self, named: Named | None, value: Any, level: int) -> Any:
        plain = value.value if isinstance(value, Enum) else value
        return self._redaction.blot() if self._redaction.is_secret(plain, named) else self.value(value, level)

    def _text(self, text: str) -> str:
        if len(text) > _LONGEST_TEXT:
            raise _TooLargeError
        return self._redaction.text(as_text(text))

    def _scalar(self, value: Any) -> Any:
        """Numbers that JSON has stay numbers; everything else is shown as Python shows it."""
        if isinstance(value, Enum):
            return self.value(value.value, JSON_LEVELS)
        if isinstance(value, int) and _SMALLEST_INTEGER <= value < _LARGEST_INTEGER:
            return self._redaction.number(int(value))
        if isinstance(value, float) and math.isfinite(value):
            return self._redaction.number(float(value))
        if isinstance(value, date):
            return value.isoformat()
        return self._text(as_text(value))
