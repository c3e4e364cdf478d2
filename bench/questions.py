#!/usr/bin/env python3
"""What the expensive questions of one credential cost the others. Prints a table in Markdown. See README.md.

usage: bench/questions.py [--rows N] [--database-url URL]
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARY = os.environ.get("LIVETRAIL_BIN", str(ROOT / "target/release/livetrail"))
LOG = "/api/admin/activity"
ACTIONS = ["user_login", "chat_message", "session_create", "document_upload", "payout_created", "custom"]
BATCH = 5_000
EXPENSIVE = 10
ROUNDS = 60


class Server:
    """A server of its own, in a folder that goes away with it."""

    def __init__(self, folder: str, database_url: str | None) -> None:
        # A developer's own settings could name a real database.
        foreign = ("LIVETRAIL_", "DATABASE_URL", "JWT_SECRET_KEY")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(foreign)}
        self.settings = ["--data-dir", folder] + (["--database-url", database_url] if database_url else [])
        command = [
            BINARY,
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--question-timeout",
            "60",
            "--log",
            "warn",
            *self.settings,
        ]
        self.process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])

    def key(self, role: str, name: str) -> str:
        command = [BINARY, "key", "create", "--role", role, "--name", name, *self.settings]
        return subprocess.check_output(command, env=self.environment, text=True).strip()


class Client:
    """One connection that is kept alive."""

    def __init__(self, server: Server, key: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        self.connection.request(method, path, json.dumps(body) if body is not None else None, self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


def fill(writer: Client, rows: int) -> None:
    chance = random.Random(5)
    for _ in range(rows // BATCH):
        items = [
            {
                "user_id": f"u-{chance.randrange(20_000)}",
                "action_type": chance.choice(ACTIONS),
                "endpoint": f"/things/{chance.randrange(400)}",
                "status_code": chance.choice([200, 200, 201, 404, 500]),
                "duration_ms": chance.randrange(2_000),
                "timestamp": int(time.time()) - chance.randrange(3_600, 30 * 86_400),
                "ip_address": f"10.{chance.randrange(256)}.{chance.randrange(256)}.7",
            }
            for _ in range(BATCH)
        ]
        status, answer = writer.call("POST", "/api/activity", items)
        assert status == 200, answer


def expensive(networks: int) -> str:
    return f"{LOG}/facets?ip=" + ",".join(f"!11.{n}.0.0/16" for n in range(networks))


@contextlib.contextmanager
def busy(server: Server, key: str) -> Iterator[None]:
    """Ten expensive questions of one credential are under way at any time."""
    ended = threading.Event()

    def ask() -> None:
        client = Client(server, key)
        while not ended.is_set():
            client.call("GET", expensive(50))

    threads = [threading.Thread(target=ask) for _ in range(EXPENSIVE)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def measure(calls: dict[str, Callable[[], tuple[int, bytes]]]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            begun = time.perf_counter()
            status, answer = call()
            times[name].append((time.perf_counter() - begun) * 1_000)
            assert status in (200, 201), answer
    return times


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=300_000)
    arguments.add_argument("--database-url", help="store there; an empty database, please: rows stay in it")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder, given.database_url)
        try:
            report(server, given.rows)
        finally:
            server.process.terminate()
            server.process.wait()


def report(server: Server, rows: int) -> None:
    writer = Client(server, server.key("writer", "writer"))
    reader = Client(server, server.key("viewer", "reader"))
    greedy = server.key("viewer", "greedy")
    fill(writer, rows)
    one = json.loads(reader.call("GET", f"{LOG}?limit=1&user_id=!none")[1])["data"][0]["id"]
    activity = {"user_id": "u-1", "action_type": "user_login"}
    calls = {
        "`/readyz`": lambda: reader.call("GET", "/readyz"),
        "an activity by id": lambda: reader.call("GET", f"{LOG}/{one}"),
        "an acknowledgement": lambda: writer.call("POST", "/api/activity", activity),
        "a list with figures, last minute": lambda: reader.call("GET", f"{LOG}?date_from={int(time.time()) - 60}"),
    }
    alone = measure(calls)
    with busy(server, greedy):
        beside = measure(calls)
    print(f"{rows:,} activities; {EXPENSIVE} questions for facets of one other credential under way, ms\n")
    print("| | alone p50 | alone worst | beside them p50 | beside them worst |\n| --- | --- | --- | --- | --- |")
    for name in calls:
        cells = [f(times[name]) for times in (alone, beside) for f in (statistics.median, max)]
        print(f"| {name} | " + " | ".join(f"{cell:.1f}" for cell in cells) + " |")
    facets = {n: statistics.median(timed(Client(server, greedy), n) for _ in range(5)) for n in (1, 50)}
    print(f"\nFacets with 50 networks take {facets[50] / facets[1]:.2f} times as long as with one.")


def timed(client: Client, networks: int) -> float:
    begun = time.perf_counter()
    status, answer = client.call("GET", expensive(networks))
    assert status == 200, answer
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
