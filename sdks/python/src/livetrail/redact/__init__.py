"""Keeping secrets out of what is sent: the values of keys that name one, and text that looks like one.

The rules are the server's, which applies them again; here they keep a secret from leaving the process at all.
"""

import threading
from collections import Counter
from collections.abc import Iterable
from typing import Any

from .card import is_card
from .guess import looks_like_credential
from .keys import Named, SecretKeys
from .pair import REDACTED
from .scan import Found, secrets
from .url import secrets_of_path

__all__ = ["REDACTED", "Named", "Redaction", "looks_like_credential"]

# From here on, not all whole numbers have a form of their own with a decimal point.
_MAX_EXACT = 2**53
_MIN_SECRET_KEY = 12


class Redaction:
    """What counts as a secret: the common names, further ones, and everything that looks like one."""

    def __init__(self, extra_keys: Iterable[str] = (), *, on: bool = True) -> None:
        self._keys = SecretKeys(extra_keys)
        self._on = on
        self.begin_anew()

    def begin_anew(self) -> None:
        """Counts from nothing: in the child of a fork the counts, and a lock that is held, are the parent's."""
        self._counts: Counter[str] = Counter()
        # Reentrant, since a signal handler may record while its own thread counts.
        self._counting = threading.RLock()

    def counts(self) -> dict[str, int]:
        """How many secrets of which kind were replaced so far."""
        with self._counting:
            return dict(self._counts)

    def _count(self, kind: str) -> None:
        with self._counting:
            self._counts[kind] += 1

    def named(self, key: str) -> Named | None:
        """Whether and how this key of an object names a secret."""
        return self._keys.find_remembered(key) if self._on else None

    def is_secret(self, value: Any, named: Named | None) -> bool:
        """Whether a value under a key that names a secret in this way is one.

        Nothing and truths are not; a number is one only where the whole name is a secret's.
        """
        if named is None or value is None or value is True or value is False:
            return False
        if isinstance(value, str):
            return value != REDACTED
        return named is Named.WHOLE or not isinstance(value, (int, float))

    def blot(self) -> str:
        """What stands in place of a secret value, which is counted."""
        self._count("key")
        return REDACTED

    def key(self, key: str) -> str:
        """The key of an object with every part that looks like a secret replaced."""
        return self.text(key) if len(key) >= _MIN_SECRET_KEY or not key.isascii() else key

    def text(self, text: str) -> str:
        """The text with every part that looks like a secret replaced."""
        return self._without(text, secrets(text, self._keys)) if self._on else text

    def path(self, path: str) -> str:
        """The path of an endpoint without secrets and one-time credentials (`/reset/…`)."""
        path = self.text(path)
        return self._without(path, [(*step, "path") for step in secrets_of_path(path)]) if self._on else path

    def _without(self, text: str, found: list[Found]) -> str:
        parts, kept = [], 0
        for start, end, kind in found:
            parts += [text[kept:start], REDACTED]
            kept = end
            self._count(kind)
        return "".join([*parts, text[kept:]]) if parts else text

    def number(self, number: float) -> float | str:
        """The number, unless it is that of a payment card."""
        whole = not isinstance(number, float) or (number.is_integer() and number < _MAX_EXACT)
        if not self._on or not whole or not is_card(int(number)):
            return number
        self._count("card")
        return REDACTED
