"""The values of keys inside a text: where they end, and whether they look like credentials."""

import re

from .guess import MIN_UNEXPLAINED, unexplained

Range = tuple[int, int]

_OPENING = re.compile(r"(?:[bBruf](?=[\"']))?(\\{0,16})([\"'`])")
# Backslashes are counted from the first of a run.
_CLOSING = {quote: re.compile(rf"(?<!\\)(\\*)({quote}|\n)") for quote in "\"'`"}
_PART = re.compile(r"[{}\[\]\"'\\]")
_PLAIN = re.compile(r"[^ \t\n\r\f&\"'`<>\\,;)\]}%]+")
_ENCODED_END = re.compile(r"%(?:26|22|20|0[Aa]|0D)")
_ENTRY_END = re.compile(r"\Z|[ \t\n\r\f\"'`<>\\,;)\]}]|[A-Za-z0-9_.-]{1,40}[=:]")
_PLACEHOLDER = re.compile(
    r"(?:(?:null|none|nil|undefined|true|false|\?|%s|\$[0-9]*|:[A-Za-z_]*|\**)\Z)|\{|\$\{|%[({]",
    re.IGNORECASE | re.ASCII,
)
_NUMBER = re.compile(r"-?[0-9.]+\Z")
_ADDRESS = re.compile(r"https?://")
_DIGIT = re.compile(r"[0-9]")
_LETTER = re.compile(r"[A-Za-z]")
_SIGN = re.compile(r"[!@#$%^*+=~]")
_MIN_CREDENTIAL = 5
# The longest character in UTF-8.
_MAX_BYTES = 4


def quoted(text: str, start: int) -> tuple[Range, int] | None:
    """What stands between quotes that may be escaped any number of times, and the place behind the closing one.

    It ends at the quote that is escaped as often as the first, at the end of the line or of the text.
    """
    if text.startswith("%22", start):
        end = text.find("%22", start + 3)
        end = len(text) if end < 0 else end
        return (start + 3, end), min(end + 3, len(text))
    opening = _OPENING.match(text, start)
    if opening is None:
        return None
    escapes, content = len(opening.group(1)), opening.end()
    at = content
    while closing := _CLOSING[opening.group(2)].search(text, at):
        at = closing.end()
        backslashes = len(closing.group(1))
        if closing.group(2) == "\n":
            return (content, at - 1), at
        # Of each level of JSON, an escaped quote has twice the backslashes of its level, and one.
        if backslashes < escapes or backslashes % (2 * (escapes + 1)) == escapes:
            return (content, at - 1 - min(backslashes, escapes)), at
    return (content, len(text)), len(text)


def end_of_container(text: str, start: int) -> int:
    """The end of the object or array that begins here: its closing bracket or the end of the text."""
    depth, at = 0, start
    while part := _PART.search(text, at):
        at = part.end()
        if part.group() in "{[":
            depth += 1
        elif part.group() in "}]":
            depth -= 1
            if depth == 0:
                return at
        elif found := quoted(text, part.start()):
            at = found[1]
    return len(text)


def bare(text: str, start: int, *, encoded: bool, most: int | None = None) -> Range:
    """A value without quotes: up to a blank, a sign that cannot be in it, or one that ends an entry of a list.

    Of a long value `most` bytes.
    """
    last = len(text) if most is None else min(len(text), start + most)
    at = start
    while at < last:
        plain = _PLAIN.match(text, at, last)
        if plain:
            at = plain.end()
        elif text[at] == "%":
            if encoded and _ENCODED_END.match(text, at):
                break
            at += 1
        elif text[at] in ",;)]}" and not _ENTRY_END.match(text, at + 1):
            at += 1
        else:
            break
    end = at
    if most is not None and end - start > most // _MAX_BYTES and not text.isascii():
        # What is cut may be the middle of a character, which then goes, too.
        end = start + len(text[start:at].encode()[:most].decode(errors="ignore"))
    while end > start and text[end - 1] == ".":
        end -= 1
    return start, end


def is_placeholder(value: str) -> bool:
    """Whether it stands for a value: nothing, a truth, a parameter of a statement or template, asterisks."""
    return _PLACEHOLDER.match(value) is not None


def is_number(value: str) -> bool:
    """Whether it is a number."""
    return _NUMBER.match(value) is not None


def is_credential_like(value: str) -> bool:
    """Whether a value in running text is a credential rather than a word. An address is not one."""
    if _ADDRESS.match(value):
        return False
    if len(value) >= _MIN_CREDENTIAL and value.isascii():
        letter, digit = _LETTER.search(value), _DIGIT.search(value)
        if (letter and digit) or (letter and _SIGN.search(value)) or value.isdigit():
            return True
    return unexplained(value) >= MIN_UNEXPLAINED
