"""Passwords of addresses, and one-time credentials in the paths of endpoints."""

import re
from collections.abc import Callable

from .guess import hard_to_guess

Range = tuple[int, int]

REDACTED = "[redacted]"
_AUTHORITY = re.compile(r"[^ \t\n\r\f\"'`<>\\/?#]*")
_END = re.compile(r"[ \t\n\r\f\"'`<>\\]")
_MAX_AUTHORITY = 512
_MIN_PATH_SECRET = 16
_STEP = re.compile(r"[-_.]")
_BEFORE_SECRET = {
    *("reset", "token", "verify", "verification", "confirm", "confirmation"),
    *("activate", "activation", "invite", "magic", "password", "unsubscribe"),
}


def password(text: str, colon: int, at_sign: Callable[[int], int]) -> Range | None:
    """The password in `scheme://user:password@host` (RFC 3986, 3.2.1) around this colon.

    `at_sign` finds the next `@` from a place on, or -1, for passwords with a `/`, `?` or `#`, which connection strings
    have by mistake.
    """
    match = _AUTHORITY.match(text, colon + 3)
    start, end = match.span() if match else (colon, colon)
    user = text.find(":", start, end)
    if user < 0:
        return None
    user += 1
    at = text.rfind("@", start, end)
    if at < 0:
        at = _beyond(text, colon, user, end, at_sign)
    return (user, at) if user < at and text[user:at] != REDACTED else None


def _beyond(text: str, colon: int, user: int, end: int, at_sign: Callable[[int], int]) -> int:
    """The `@` behind what looks like the end of the authority: not in web addresses, and not behind a port."""
    after = text[user:end]
    if text.endswith(("http", "https"), 0, colon) or not after or (after.isascii() and after.isdigit()):
        return -1
    at = at_sign(end)
    is_near = 0 <= at <= end + _MAX_AUTHORITY and len(text[end:at].encode()) <= _MAX_AUTHORITY
    return at if is_near and not _END.search(text, end, at) else -1


def secrets_of_path(path: str) -> list[Range]:
    """The steps of a path that are one-time credentials: hard to guess, behind a step that says what they are for."""
    found, start, expected = [], 0, False
    for step in path.split("/"):
        if expected and hard_to_guess(step, _MIN_PATH_SECRET):
            found.append((start, start + len(step)))
        expected = any(word.lower() in _BEFORE_SECRET for word in _STEP.split(step))
        start += len(step) + 1
    return found
