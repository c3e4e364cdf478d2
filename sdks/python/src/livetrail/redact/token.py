"""JSON web tokens, private keys and the credentials of `Authorization` headers in running text."""

import re
from base64 import urlsafe_b64decode

from .guess import hard_to_guess, unexplained

Range = tuple[int, int]

_BASE64URL = re.compile(r"[\w-]*", re.ASCII)
_SIGNS = re.compile(r"%20|[ \t:=\"']+")
_BLANKS = re.compile(r"%20|[ \t]+")
_TOKEN68 = re.compile(r"[A-Za-z0-9._~+/=-]*")
_BLANK = re.compile(r"[ \t\n\r\f]*\Z")
_HEADER = re.compile(r"authorization[ \t:=\"']*\Z", re.IGNORECASE | re.ASCII)
_RANDOM = re.compile(r"[0-9_~+=]|[a-z][A-Z]")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+")
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
# The schemes and how their credentials are counted.
SCHEMES = {
    "bearer": "bearer",
    "basic": "basic",
    "token": "scheme",
    "apikey": "scheme",
    "negotiate": "scheme",
    "ntlm": "scheme",
    "dpop": "scheme",
}
_SCHEME = re.compile("|".join(SCHEMES), re.IGNORECASE | re.ASCII)
# What people write behind a scheme when they talk about it.
_NO_TOKENS = {
    *("token", "tokens", "auth", "authentication", "authorization"),
    *("expired", "invalid", "missing", "required"),
}
_MIN_TOKEN = 5
_MIN_BASIC = 8
_MIN_STRONG = 16
_NO_WORD = 20
_MIN_HEADER = 10
_MIN_PAYLOAD = 3
_MIN_SIGNATURE = 22
_MAX_LOOK_BACK = 64


def jwt(text: str, at: int, floor: int) -> Range | int:
    """A JWT (RFC 7519) whose header begins here, with what stands before it without a border.

    Otherwise the end of what would be the header: a beginning before it makes no JWT either.
    """
    header = _end_of_part(text, at)
    least = _MIN_HEADER * (2 if text[at + 1] == "w" else 1)
    if text[header : header + 1] != "." or header - at < least:
        return header
    end = _end_of_jwt(text, header)
    if end is None:
        return header
    start = at
    while start > floor and text[start - 1].isascii() and text[start - 1].isalnum():
        start -= 1
    return start, end


def _end_of_jwt(text: str, header: int) -> int | None:
    payload = _end_of_part(text, header + 1)
    if text[payload : payload + 1] != ".":
        # The payload and signature of a token whose header is cut off.
        is_signature = payload - header > _MIN_SIGNATURE
        return payload if is_signature and unexplained(text[header:payload]) >= _MIN_SIGNATURE // 2 else None
    end = _end_of_part(text, payload + 1)
    if payload - header <= _MIN_PAYLOAD and end - payload - 1 < _MIN_SIGNATURE // 2:
        return None
    while text[end : end + 1] == "." and (more := _end_of_part(text, end + 1)) > end + 1:
        end = more
    return end


def _end_of_part(text: str, at: int) -> int:
    match = _BASE64URL.match(text, at)
    return match.end() if match else at


def scheme(text: str, at: int) -> tuple[Range, str] | None:
    """The name of a scheme and its credentials, together.

    Prose uses these words as well, so what follows must look like credentials, unless an `Authorization` header says
    so or `Bearer …` is all that the text says.
    """
    name = _SCHEME.match(text, at)
    if name is None:
        return None
    kind = SCHEMES[name.group().lower()]
    gap = (_SIGNS if kind == "bearer" else _BLANKS).match(text, name.end())
    match = gap and _TOKEN68.match(text, gap.end())
    if not match:
        return None
    token = match.group().rstrip(".")
    end = match.start() + len(token)
    if len(token) < _MIN_TOKEN or token.lower() in _NO_TOKENS:
        return None
    return ((at, end), kind) if _is_header(text, at) or _is_credential(text, at, token, end, kind) else None


def _is_credential(text: str, at: int, token: str, end: int, kind: str) -> bool:
    if kind == "bearer":
        return len(token) >= _NO_WORD or _RANDOM.search(token) is not None or _is_all(text, at, end)
    if kind == "basic":
        return _is_user_and_password(token)
    return hard_to_guess(token, _MIN_STRONG)


def _is_user_and_password(token: str) -> bool:
    """`user:password` in base64 (RFC 7617): without control characters and with a colon."""
    digits = token.partition("=")[0]
    if len(token) < _MIN_BASIC or not _BASE64.fullmatch(digits):
        return False
    # One character alone at the end is no byte.
    whole = digits[: len(digits) - (len(digits) % 4 == 1)].replace("+", "-").replace("/", "_")
    decoded = urlsafe_b64decode(whole + "=" * (-len(whole) % 4))
    return b":" in decoded and _CONTROL.search(decoded) is None


def private_key(text: str, at: int) -> Range | None:
    """A private key of any kind in PEM (RFC 7468), OpenSSH's or OpenPGP's form.

    Up to its end line or, if that is cut off, the end of the text.
    """
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
    return _HEADER.search(text, max(0, at - _MAX_LOOK_BACK), at) is not None
