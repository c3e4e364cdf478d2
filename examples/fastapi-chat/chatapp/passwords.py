"""Passwords are kept as scrypt hashes with a salt each."""

import hashlib
import secrets

SHORTEST = 8
LONGEST = 200


def hashed(password: str) -> str:
    """`salt:hash`, both in hex."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_scrypt(password, salt).hex()}"


def matches(password: str, stored: str) -> bool:
    """Whether this is the password, compared in constant time."""
    salt, expected = (bytes.fromhex(part) for part in stored.split(":"))
    return secrets.compare_digest(_scrypt(password, salt), expected)


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


# Compared with when no account has the e-mail, so that the time of a refusal does not tell who has an account.
NOBODY = hashed(secrets.token_hex(16))
