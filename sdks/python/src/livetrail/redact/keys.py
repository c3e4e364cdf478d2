"""Names of keys whose values are secret.

A key is compared by its letters and digits alone: `API-Key`, `apiKey` and `api_key` are one name. A key whose last
words are a secret's name (`new_password`, `userPassword`) holds one, too, and so does one that adds `key`, `value`,
`hash` or `text` to it (`secret_key`). `tokens_used` and `password_changed_at` do not.
"""

import re
from collections.abc import Iterable
from enum import Enum

from .tables import KEY_FORMS, KEY_LETTERS, SECRET_KEYS

# Keys of objects whose answer is remembered: how many, and the longest.
_MAX_REMEMBERED = 1_000
_MAX_REMEMBERED_LENGTH = 64
_SEPARATORS = re.compile(r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+")
_LETTER = re.compile(r"[A-Za-z0-9]")
# Behind a separator, or a capital letter (`userPassword`, `APIKey`).
_WORD_START = re.compile(r"(?<![A-Za-z0-9])|(?<![A-Z])[A-Z]|[A-Z](?=[a-z])")
_DIGITS = "0123456789"
_SPACE = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
# Unicode's default ignorable code points and combining accents: what no reader sees in a name.
_INVISIBLE = re.compile(
    "[\u00ad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


class Named(Enum):
    """How a key names a secret."""

    WHOLE = 1
    """It is one of the names: numbers are secrets too."""
    ENDING = 2
    """Its last words are one: numbers under it are counts and times."""


class SecretKeys:
    """The standard names and further ones, of which only whole keys count."""

    def __init__(self, extra: Iterable[str]) -> None:
        # A name of separators alone would stand for every other such name, and for the empty one.
        self._names = {*SECRET_KEYS, *map(_plain, map(_fold, extra))} - {""}
        # Those of signatures count too; the digits of `password2` as well.
        self._endings = {name[-1] for name in [*self._names, *KEY_FORMS] if "a" <= name[-1] <= "z"} | set(
            "eg0123456789"
        )
        self._remembered: dict[str, Named | None] = {}

    def find_remembered(self, key: str) -> Named | None:
        """Whether and how the key of an object names a secret. The answer is remembered: applications use few keys."""
        if len(key) > _MAX_REMEMBERED_LENGTH:
            return self.find(key)
        try:
            return self._remembered[key]
        except KeyError:
            pass
        if len(self._remembered) >= _MAX_REMEMBERED:
            self._remembered.clear()
        named = self._remembered[key] = self.find(key)
        return named

    def find(self, key: str) -> Named | None:
        """Whether and how a key names a secret. Nothing is remembered: the names in a text are what others send."""
        key = _fold(key)
        letters = _plain(key)
        if not key.isascii():
            return Named.WHOLE if letters in self._names else None
        if len(letters) <= KEY_LETTERS and letters in self._names:
            return Named.WHOLE
        return Named.ENDING if _ends_with_name(key, letters) else None

    def may_end(self, last: str) -> bool:
        """Whether a key of a text that ends with this character may name a secret."""
        return last.isascii() and last.lower() in self._endings


def _ends_with_name(key: str, letters: str) -> bool:
    last = letters[-KEY_LETTERS:].rstrip(_DIGITS)
    form = next((form for form in KEY_FORMS if last.endswith(form)), "")
    if not (last.endswith(SECRET_KEYS) or last.removesuffix(form).endswith(SECRET_KEYS)):
        return False
    # Where the last letters stand in the key, to see where its words begin.
    places = [match.start() for match in _LETTER.finditer(key)][-KEY_LETTERS:]

    def ends_with(end: int, *names: str) -> bool:
        """Whether the letters up to `end` end with one of these names, as whole words."""
        found = (name for name in names if last.endswith(name, 0, end))
        return any(_WORD_START.match(key, places[end - len(name)]) for name in found)

    if ends_with(len(last), *SECRET_KEYS):
        return True
    return form != "" and ends_with(len(last), form) and ends_with(len(last) - len(form), *SECRET_KEYS)


def _fold(key: str) -> str:
    """Full-width letters become ASCII, as NFKC does, and what no reader sees goes."""
    if key.isascii():
        return key
    return _SPACE.sub(" ", _INVISIBLE.sub("", key)).translate(_NARROW)


def _plain(name: str) -> str:
    if name.isascii():
        return _SEPARATORS.sub("", name).lower()
    return "".join(c.lower() for c in _SEPARATORS.sub("", name))
