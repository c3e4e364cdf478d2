"""Addresses: the same rule as the server's."""

import pytest

from livetrail import Client
from livetrail.address import _MAX_REMEMBERED, _remembered, read_address

from .scripted_server import PATIENCE, ScriptedServer


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:443", "192.0.2.7"),
        ("192.0.2.7:", "192.0.2.7"),
        ("[192.0.2.7]:443", "192.0.2.7"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]:", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[fe80::1%eth0]:8080", "fe80::1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (" 203.0.113.9 , 10.0.0.1", "203.0.113.9"),
        ("10.0.0.1, 203.0.113.9", "10.0.0.1"),
        ("unknown, 203.0.113.9", "203.0.113.9"),
        (",203.0.113.9", "203.0.113.9"),
        ("_hidden,,203.0.113.9:443", "203.0.113.9"),
        ("[::1, 203.0.113.9", "203.0.113.9"),
        ("x" * 1_000 + ",203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_first_address_of_a_list_is_read(text: str, address: str) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        *("", "unknown", "localhost", "192.0.2", "192.0.2.7.8", "999.1.1.1", "192.0.2.7:http", "[::1", "[::1]x", ","),
        *("192.0.2.7:\u0664", "[::1]:-1", "[::1]8", "192.0.2.07", "0x7f.1", "1", "::1:2:3:4:5:6:7:8"),
    ],
)
def test_what_is_not_an_address_is_none(text: str) -> None:
    assert read_address(text) is None


def test_the_address_of_an_activity_may_stand_behind_other_text(client: Client, server: ScriptedServer) -> None:
    client.record("u-1", "a", ip_address="unknown, 203.0.113.9:")
    assert client.flush(PATIENCE)
    assert server.activities[0]["ip_address"] == "203.0.113.9"


def test_long_lists_are_not_remembered() -> None:
    before = _remembered.cache_info().currsize
    read_address("203.0.113.9," + "x" * _MAX_REMEMBERED)
    assert _remembered.cache_info().currsize == before
