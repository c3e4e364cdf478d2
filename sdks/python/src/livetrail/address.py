"""Internet addresses as requests and proxies write them."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

_MAX_REMEMBERED = 100


def read_address(text: str) -> str | None:
    """The first address of a list such as `X-Forwarded-For`, without its port; None if there is none.

    The rule is the server's: elements that are not addresses are skipped. Squid and mobile networks write `unknown`,
    and clients can send any text.
    """
    if len(text) <= _MAX_REMEMBERED:
        return _remembered(text)
    return _first(text)


def _first(text: str) -> str | None:
    return next(filter(None, map(_one, text.split(","))), None)


# Only short texts, because any client can send long ones.
_remembered = lru_cache(maxsize=1024)(_first)


def _one(element: str) -> str | None:
    element = element.strip()
    port = ""
    if element.startswith("["):
        host, bracket, port = element[1:].partition("]")
        if not bracket:
            return None
    elif element.count(":") == 1:  # An IPv6 address that is not in brackets has no port.
        host, colon, number = element.partition(":")
        port = colon + number
    else:
        host = element
    return _canonical(host.partition("%")[0]) if _is_port(port) else None


def _is_port(text: str) -> bool:
    """Whether this is nothing, or a colon and digits (perhaps none)."""
    return not text or (text[0] == ":" and text.isascii() and (text[1:].isdigit() or len(text) == 1))


def _canonical(host: str) -> str | None:
    """IPv4 in the form of IPv6 becomes IPv4, so that one address has one spelling."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)
