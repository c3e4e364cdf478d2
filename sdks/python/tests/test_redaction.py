"""Redaction beyond the shared cases: made-up texts, and texts that are made to be slow."""

import json
import random
from dataclasses import dataclass
from time import process_time

import pytest

from livetrail.details import details_json
from livetrail.redact import REDACTED, Redaction
from livetrail.redact.card import _passes_luhn
from livetrail.redact.keys import Named, SecretKeys
from livetrail.redact.scan import secrets

REDACT = Redaction().text
PARTS = [
    *["4111111111111111", "4111", "1111", "5555 5555 5555 4444", "3056 930902 5904", "0", "+", " ", "-", ".", "_"],
    *["é", "x", "Bearer ", "bearer", "authorization:", "abcdef", "a1b2c3", "eyJhbGciOiJub25lIn0", "eyJ", "%20"],
    *[".eyJzdWIiOiJhIn0.", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"],
    "aaaaaaaa-aaaa-aaaa-4111-111111111111",
]


def with_check_digit(digits: str) -> str:
    return next(digits + last for last in "0123456789" if _passes_luhn(digits + last))


def test_redacting_twice_is_redacting_once() -> None:
    chance = random.Random(1)
    for _ in range(3000):
        once = REDACT("".join(chance.choices(PARTS, k=chance.randrange(14))))
        assert REDACT(once) == once


def test_no_card_number_that_stands_as_a_token_survives() -> None:
    chance = random.Random(2)
    for _ in range(2000):
        first = chance.choice(["4", "51", "55", "2300"])
        digits = with_check_digit(first + "".join(chance.choices("0123456789", k=15 - len(first))))
        separator = chance.choice(["", " ", "-"])
        card = separator.join(digits[at : at + 4] for at in range(0, 16, 4))
        before, after = chance.choice(["", "a (", "x=", "12  ", "#"]), chance.choice(["", ")", ", b", "  3", "."])
        assert REDACT(before + card + after) == before + REDACTED + after


def test_ids_times_and_telephone_numbers_survive() -> None:
    chance = random.Random(3)
    for _ in range(2000):
        hexadecimal = "".join(chance.choices("0123456789abcdef", k=32))
        uuid = "-".join([hexadecimal[:8], hexadecimal[8:12], hexadecimal[12:16], hexadecimal[16:20], hexadecimal[20:]])
        kept = f"user {uuid}, {chance.randrange(10**15, 2 * 10**15)}, +{chance.randrange(10**9, 10**15)}"
        assert REDACT(kept) == kept


@pytest.mark.parametrize(
    "part",
    [
        *(
            "eyJ",
            "-4111111111111111-eyJ-",
            "4111-1111-1111-1111-",
            "4111 ",
            "1",
            "Bearer=",
            "bearer ",
            "-----BEGIN ",
            "a",
        ),
        *("token:", "token: ", 'a token: "', "x://a:b/", "sk-", "=,a", "://", "\\", '\\"token\\":', '{"token":['),
        *("1:1", "key=", "sig=.", ".", " ", '"', "Basic a", "AKIAIOSFODNN7EXAMPLE ", "password=a)b ", "x://:"),
    ],
)
def test_texts_that_are_made_to_be_slow_cost_what_their_length_costs(part: str) -> None:
    text = part * (400_000 // len(part))
    begin = process_time()
    REDACT(text)
    # It takes a fraction of this; were the pass quadratic, hours.
    assert process_time() - begin < 5


def test_many_schemes_behind_many_blanks_cost_what_their_length_costs() -> None:
    text = " " * 500_000 + "bearer abcdef " * 35_000
    begin = process_time()
    assert REDACT(text) == text
    assert process_time() - begin < 5


def test_names_of_secrets_are_remembered_only_for_short_keys_of_objects() -> None:
    keys = SecretKeys([])
    secrets("password: hunter2, token_1=abc", keys)
    keys.find_remembered("a" * 65)
    assert keys._remembered == {}
    for number in range(1500):
        keys.find_remembered(f"key_{number}")
    assert len(keys._remembered) <= 1000
    assert keys.find_remembered("api_key") is Named.WHOLE


@pytest.mark.parametrize("key", ["userPassword", "OAuthTOKEN", "new_password2", "password_te_xt", "X-API-Key"])
def test_a_key_whose_last_words_are_a_name_holds_a_secret(key: str) -> None:
    assert SecretKeys([]).find(key) is Named.ENDING


@pytest.mark.parametrize("key", ["mypassword", "passwords", "key", "text", "a" + "-" * 70, ""])
def test_a_key_that_only_looks_like_a_name_holds_none(key: str) -> None:
    assert SecretKeys([]).find(key) is None


class Login:
    def __repr__(self) -> str:
        return "Login(email='a@b.c', password='correct horse battery')"


@dataclass
class Key:
    name: str
    api_key: str


def test_secrets_in_what_python_shows_of_an_object_are_redacted() -> None:
    shown = json.loads(details_json({"form": Login(), "key": Key("x", "k-1")}, Redaction()))
    assert shown == {
        "form": "Login(email='a@b.c', password='[redacted]')",
        "key": {"name": "x", "api_key": "[redacted]"},
    }


def test_secrets_of_each_kind_are_counted_and_a_child_counts_anew() -> None:
    redaction = Redaction()
    redaction.text("Bearer abc123def and 4111 1111 1111 1111")
    details_json({"password": "x"}, redaction)
    assert redaction.counts() == {"bearer": 1, "card": 1, "key": 1}
    redaction.begin_anew()
    assert redaction.counts() == {}
