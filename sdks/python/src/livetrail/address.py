"""Internet addresses as requests and proxies write them."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address


@lru_cache(maxsize=1024)
def read_address(text: str) -> str | None:
    """An IPv4 or IPv6 address, perhaps with a port, perhaps the first of an `X-Forwarded-For` list; else None.

    A Unix socket, a test client and `unknown` are no addresses, and the server would refuse the activity for them.
    """
    first = text.partition(",")[0].strip()
    for candidate in (_without_brackets(first), _without_port(first)):
        try:
            address = ip_address(candidate.partition("%")[0])
        except ValueError:
            continue
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return str(mapped or address)
    return None


def _without_brackets(text: str) -> str:
    return text[1:-1] if text.startswith("[") and text.endswith("]") else text


def _without_port(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not port.isdigit():
        return ""
    return host if "." in host and ":" not in host else _bracketed(host)


def _bracketed(text: str) -> str:
    return text[1:-1] if text.startswith("[") and text.endswith("]") else ""
