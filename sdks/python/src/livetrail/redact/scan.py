"""The pass over a text that finds its secrets. Most texts have none, and one search says so."""

import re
from collections.abc import Iterator

from . import card, token

_CANDIDATE = re.compile(rf"(?P<digits>{card.BEGIN})|eyJ|(?P<bearer>[bB][eE][aA][rR][eE][rR])|(?P<pem>-----BEGIN )")


def secrets(text: str) -> Iterator[token.Range]:
    """The secrets of a text from left to right, as ranges of it.

    Every character is looked at a bounded number of times, however the text is made.
    """
    at = no_jwt_before = 0
    while found := _CANDIDATE.search(text, at):
        start, end = found.span()
        secret = None
        match found.lastgroup:
            case "digits":
                secret, end = card.in_run(text, start)
            case "bearer":
                secret, end = token.bearer(text, start), start + 1
            case "pem":
                secret, end = token.private_key(text, start), start + 1
            case _:
                end = start + 1
                if start >= no_jwt_before:
                    secret = token.jwt(text, start)
                    no_jwt_before = no_jwt_before if secret else token.end_of_header(text, start)
        if secret:
            yield secret
        at = secret[1] if secret else end
