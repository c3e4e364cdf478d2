"""S1: what a refusal costs, and what an open connection holds, without a credential."""

import base64
import gzip
import json
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from server import Server
from wire import Closed, Http1, Http2, Request, address_of, connect

TIMES = 1_000
CONNECTIONS = 1_000
UNREAD = 100
SETTLE_SECONDS = 1.5
ACTIVITY, LIST, SESSION = "/api/activity", "/api/admin/activity", "/api/session"


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def requests() -> dict[str, Request]:
    claims = {"sub": "ada", "exp": int(time.time()) + 600}
    jwt = ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    as_json = {"content_type": "application/json"}
    large = b'{"token":"' + b"x" * 1_000_000 + b'"}'
    inflates = gzip.compress(b'{"token":"' + b"x" * 10_000_000 + b'"}')
    packed = {**as_json, "content_encoding": "gzip"}
    return {
        "no credential": Request("GET", LIST),
        "unknown API key": Request("GET", LIST, "lt_" + encoded(bytes(48))),
        "JWT with another signature": Request("GET", LIST, f"{jwt}.{encoded(bytes(32))}"),
        "sign-in, unknown token": Request("POST", SESSION, body=b'{"token":"lt_x"}', **as_json),
        "sign-in, body of 1 MB": Request("POST", SESSION, body=large, **as_json),
        "sign-in, gzip of 10 MB": Request("POST", SESSION, body=inflates, **packed),
        "activities, body of 1 MB": Request("POST", ACTIVITY, body=large, **as_json),
        "activities, gzip of 10 MB": Request("POST", ACTIVITY, body=inflates, **packed),
    }


def mean_cpu_ms(server: Server, send: Callable[[int], int]) -> tuple[float, str]:
    """Of `TIMES` refusals, and their statuses."""
    for number in range(20):
        send(number)
    before, statuses = server.cpu_seconds(), Counter(map(send, range(TIMES)))
    cost = (server.cpu_seconds() - before) * 1_000 / TIMES
    assert not any(status < 400 for status in statuses), statuses
    return cost, " ".join(f"{status or 'cut'}×{count}" for status, count in sorted(statuses.items()))


def over_http1(server: Server, request: Request, is_kept: bool) -> Callable[[int], int]:
    connection = Http1(server.port)

    def send(_: int) -> int:
        try:
            status = connection.send(request)[0]
        except (Closed, ConnectionError):
            status = 599
        if not is_kept or status == 599:
            connection.close()
        return status

    return send


def over_http2(server: Server, request: Request) -> Callable[[int], int]:
    connections = [Http2(server.port)]

    def send(number: int) -> int:
        # Far from what one connection's window and a server's limits on resets allow.
        if number % 50 == 0:
            connections[0].close()
            connections[0] = Http2(server.port)
        try:
            return connections[0].send(request)
        except (Closed, ConnectionError):
            connections[0].close()
            connections[0] = Http2(server.port)
            return 599

    return send


def cost_of_refusals(binary: str) -> list[tuple]:
    rows = []
    with Server(binary) as server:
        for name, request in requests().items():
            transports = {
                "HTTP/1.1, kept": over_http1(server, request, is_kept=True),
                "HTTP/1.1, new": over_http1(server, request, is_kept=False),
                "HTTP/2": over_http2(server, request),
            }
            for transport, send in transports.items():
                cost, statuses = mean_cpu_ms(server, send)
                rows.append((name, transport, f"{cost:.2f}", statuses))
    return rows


def half_a_head(server: Server, number: int, length: int = 0) -> object:
    connection = connect(server.port, address_of(number // 4))
    connection.sendall(b"GET /api/admin/activity HTTP/1.1\r\nhost: bench\r\nauthorization: Bear" + b"x" * length)
    return connection


def half_a_body(server: Server, number: int) -> object:
    connection = connect(server.port, address_of(number // 4))
    head = Request("POST", SESSION, content_type="application/json", content_length="16000").head()
    connection.sendall(head + b'{"token":"' + b"x" * 8_000)
    return connection


def unread_answers(server: Server, number: int) -> object:
    connection = Http2(server.port, window=0, source=address_of(number // 4))
    with suppress(ConnectionError):
        for _ in range(UNREAD):
            connection.ask(Request("GET", "/openapi.json"))
    return connection


def unfinished_over_http2(server: Server, number: int, length: int) -> object:
    """As many requests as there may be, each with a large head and a body that does not come."""
    connection = Http2(server.port, source=address_of(number // 4))
    fields = {f"x_{field}": "x" * 1_000 for field in range(length // 1_000)}
    request = Request("POST", SESSION, body=b'{"token":"', content_type="application/json", **fields)
    with suppress(ConnectionError):
        for _ in range(UNREAD):
            connection.ask(request, is_whole=False)
    return connection


KINDS: dict[str, Callable[[Server, int], object]] = {
    "nothing sent": lambda server, number: connect(server.port, address_of(number // 4)),
    "half a head": half_a_head,
    "half a head, 30 kB so far": lambda server, number: half_a_head(server, number, 30_000),
    "half a sign-in body of 16 kB": half_a_body,
    f"HTTP/2, {UNREAD} sign-ins without an end, heads of 14 kB": lambda server, number: unfinished_over_http2(
        server, number, 14_000
    ),
    f"HTTP/2, {UNREAD} sign-ins without an end, heads of 60 kB": lambda server, number: unfinished_over_http2(
        server, number, 60_000
    ),
    f"HTTP/2, {UNREAD} unread answers, window 0": unread_answers,
}


def growth_per_connection(binary: str) -> list[tuple]:
    """The peak while they open counts: a server that cuts them afterwards has held it."""
    rows = []
    for name, open_one in KINDS.items():
        with Server(binary) as server:
            for _ in range(50):
                Http1(server.port).send(Request("GET", "/openapi.json"))
            server.forget_peak()
            before, held, refused = server.resident_kib(), [], 0
            for number in range(CONNECTIONS):
                try:
                    held.append(open_one(server, number))
                except OSError:
                    refused += 1
            time.sleep(SETTLE_SECONDS)
            peak, settled = server.peak_kib() - before, server.resident_kib() - before
            rows.append((name, f"{peak / CONNECTIONS:.1f}", f"{settled / CONNECTIONS:.1f}", refused))
            for connection in held:
                connection.close()
    return rows
