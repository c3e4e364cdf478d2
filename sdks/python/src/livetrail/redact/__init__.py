"""Keeping secrets out of what is sent: the values of keys that name one, and text that looks like one.

The rules are the server's, which applies them again; here they keep a secret from leaving the process at all.
"""

from collections.abc import Iterable
from typing import Any

from .card import is_card
from .keys import SecretKeys
from .scan import secrets

REDACTED = "[redacted]"


class Redaction:
    """What counts as a secret: the common names, further ones, and everything that looks like one."""

    def __init__(self, extra_keys: Iterable[str] = (), *, on: bool = True) -> None:
        self._keys = SecretKeys(extra_keys)
        self._on = on

    def is_secret_key(self, key: str) -> bool:
        """Whether the value of this key is a secret, whatever it is."""
        return self._on and key in self._keys

    def text(self, text: str) -> str:
        """The text with every part that looks like a secret replaced."""
        if not self._on:
            return text
        parts, kept = [], 0
        for start, end in secrets(text):
            parts += [text[kept:start], REDACTED]
            kept = end
        return "".join([*parts, text[kept:]]) if parts else text

    def number(self, number: int) -> int | str:
        """The number, unless it is that of a payment card."""
        return REDACTED if self._on and is_card(number) else number

    @staticmethod
    def blot(value: Any) -> Any:
        """What stands in place of a secret value. None stays, for it says that there was nothing."""
        return None if value is None else REDACTED
