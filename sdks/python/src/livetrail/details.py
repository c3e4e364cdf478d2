"""`details` and `changes`: from whatever Python holds to JSON that the server takes, clean and without secrets."""

import json
import math
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from .limits import JSON_BYTES, JSON_LEVELS
from .redact import Redaction
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


class _TooLargeError(Exception):
    pass


def details_json(details: Any, redaction: Redaction) -> str:
    """The JSON text of an object. What is no object is put into one; what is too large leaves a marker."""
    try:
        pass_ = _Pass(redaction)
        text = compact(pass_.value(details if isinstance(details, Mapping) else {"value": details}, 1))
    except _TooLargeError:
        return compact({"omitted": TOO_LARGE})
    return text if _fits(text) else compact({"omitted": TOO_LARGE})


def changes_json(changes: Any, redaction: Redaction) -> str:
    """The JSON text of `{field: {"from": …, "to": …}}`, where a secret field keeps its sides: the server wants them."""
    too_large = compact({"omitted": {"from": None, "to": TOO_LARGE}})
    try:
        pass_ = _Pass(redaction)
        text = compact({field: pass_.change(field, sides) for field, sides in _items(changes)})
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

    def change(self, field: str, sides: Any) -> Any:
        if self._redaction.is_secret_key(field) and isinstance(sides, Mapping):
            return {as_text(side): self._redaction.blot(value) for side, value in sides.items()}
        return self.value(sides, 2)

    def _container(self, value: Any, level: int) -> Any:
        """A container at the last level could hold nothing, and one that holds itself would never end."""
        if level >= JSON_LEVELS or id(value) in self._open:
            return TOO_DEEP
        self._open.add(id(value))
        try:
            if isinstance(value, Mapping):
                return {as_text(key): self._entry(as_text(key), entry, level + 1) for key, entry in value.items()}
            return [self.value(item, level + 1) for item in value]
        finally:
            self._open.discard(id(value))

    def _entry(self, key: str, value: Any, level: int) -> Any:
        return self._redaction.blot(value) if self._redaction.is_secret_key(key) else self.value(value, level)

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
            return float(value)
        if isinstance(value, date):
            return value.isoformat()
        return self._text(as_text(value))
