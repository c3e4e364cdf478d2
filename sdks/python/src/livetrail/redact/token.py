"""JSON web tokens, bearer tokens and private keys in running text."""

import re

Range = tuple[int, int]

# Header, payload, signature, which an unsigned token leaves empty, or the five parts of an encrypted one.
_JWT = re.compile(r"eyJ[\w-]{7,}\.[\w-]{3,}\.[\w-]*(?:\.[\w-]+)*", re.ASCII)
_BASE64URL = re.compile(r"[\w-]*", re.ASCII)
_GAP = re.compile(r"%20|[ \t:=\"']+")
_TOKEN68 = re.compile(r"[A-Za-z0-9._~+/=-]*")
_BLANK = re.compile(r"[ \t\n\r\f]*\Z")
_HEADER = re.compile(r"authorization[ \t:=\"']*\Z", re.IGNORECASE | re.ASCII)
_RANDOM = re.compile(r"[0-9_~+=]|[a-z][A-Z]")
# What people write behind "Bearer" when they talk about it.
_NO_TOKENS = {"token", "tokens", "auth", "authentication", "authorization"}
_SHORTEST = 5
_NO_WORD = 20
_LONGEST_HEADER = 64


def jwt(text: str, at: int) -> Range | None:
    """A JWT (RFC 7519) whose header begins here. What stands before it without a border goes with it."""
    match = _JWT.match(text, at)
    if match is None:
        return None
    start = at
    while start > 0 and text[start - 1].isascii() and text[start - 1].isalnum():
        start -= 1
    return start, match.end()


def end_of_header(text: str, at: int) -> int:
    """Up to where no JWT begins when none begins here."""
    match = _BASE64URL.match(text, at)
    return match.end() if match else at


def bearer(text: str, at: int) -> Range | None:
    """`Bearer` and its token (RFC 6750), together.

    Prose speaks of bearers as well, so what follows must look random, unless it is all that the text or an
    `Authorization` header says.
    """
    if at > 0 and text[at - 1].isascii() and text[at - 1].isalnum():
        return None
    gap = _GAP.match(text, at + len("bearer"))
    match = gap and _TOKEN68.match(text, gap.end())
    if not match:
        return None
    token = match.group().rstrip(".")
    end = match.start() + len(token)
    if len(token) < _SHORTEST or token.lower() in _NO_TOKENS:
        return None
    return (at, end) if _looks_random(token) or _is_all(text, at, end) or _is_header(text, at) else None


def private_key(text: str, at: int) -> Range | None:
    """A PEM private key (RFC 7468) of any kind, up to its end line or, if that is cut off, the end of the text."""
    begin = at + len("-----BEGIN ")
    dashes = text.find("-----", begin)
    label = text[begin:dashes] if dashes >= 0 else ""
    if "PRIVATE KEY" not in label:
        return None
    end_line = f"-----END {label}-----"
    end = text.find(end_line, at)
    return at, len(text) if end < 0 else end + len(end_line)


def _is_all(text: str, start: int, end: int) -> bool:
    return _BLANK.match(text, end) is not None and not text[:start].strip(" \t\n\r\f")


def _is_header(text: str, at: int) -> bool:
    return _HEADER.search(text, max(0, at - _LONGEST_HEADER), at) is not None


def _looks_random(token: str) -> bool:
    """Words have no digits, no capitals inside and few letters."""
    return len(token) >= _NO_WORD or _RANDOM.search(token) is not None
