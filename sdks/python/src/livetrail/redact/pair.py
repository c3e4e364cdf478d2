"""Keys and values inside a text: JSON (also JSON in a string of JSON), forms, queries, headers, the notation of
programming languages.

The search starts at a `:` or `=` and looks back for the key, a bounded number of characters, and forward for the value.
Prose uses colons too ("token: expired"), so a value without quotes behind a colon must look like a credential.
"""

import re
from dataclasses import dataclass

from . import value as values
from .keys import Named, SecretKeys

Range = tuple[int, int]

REDACTED = "[redacted]"
_MAX_KEY = 64
_MAX_BLANKS = 8
_MAX_BACKSLASHES = 16
# So many characters of a value without quotes decide whether it is a secret.
_MAX_DECIDING = 128
_MIN_SIGNATURE = 16
_IN_KEY = re.compile(r"[A-Za-z0-9_.-]*")
_IN_QUOTED_KEY = re.compile(r"[A-Za-z0-9_. -]*")
_HEX = re.compile(r"[0-9A-Fa-f]{2}")
_SIGNATURES = {"sig", "x-amz-signature", "x-goog-signature"}
_CODES = {"cvv", "cvc", "ssn"}
_COOKIES = {"cookie", "set-cookie"}
_COOKIE = re.compile(r"[!-<>-~]{1,64}=")
_UNQUOTED_LINE = re.compile(r"[^\n\"']*")
_BLANKS = re.compile(r"[ \t]{0,8}")
_IN_ENTRY = re.compile(r"[A-Za-z0-9_.)-]")


@dataclass(slots=True)
class _Pair:
    """A key and what is known before its value is looked at."""

    name: str
    start: int
    quoted: bool
    is_colon: bool
    encoded: bool
    spaced: bool = False


def at(text: str, start: int, end: int, floor: int, keys: SecretKeys) -> Range | None:
    """The secret value of the key before the separator that stands here. Neither reaches back over `floor`."""
    separator = text[start:end]
    is_colon = separator in (":", "%3A", "%3a")
    if is_colon and (text.startswith(":", end) or text[start - 1 : start] == ":"):
        return None
    pair = _key_before(text, start, floor, keys)
    if pair is None:
        return None
    pair.is_colon, pair.encoded = is_colon, len(separator) > 1
    named = keys.find(pair.name)
    if named is None and not _is_signature(pair):
        return None
    value = end
    if not pair.encoded and text[value : value + 1] in (("=",) if is_colon else (">", "=")):
        value += 1
    blanks = _BLANKS.match(text, value)
    pair.spaced = blanks is not None and blanks.end() > value
    value = blanks.end() if blanks else value
    if named is None:
        return _signature(text, pair, value)
    found = _value(text, pair, named, value)
    return found if found and found[0] < found[1] else None


def _key_before(text: str, end: int, floor: int, keys: SecretKeys) -> _Pair | None:
    """The key that ends before, perhaps in quotes, brackets or percent-encoded quotes and brackets."""
    at, quoted = _back(text, end, floor, _MAX_BLANKS, " \t"), False
    at = _without(text, at, floor, ("]", "%5D", "%5d"))
    bare = _without(text, at, floor, ('"', "'", "`", "%22"))
    if bare < at:
        quoted = True
        at = _back(text, bare, floor, _MAX_BACKSLASHES, "\\")
    # Most colons end here, those of times and addresses for instance.
    if at == floor or not keys.may_end(text[at - 1]):
        return None
    # Turned around, because the key is the run of its characters that ends here.
    run = (_IN_QUOTED_KEY if quoted else _IN_KEY).match(text[max(floor, at - _MAX_KEY) : at][::-1])
    start = at - run.end() if run else at
    # The digits of a percent-encoded character are no part of the key.
    if start > floor and at - start > 2 and text[start - 1] == "%" and _HEX.match(text, start):
        start += 2
    return _Pair(text[start:at], start, quoted, False, False) if start < at else None


def _value(text: str, pair: _Pair, named: Named, start: int) -> Range | None:
    if found := values.quoted(text, start):
        return _quoted_value(text, pair, found[0])
    if pair.quoted and text[start : start + 1] in ("{", "[") and not text.startswith(REDACTED, start):
        return start, values.end_of_container(text, start)
    if pair.is_colon and not pair.quoted and pair.name.lower() in _COOKIES and _COOKIE.match(text, start):
        line = _UNQUOTED_LINE.match(text, start)
        return line and line.span()
    if _is_bare_secret(text, pair, named, start):
        return values.bare(text, start, encoded=pair.encoded)
    return None


def _quoted_value(text: str, pair: _Pair, content: Range) -> Range | None:
    """What stands in quotes is a secret if the key does too, or stands where keys stand."""
    value = text[content[0] : content[1]]
    if value == REDACTED:
        return None
    accepted = pair.quoted or not pair.is_colon or _begins_entry(text, pair.start)
    return content if accepted or values.is_credential_like(value) else None


def _is_bare_secret(text: str, pair: _Pair, named: Named, start: int) -> bool:
    start, end = values.bare(text, start, encoded=pair.encoded, most=_MAX_DECIDING)
    value = text[start:end]
    is_number = values.is_number(value)
    if not value or values.is_placeholder(value) or REDACTED in text[start : end + 1]:
        return False
    if pair.quoted and is_number:
        return named is Named.WHOLE
    if is_number and named is Named.ENDING and (pair.is_colon or len(value) < 4):
        return False
    if pair.is_colon or pair.spaced or pair.quoted:
        is_code = value[0] in "0123456789" and pair.name.lower() in _CODES
        return is_code or values.is_credential_like(value) or _is_line_of_dump(text, pair, end)
    return True


def _is_line_of_dump(text: str, pair: _Pair, end: int) -> bool:
    """Whether key and value are one line of several, as in a configuration file."""
    start = _back(text, pair.start, 0, _MAX_BLANKS, " \t")
    begins = start == 0 or text[start - 1] == "\n"
    return begins and (text.startswith("\n", end) or (end == len(text) and start > 0))


def _begins_entry(text: str, start: int) -> bool:
    """Whether keys stand where this one does: at the beginning of a line, or behind a bracket, comma or other sign."""
    start = _back(text, start, 0, _MAX_BLANKS, " \t")
    return start == 0 or not _IN_ENTRY.match(text, start - 1)


def _is_signature(pair: _Pair) -> bool:
    """Whether the name is a signature's in a query, which opens what the rest of the query names."""
    return not (pair.is_colon or pair.quoted) and pair.name.lower() in _SIGNATURES


def _signature(text: str, pair: _Pair, start: int) -> Range | None:
    start, end = values.bare(text, start, encoded=pair.encoded)
    return (start, end) if end - start >= _MIN_SIGNATURE else None


def _back(text: str, end: int, floor: int, most: int, of: str) -> int:
    """The start of the run of at most so many of these characters before `end`."""
    at = end
    while at > floor and end - at < most and text[at - 1] in of:
        at -= 1
    return at


def _without(text: str, end: int, floor: int, endings: tuple[str, ...]) -> int:
    """The end without the first of the endings that stands there."""
    found = (ending for ending in endings if text.endswith(ending, floor, end))
    return end - len(next(found, ""))
