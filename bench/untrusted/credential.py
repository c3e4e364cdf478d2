"""S2: what one credential's requests hold, and what they do to another's."""

import gzip
import json
import statistics
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

from server import Server
from wire import Closed, Http1, Http2, Request

BATCH = 5_000
CONNECTIONS, STREAMS = 4, 100
BATCHES_AT_ONCE = 64
SAMPLE_SECONDS = 0.02
LIST, WRITE = "/api/admin/activity", "/api/activity"
NDJSON = {"content_type": "application/x-ndjson"}


def lines(begin: int, count: int, filler: str = "") -> bytes:
    def line(number: int) -> str:
        activity = {
            "user_id": f"u-{number % 997}",
            "action_type": ("user_login", "chat_message", "profile_updated")[number % 3],
            "endpoint": f"/api/chat/{number}",
            "http_method": "POST",
            "status_code": 200 if number % 20 else 500,
            "ip_address": f"192.0.2.{number % 250}",
            "duration_ms": number % 900,
            "details": {"note": f"activity {number} {filler}"},
        }
        return json.dumps(activity)

    return "\n".join(map(line, range(begin, begin + count))).encode()


def fill(server: Server, key: str, rows: int) -> None:
    connection = Http1(server.port)
    for begin in range(0, rows, BATCH):
        body = gzip.compress(lines(begin, min(BATCH, rows - begin)), 1)
        connection.json(Request("POST", WRITE, key, body, content_encoding="gzip", **NDJSON))


class Peak:
    """The most anonymous memory that a server has had since it began to watch, sampled."""

    def __init__(self, server: Server):
        self._server, self._is_over, self._most = server, threading.Event(), server.anonymous_kib()
        self._before = self._most
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._is_over.wait(SAMPLE_SECONDS):
            self._most = max(self._most, self._server.anonymous_kib())

    def end(self) -> float:
        """MB more than at first."""
        self._is_over.set()
        self._thread.join()
        return (self._most - self._before) / 1_024


class Attack:
    """Requests of one credential, until it is over."""

    def __init__(self, server: Server, key: str):
        self.server, self.key, self.is_over = server, key, threading.Event()

    def unread_lists(self) -> None:
        self._unread(lambda number: f"{LIST}?limit=100&page={1 + number}")

    def unread_exports(self) -> None:
        self._unread(lambda number: f"{LIST}/export?format=ndjson&user_id=!u-{number}")

    def _unread(self, path: Callable[[int], str]) -> None:
        with ExitStack() as opened:
            for number in range(CONNECTIONS):
                try:
                    connection = Http2(self.server.port, window=0)
                    opened.callback(connection.close)
                    for stream in range(STREAMS):
                        connection.ask(Request("GET", path(number * STREAMS + stream), self.key))
                except OSError:
                    continue
            self.is_over.wait()

    def batches(self) -> None:
        body = gzip.compress(lines(0, 10_000, "x" * 700)[:9_900_000], 1)
        request = Request("POST", WRITE, self.key, body, content_encoding="gzip", **NDJSON)
        self._repeat([request] * BATCHES_AT_ONCE)

    def questions(self) -> None:
        paths = [f"{LIST}?q=zz{number}&limit=1" for number in range(8)]
        self._repeat([Request("GET", path, self.key) for path in paths])

    def _repeat(self, requests: list[Request]) -> None:
        """Each over and over, all at once."""

        def repeat(request: Request) -> None:
            connection = Http1(self.server.port)
            while not self.is_over.is_set():
                try:
                    connection.send(request)
                except (Closed, OSError):
                    time.sleep(0.05)
            connection.close()

        threads = [threading.Thread(target=repeat, args=[request], daemon=True) for request in requests]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def latencies(server: Server, key: str, known: str, seconds: float) -> dict[str, list[float]]:
    """What another credential waits for, in milliseconds; what fails counts as the whole time it took."""
    connection = Http1(server.port)
    requests = {
        "get": Request("GET", f"{LIST}/{known}", key),
        "list": Request("GET", f"{LIST}?limit=20", key),
        "write": Request("POST", WRITE, key, lines(0, 1), content_type="application/json"),
    }
    took: dict[str, list[float]] = {name: [] for name in requests}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for name, request in requests.items():
            began = time.monotonic()
            try:
                connection.send(request)
            except (Closed, OSError):
                connection.close()
            took[name].append((time.monotonic() - began) * 1_000)
    return took


def summary(took: list[float]) -> str:
    ordered = sorted(took)
    p99 = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    return f"{statistics.median(ordered):.1f} / {p99:.0f} / {ordered[-1]:.0f}"


def measure(binary: str, rows: int, seconds: float) -> list[tuple]:
    table = []
    with Server(binary) as server:
        fill(server, server.key("writer"), rows)
        other = server.key("admin", "other")
        one = Request("POST", WRITE, other, lines(0, 1), content_type="application/json")
        known = Http1(server.port).json(one)["id"]
        attacker = server.key("admin", "acme")
        fill(server, attacker, rows // 2)
        attacks = {
            "nothing": None,
            f"{CONNECTIONS * STREAMS} unread lists": Attack.unread_lists,
            f"{CONNECTIONS * STREAMS} unread exports": Attack.unread_exports,
            "8 searches at once": Attack.questions,
            f"{BATCHES_AT_ONCE} gzip batches at once": Attack.batches,
        }
        for name, run in attacks.items():
            peak = Peak(server)
            attack = Attack(server, attacker)
            thread = threading.Thread(target=run, args=[attack], daemon=True) if run else None
            if thread:
                thread.start()
                time.sleep(1)
            took = latencies(server, other, known, seconds)
            held = peak.end()
            attack.is_over.set()
            if thread:
                thread.join(60)
            table.append((name, f"{held:.0f}", *map(summary, took.values()), "yes" if server.runs() else "NO"))
            if not server.runs():
                break
            time.sleep(2)
    return table
