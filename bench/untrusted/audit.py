"""S3: how many rows unauthenticated requests write."""

import sqlite3
import time

from server import Server
from wire import Http1, Request, address_of

REFUSALS = 3_000
MINUTE_SECONDS = 60


def rows(server: Server) -> int:
    with sqlite3.connect(f"file:{server.data / 'livetrail.db'}?mode=ro", uri=True) as log:
        return log.execute("SELECT count(*) FROM activity_logs").fetchone()[0]


def measure(binary: str) -> list[tuple]:
    with Server(binary) as server:
        before, began = rows(server), time.monotonic()
        for number in range(REFUSALS):
            client = Http1(server.port, address_of(number))
            client.send(Request("GET", "/api/admin/activity", "lt_unknown"))
            client.close()
        took = time.monotonic() - began
        time.sleep(max(0.0, MINUTE_SECONDS - took) + 2)
        minutes = max(1.0, took / MINUTE_SECONDS)
        return [
            (f"{REFUSALS} refusals, each from its own address", f"{took:.0f}", round((rows(server) - before) / minutes))
        ]
