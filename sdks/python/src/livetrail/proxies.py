"""Whose word about the caller's address is taken.

Any client can send an `X-Forwarded-For` header. A proxy of your own adds its part at the right end. So the list is read
from the right, and only as far as your own proxies go. The rest is the client's claim.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from .address import read_address

log = logging.getLogger("livetrail")


@dataclass(frozen=True)
class Proxies:
    """Either how many proxies stand in front of the application, or their addresses and networks."""

    count: int = 0
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def read(cls, given: int | str | Iterable[str]) -> "Proxies":
        """A number, or networks: a list, or text with commas. Anything else trusts no proxy."""
        if isinstance(given, int):
            return cls(count=max(0, given))
        names = given.split(",") if isinstance(given, str) else list(given)
        names = [name.strip() for name in names if name.strip()]
        if len(names) == 1 and names[0].isdigit():
            return cls(count=int(names[0]))
        try:
            return cls(networks=tuple(ip_network(name, strict=False) for name in names))
        except ValueError as error:
            log.warning("trusted proxies: %s; X-Forwarded-For is not used", error)
            return cls()

    def caller(self, peer: str | None, forwarded: Sequence[str]) -> str | None:
        """The address of the caller, of the connection's peer and the `X-Forwarded-For` headers in their order."""
        hops = [hop.strip() for header in forwarded for hop in header.split(",") if hop.strip()]
        direct = read_address(peer or "")
        if self.count:
            # The peer is the nearest proxy; the address that the farthest of ours saw stands `count` from the right.
            return read_address(hops[-min(self.count, len(hops))]) if hops else direct
        while hops and direct is not None and self._trust(direct):
            direct = read_address(hops.pop())
        return direct

    def _trust(self, address: str) -> bool:
        parsed = ip_address(address)
        return any(parsed in network for network in self.networks)
