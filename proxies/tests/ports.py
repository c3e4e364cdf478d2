"""Ports that a test's programs may listen on, end, and listen on again."""

import random
import socket
from pathlib import Path

RANGE_OF_CONNECTIONS = Path("/proc/sys/net/ipv4/ip_local_port_range")
FIRST_PORT, PORTS = 10_000, 65_536


def _ports_to_try() -> list[int]:
    """The kernel gives ports of its range to connections of other programs at any time, so they are left out."""
    try:
        first, last = map(int, RANGE_OF_CONNECTIONS.read_text().split())
    except OSError:
        first, last = 32_768, PORTS
    ports = [port for port in range(FIRST_PORT, PORTS) if not first <= port <= last]
    random.shuffle(ports)
    return ports


_ports = _ports_to_try()


def free_port() -> int:
    """Another port each time, on which nothing listens."""
    while True:
        port = _ports.pop()
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
