"""When something happened, as the wire writes it."""

import logging
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

from .text import as_text

log = logging.getLogger("livetrail")


def moment(value: Any = None) -> Any:
    """RFC 3339 in UTC with microseconds; None is now, a number is epoch seconds.

    A time without a zone is local time, as everywhere in Python. Text goes to the server as it is.
    """
    if value is None:
        return _written(datetime.now(timezone.utc))
    if isinstance(value, str):
        return value
    try:
        return _written(_in_utc(value))
    except Exception:  # An object of the application may raise anything.
        log.warning(
            "%s is no time (epoch seconds, not milliseconds): the activity is recorded as of now", as_text(value)
        )
        return _written(datetime.now(timezone.utc))


def _in_utc(value: Any) -> datetime:
    if hasattr(value, "to_pydatetime"):
        # Times of pandas without a zone refuse what those of Python do.
        value = value.to_pydatetime(warn=False)
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc)
    # Drivers of databases have numbers with a fraction as decimals.
    return datetime.fromtimestamp(float(value) if isinstance(value, Decimal) else value, timezone.utc)


def _written(time: datetime) -> str:
    return time.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
