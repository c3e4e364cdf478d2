"""From the arguments of `record()` to the body that is sent.

Nothing that an application or its visitors can put into an activity may lose it, or the others in its batch. What is
too long is cut. What is not an address or number, or raises when it is read, is left out. Secrets are replaced. Only an
activity without a user or an action is none.
"""

import logging
import math
from collections.abc import Callable, Mapping
from typing import Any

from .address import read_address
from .details import changes_json, compact, details_json
from .fields import Fields
from .limits import COUNT, MAX_TEXT, SEARCHED_TEXT, SESSION_TOKEN
from .moment import moment
from .redact import Redaction, looks_like_credential
from .text import as_text, cut_with_mark
from .uuid7 import uuid7

log = logging.getLogger("livetrail")
_KNOWN = Fields.__optional_keys__ | {"user_id", "action_type"}
_TRUE = {"true", "t", "1", "yes", "y", "on"}
_FALSE = {"false", "f", "0", "no", "n", "off", ""}
_warned: set[str] = set()
# The server refuses one with a secret in it, because a replacement would name another action or tenant.
_IDENTIFIERS = {"action_type", "tenant_id"}
_DELEGATE_TYPES = {"user", "agent", "service"}


class NoActivityError(ValueError):
    """There is no user or no action, so there is nothing to record."""


def body(fields: Mapping[str, Any], redaction: Redaction) -> tuple[str, str]:
    """The id of the activity and its JSON text."""
    _warn_of_unknown(fields)
    activity = {name: _flat(name, value, redaction) for name, value in fields.items() if value is not None}
    for name in ("user_id", "action_type"):
        if not activity.get(name):
            raise NoActivityError(f"an activity needs {name}")
    if not activity.get("delegate_id"):
        # The server refuses a type without an id.
        activity.pop("delegate_type", None)
    activity["id"] = activity.get("id") or uuid7()
    activity["timestamp"] = moment(fields.get("timestamp"))
    parts = [compact({name: value for name, value in activity.items() if value is not None})[:-1]]
    if fields.get("details") is not None:
        parts.append(f',"details":{details_json(fields["details"], redaction)}')
    if fields.get("changes") is not None:
        parts.append(f',"changes":{changes_json(fields["changes"], redaction)}')
    return activity["id"], "".join([*parts, "}"])


def _flat(name: str, value: Any, redaction: Redaction) -> Any:
    """The value of a field that is no object; None where it is to be left out."""
    if name in _IDENTIFIERS:
        return as_text(value)[: MAX_TEXT[name]] or None
    if name in _READERS:
        try:
            return _READERS[name](value, redaction)
        except Exception:  # Of an object of the application, which raises when it is read.
            return None
    if name in MAX_TEXT:
        # Secrets first: one that is cut in half is not recognised any more.
        return redaction.text(as_text(value)[:SEARCHED_TEXT])[: MAX_TEXT[name]] or None
    return None


def _endpoint(value: Any, redaction: Redaction) -> str | None:
    # The query string is where tokens and searches stand.
    path = as_text(value).partition("?")[0].partition("#")[0]
    return redaction.path(path[:SEARCHED_TEXT])[: MAX_TEXT["endpoint"]] or None


def _error_message(value: Any, redaction: Redaction) -> str | None:
    return cut_with_mark(redaction.text(as_text(value)[:SEARCHED_TEXT]), MAX_TEXT["error_message"]) or None


def _error_type(value: Any, redaction: Redaction) -> str | None:
    """Of an exception, or of its class, the name. Its words may be secret."""
    if isinstance(value, BaseException):
        value = type(value)
    name = value.__name__ if isinstance(value, type) else as_text(value)
    return redaction.text(name[:SEARCHED_TEXT])[: MAX_TEXT["error_type"]] or None


def _session_id(value: Any, redaction: Redaction) -> str | None:
    """One that could be a credential goes as it is: the server makes a keyed hash of it."""
    text = as_text(value)
    if looks_like_credential(text):
        return text[:SESSION_TOKEN] or None
    return redaction.text(text[:SEARCHED_TEXT])[: MAX_TEXT["session_id"]] or None


def _status(value: Any, _: Redaction) -> int | None:
    status = _whole(value)
    return status if status is not None and 100 <= status <= 599 else None


def _count(value: Any, _: Redaction) -> int | None:
    """A clock that goes backwards took no time; the server's column holds no more than so much."""
    count = _whole(value)
    return None if count is None else max(0, min(count, COUNT))


def _whole(value: Any) -> int | None:
    """Rounded half up, as the server does; `round` would make 12 of 12.5."""
    number = float(value)
    if not math.isfinite(number):
        return None
    below = math.floor(number)
    return below + (number - below >= 0.5)


def _delegate_type(value: Any, _: Redaction) -> str | None:
    kind = as_text(value).strip().lower()
    return kind if kind in _DELEGATE_TYPES else None


def _truth(value: Any) -> bool | None:
    """Forms and sheets have truths as text. One that says neither is left out: the server goes by the status then."""
    if not isinstance(value, str):
        return bool(value)
    word = value.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


_READERS: dict[str, Callable[[Any, Redaction], Any]] = {
    "id": lambda value, _: str(value),
    "http_method": lambda value, _: as_text(value)[: MAX_TEXT["http_method"]].upper() or None,
    "endpoint": _endpoint,
    "error_message": _error_message,
    "error_type": _error_type,
    "session_id": _session_id,
    "status_code": _status,
    "duration_ms": _count,
    "db_query_count": _count,
    "ip_address": lambda value, _: read_address(as_text(value)),
    "success": lambda value, _: _truth(value),
    "is_admin": lambda value, _: _truth(value) or None,
    "delegate_type": _delegate_type,
}


def _warn_of_unknown(fields: Mapping[str, Any]) -> None:
    """The server would refuse the activity; a misspelt name must not lose it."""
    for name in () if fields.keys() <= _KNOWN else fields.keys() - _KNOWN - _warned:
        _warned.add(name)
        log.warning("%r is no field of an activity and is left out; what has no field belongs into details", name)
