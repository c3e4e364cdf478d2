"""Whether a text is hard to guess, and so may be a credential rather than a name."""

import re
import sys

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![A-Za-z0-9])"
# Most runs are words in one case or numbers. The pattern skips any number of them at once, because each match that it
# gives back costs more than the characters in it.
_ORDINARY = r"(?:(?:[A-Z]?[a-z]{1,18}|[A-Z]{1,19})[0-9]{0,10}|[0-9]{1,17})(?![A-Za-z0-9])"
# Nothing is to be tried again, which Python has been able to say since 3.11. Without that the result is the same.
_ONCE = "+" if sys.version_info >= (3, 11) else ""
_RUN = re.compile(rf"{_UUID}|(?:(?!{_UUID}){_ORDINARY}[^A-Za-z0-9]*{_ONCE})+{_ONCE}|([A-Za-z0-9]+)")
_EXPLAINED = re.compile(r"[0-9]{1,17}\Z|([A-Za-z]+)[0-9]{0,10}\Z")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HASHED = re.compile(r"hashed:[0-9a-f]{32}\Z")
_SPACE = re.compile(r"\s")
_JWT = re.compile(r"eyJ[A-Za-z0-9_=-]*\.[A-Za-z0-9_=-]*\.[A-Za-z0-9_=-]*\Z")
_MAX_WORD = 19
MIN_UNEXPLAINED = 12
_MIN_SESSION = 20


def looks_like_credential(text: str) -> bool:
    """Whether a session id could be a live credential; the server stores such a one as a keyed hash.

    That is a JWT, or at least 20 characters that are hard to guess in any framework's form. Hyphenated UUIDs and the
    hash that the server itself stores (`hashed:…`) are not.
    """
    if _HASHED.match(text) or _SPACE.search(text):
        return False
    return _JWT.match(text) is not None or hard_to_guess(text, _MIN_SESSION)


def hard_to_guess(text: str, least: int) -> bool:
    """Whether a text of at least so many bytes has enough characters that neither words nor numbers explain."""
    return len(text.encode()) >= least and unexplained(text) >= MIN_UNEXPLAINED


def unexplained(text: str) -> int:
    """The characters of the runs of letters and digits that are no word, number, word with a number, or UUID."""
    runs = (match.group(1) for match in _RUN.finditer(text) if match.group(1))
    return sum(len(run) for run in runs if not _is_explained(run))


def _is_explained(run: str) -> bool:
    match = _EXPLAINED.match(run)
    return match is not None and (match.group(1) is None or _are_words(match.group(1)))


def _are_words(letters: str) -> bool:
    """Random letters change between small and capital ones more often than camel case does."""
    pieces = _HUMP.split(letters)
    least = 3 if len(letters) <= _MAX_WORD else 5
    return max(map(len, pieces)) <= _MAX_WORD and (len(pieces) - 1) * least <= len(letters)
