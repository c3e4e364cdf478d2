"""The pass over a text that finds its secrets. Most texts have none, and one search says so."""

import re
from collections.abc import Iterator

from . import card, formats, pair, token, url
from .keys import SecretKeys

Found = tuple[int, int, str]
"""Start and end of a secret, and its kind."""

_SCHEMES = "|".join("".join(f"[{letter}{letter.upper()}]" for letter in name) for name in token.SCHEMES)
_CANDIDATE = re.compile(
    rf"(?P<digits>{card.BEGIN})|(?P<jwt>e(?:y[JA]|w[o0k]))|(?P<pair>[:=]|%3[AaDd])|(?P<pem>-----BEGIN )"
    rf"|(?P<hash>\$[2a])|(?<![A-Za-z0-9])(?:(?P<format>{formats.PREFIX})|(?P<scheme>{_SCHEMES})|(?P<putty>PuTTY-User-Key-File-))"
)

_DIGIT = re.compile("[0-9]")


def secrets(text: str, keys: SecretKeys) -> list[Found]:
    """The secrets of a text from left to right.

    Every character is looked at a bounded number of times, however the text is made.
    """
    found = list(_Scan(text, keys).found())
    if any(formats.is_aws_id(text[start:end]) for start, end, _ in found):
        ends = [0, *(end for _, end, _ in found)]
        gaps = zip(ends, [*(start for start, _, _ in found), len(text)], strict=True)
        beside = [(*secret, "known_format") for gap in gaps for secret in formats.aws_secrets(text, *gap)]
        found = sorted(found + beside)
    return found


class _Scan:
    def __init__(self, text: str, keys: SecretKeys) -> None:
        self._text = text
        self._keys = keys
        # The end of the last secret, over which none reaches back.
        self._floor = 0
        self._no_jwt_before = 0
        # The first `@` at or after the place that was last asked for, or -1.
        self._at_sign = 0
        # The password of the address that is being looked at. The user before it may be a secret, too.
        self._password: tuple[int, int] | None = None

    def found(self) -> Iterator[Found]:
        at = 0
        while True:
            match = _CANDIDATE.search(self._text, at)
            if self._password and (match is None or self._password[0] <= match.start()):
                (start, end), self._password = self._password, None
                if at < end:
                    yield max(at, start), end, "url_password"
                    at = self._floor = end
                continue
            if match is None:
                return
            secret, at = self._here(match.lastgroup or "", match.start(), match.end())
            if secret:
                yield secret
                at = self._floor = secret[1]

    def _here(self, what: str, start: int, end: int) -> tuple[Found | None, int]:
        """The secret that is recognised here, and the place to go on from if there is none."""
        text, found = self._text, None
        match what:
            case "digits":
                return self._digits(start)
            case "jwt":
                return self._jwt(start), start + 1
            case "pair":
                return self._pair(start, end), start + 1
            case "pem":
                found = _of_kind(token.private_key(text, start), "private_key")
            case "hash":
                found = _of_kind(formats.password_hash(text, start), "known_format")
            case "format":
                found = _of_kind(formats.at(text, start), "known_format")
            case "putty":
                found = (start, len(text), "private_key")
            case "scheme" if credentials := token.scheme(text, start):
                found = (*credentials[0], credentials[1])
        return found, start + 1

    def _digits(self, start: int) -> tuple[Found | None, int]:
        text = self._text
        found, further = card.in_run(text, start)
        if found:
            return (*found, "card"), further
        # The last group may be the first digit of a token of Google's, `1//0…`.
        last = further - 1
        if text.startswith("1//0", last) and not _DIGIT.match(text, max(0, last - 1), last):
            return _of_kind(formats.at(text, last), "known_format"), further
        return None, further

    def _jwt(self, start: int) -> Found | None:
        if start < self._no_jwt_before:
            return None
        found = token.jwt(self._text, start, self._floor)
        if isinstance(found, int):
            self._no_jwt_before = found
            return None
        return (*found, "jwt")

    def _pair(self, start: int, end: int) -> Found | None:
        if self._text.startswith("://", start):
            self._password = url.password(self._text, start, self._next_at_sign)
            return None
        if self._text[start] == ":" and (bot := formats.telegram(self._text, start, self._floor)):
            return (*bot, "known_format")
        return _of_kind(pair.at(self._text, start, end, self._floor, self._keys), "key")

    def _next_at_sign(self, start: int) -> int:
        """The text is searched once, however often this is asked."""
        if 0 <= self._at_sign < start or not self._text.startswith("@", max(self._at_sign, 0)):
            self._at_sign = self._text.find("@", start) if self._at_sign >= 0 else -1
        return self._at_sign


def _of_kind(found: tuple[int, int] | None, kind: str) -> Found | None:
    return (*found, kind) if found else None
