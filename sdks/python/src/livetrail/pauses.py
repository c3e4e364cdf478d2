"""Whether there is a next attempt, and how long to wait before it."""

import random
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

FIRST = 0.2
LONGEST = 30.0
MAX_RETRY_AFTER = 300.0


def is_transient(status: int) -> bool:
    """Whether the same request may be answered otherwise later."""
    return status in (408, 429) or status >= 500


def may_be_stored(status: int) -> bool:
    """Whether the server may have stored a request that is answered so: its database or a proxy may have failed later.

    With 4xx it has not taken the request in.
    """
    return not 400 <= status < 500


def jittered(attempt: int) -> float:
    """Full jitter: many clients that lost the same server must not come back at the same moment."""
    return random.uniform(0, min(LONGEST, FIRST * 2 ** min(attempt, 16)))


def retry_after(value: str, now: datetime | None = None) -> float:
    """Seconds, from either form that the header may have: a number or a date. What is neither asks for nothing."""
    value = value.strip()
    try:
        seconds = float(value) if value.isdigit() else _seconds_until(value, now or datetime.now(timezone.utc))
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), MAX_RETRY_AFTER)


def _seconds_until(date: str, now: datetime) -> float:
    moment = parsedate_to_datetime(date)
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp() - now.timestamp()
