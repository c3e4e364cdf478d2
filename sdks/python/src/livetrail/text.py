"""What is done to every text before it is sent."""

import re
from enum import Enum
from typing import Any

# What stands for a value that raises when it is read.
UNREADABLE = "[unreadable]"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def as_text(value: Any) -> str:
    """Numbers, UUIDs and the members of enumerations become text; control characters other than tab and newline go."""
    if isinstance(value, Enum):
        value = value.value
    if not isinstance(value, str):
        try:
            value = str(value)
        except Exception:
            # An object that its database has forgotten, say.
            return UNREADABLE
    return clean(value)


def clean(text: str) -> str:
    """Without what the server strips or refuses, and without halves of a character, which no encoding can hold."""
    if text.isascii() and text.isprintable():
        return text
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))


def cut_with_mark(text: str, most: int) -> str:
    """At most so many characters, the last of them `…` when something is missing."""
    return text if len(text) <= most else text[: most - 1] + "…"
