"""Names of keys whose values are secret, whatever they are."""

import re
from collections.abc import Iterable

# Without separators and in lower case.
_STANDARD = (
    "password",
    "passwd",
    "pwd",
    "token",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "secret",
    "clientsecret",
    "authorization",
    "cookie",
    "setcookie",
    "apikey",
    "privatekey",
    "creditcard",
    "cardnumber",
    "cvv",
    "ssn",
)
_SEPARATORS = re.compile(r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+")


class SecretKeys:
    """Names compared without case and separators: `API-Key`, `apiKey` and `api_key` are one."""

    def __init__(self, extra: Iterable[str]) -> None:
        # A name of separators alone would stand for every other such name, and for the empty one.
        self._names = {*_STANDARD, *map(_plain, extra)} - {""}

    def __contains__(self, key: str) -> bool:
        return _plain(key) in self._names


def _plain(name: str) -> str:
    return _SEPARATORS.sub("", name).lower()
