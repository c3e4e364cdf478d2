#!/usr/bin/env python3
"""What alerts cost, how soon they are raised, and what the built-in rules find. Prints Markdown. See README.md.

usage: bench/alerts.py cost [--binary FILE] [--secs N] [--rounds N]
       bench/alerts.py found --data-dir FOLDER [--binary FILE]
"""

import argparse
import http.client
import json
import math
import random
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from activities import activity
from untrusted.server import Server

ROOT = Path(__file__).resolve().parent.parent
RATE = 5_000
BATCH = 250
RULES = 50
FAILURES = 10
# A group of its own is attacked so often.
EVERY_SECONDS = 0.2
BUILT_IN = "failed-sign-ins"
PATIENCE_SECONDS = 30
# How many rules there are, and whether they are busy.
KINDS = {
    "none": (0, False),
    "the 9 built-in ones that are on": (9, False),
    f"{RULES}": (RULES, False),
    f"{RULES}, busy": (RULES, True),
}

# Conditions that look at everything and never raise an alert.
CONDITIONS = [
    'type = "event_count"\ngte = 10000',
    'type = "value_count"\nfield = "endpoint"\ngte = 10000',
    'type = "ratio"\npart = { status = 504 }\ngte = 0.9\nmin_count = 10000',
    'type = "temporal_ordered"\nsteps = [{ gte = 900, filter = { success_filter = false } },'
    " { filter = { success_filter = true } }]",
]
GROUPS = ["user_id", "ip_address", "endpoint", "session_id"]
ACTIONS = ["user_login", "chat_message", "session_create", "document_view", "document_update", "payout_created"]


def rule(number: int, is_busy: bool) -> str:
    """It looks at one action, every other rule at failures only. Of busy rules, each sixth looks at everything."""
    action = f'action_filter = "{ACTIONS[number % len(ACTIONS)]}"\n'
    failures = "success_filter = false\n" if number // 6 % 2 and not is_busy else ""
    filter_table = f"[filter]\n{action}{failures}" if number % 6 or not is_busy else ""
    group, condition = GROUPS[number % len(GROUPS)], CONDITIONS[number // 4 % len(CONDITIONS)]
    head = f'id = "cost-{number}"\ntitle = "Cost"\nseverity = "info"\ntimespan = "10m"\ngroup_by = ["{group}"]\n'
    return f"{head}{filter_table}[condition]\n{condition}\n"


class Client:
    """One connection that is kept alive."""

    def __init__(self, port: int, key: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"Authorization": f"Bearer {key}"}

    def call(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> bytes:
        self.connection.request(method, path, body, self.headers | ({"Content-Type": kind} if body else {}))
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text.decode(errors='replace')}")
        return text

    def json(self, method: str, path: str, body: object = None) -> object:
        return json.loads(self.call(method, path, None if body is None else json.dumps(body).encode()) or "null")


def lines(activities: list[dict[str, object]]) -> bytes:
    return "\n".join(json.dumps(one) for one in activities).encode()


def everyday(seconds: int) -> list[bytes]:
    """Batches as a second of everyday traffic after the other brings them, without times of their own."""
    chance, now = random.Random(7), datetime.now(UTC)

    def one() -> dict[str, object]:
        return {name: value for name, value in activity(chance, now).items() if name != "timestamp"}

    return [lines([one() for _ in range(BATCH)]) for _ in range(seconds * RATE // BATCH)]


class Alerts(threading.Thread):
    """Reads alerts from a live stream: when the first of each user came."""

    def __init__(self, port: int, key: str) -> None:
        super().__init__(daemon=True)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        path = "/api/admin/activity/stream?user_id=nobody"
        self.connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
        self.answer = self.connection.getresponse()
        self.seen: dict[str, float] = {}

    def run(self) -> None:
        for line in self.answer:
            now = time.monotonic()
            if not line.startswith(b'data: {"type":"alert"'):
                continue
            alert = json.loads(line[6:])["data"]
            if alert["rule"] == BUILT_IN:
                self.seen.setdefault(alert["group"]["user_id"], now)


class Attacks(threading.Thread):
    """Guesses the password of a new user again and again: when the server said that it has the tenth failure."""

    def __init__(self, port: int, key: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.client, self.stop, self.stored = Client(port, key), stop, dict[str, float]()

    def run(self) -> None:
        number = 0
        while not self.stop.wait(EVERY_SECONDS):
            user = f"attacked-{number}"
            failure = {"user_id": user, "action_type": "user_login", "success": False, "status_code": 401}
            self.client.call("POST", "/api/activity", json.dumps([failure] * FAILURES).encode())
            self.stored[user] = time.monotonic()
            number += 1


def set_rules(admin: Client, count: int, is_busy: bool) -> None:
    """Leaves no rule, the built-in ones that are on, or as many as `count` altogether."""
    known = admin.json("GET", "/api/admin/alert-rules")["data"]
    on = [one for one in known if one["enabled"]]
    if count == 0:
        for one in on:
            admin.json("PUT", f"/api/admin/alert-rules/{one['id']}", {"enabled": False})
    for number in range(count - len(on)):
        admin.json("POST", "/api/admin/alert-rules", {"definition": rule(number, is_busy)})


def send(sender: Client, batches: list[bytes]) -> None:
    begin = time.monotonic()
    for number, batch in enumerate(batches):
        time.sleep(max(0.0, begin + number * BATCH / RATE - time.monotonic()))
        sender.call("POST", "/api/activity", batch, "application/x-ndjson")
    took = time.monotonic() - begin
    if took > 1.05 * len(batches) * BATCH / RATE:
        print(f"it fell behind: {len(batches) * BATCH / took:,.0f}/s", file=sys.stderr)


def cost(server: Server, sender: Client, batches: list[bytes]) -> float:
    """CPU time of the server for an activity, in µs."""
    before = server.cpu_seconds()
    send(sender, batches)
    return (server.cpu_seconds() - before) * 1e6 / (len(batches) * BATCH)


def waits(server: Server, key: str, batches: list[bytes]) -> list[float]:
    """The seconds from each acknowledgement to its alert, while everyday traffic goes on."""
    alerts, stop = Alerts(server.port, key), threading.Event()
    attacks = Attacks(server.port, key, stop)
    alerts.start()
    attacks.start()
    send(Client(server.port, key), batches)
    stop.set()
    attacks.join()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while attacks.stored.keys() - alerts.seen.keys() and time.monotonic() < deadline:
        time.sleep(0.05)
    return [alerts.seen.get(user, math.inf) - at for user, at in attacks.stored.items()]


def quantile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def print_cost(binary: str, secs: int, rounds: int) -> None:
    batches = everyday(secs)
    spent: dict[str, list[float]] = {name: [] for name in KINDS}
    late: dict[str, list[float]] = {name: [] for name in KINDS}
    for _ in range(rounds):
        for name, (count, is_busy) in KINDS.items():
            with Server(binary) as server:
                key = server.key("admin")
                client = Client(server.port, key)
                set_rules(client, count, is_busy)
                spent[name].append(cost(server, client, batches))
                late[name] += waits(server, key, batches) if count else []
            print(f"{name}: {spent[name][-1]:.2f} µs", file=sys.stderr)
    print(f"{RATE:,} activities a second in batches of {BATCH}, {secs} s, median of {rounds} rounds.\n")
    print("| rules | CPU of an activity | against no rule | alert after the acknowledgement: p50, p99, longest |")
    print("| --- | --- | --- | --- |")
    plain = statistics.median(spent["none"])
    for name in KINDS:
        micros, each = statistics.median(spent[name]), late[name]
        text = ", ".join(f"{1e3 * quantile(each, part):,.0f} ms" for part in (0.5, 0.99, 1)) if each else ""
        text += f" ({len(each)} alerts)" if each else ""
        print(f"| {name} | {micros:.2f} µs | {micros / plain - 1:+.1%} | {text} |")


def sign_ins(users: list[str], address: str, begin: datetime, gap: float, succeeds: bool = False) -> Iterator[dict]:
    """Failed sign-ins of users in turn, at last perhaps one that succeeds."""
    for number, user in enumerate([*users, users[-1]] if succeeds else users):
        good = succeeds and number == len(users)
        yield {
            "timestamp": (begin + timedelta(seconds=gap * number)).isoformat(),
            "user_id": user,
            "action_type": "user_login",
            "endpoint": "/api/login",
            "http_method": "POST",
            "status_code": 200 if good else 401,
            "success": good,
            "ip_address": address,
        }


def planted(day: datetime) -> dict[str, list[dict]]:
    """Attacks, and the rule that is to find each; the addresses and users occur nowhere else."""
    noon = day + timedelta(hours=12)
    one = {"user_id": "planted-admin", "is_admin": True, "success": True, "status_code": 200}
    one["timestamp"] = noon.isoformat()
    return {
        "password-spraying": [*sign_ins([f"planted-{n}" for n in range(40)], "192.0.2.1", noon, 10)],
        "failed-sign-ins": [*sign_ins(["planted-a"] * 30, "192.0.2.2", noon, 15)],
        "guessed-password": [*sign_ins(["planted-b"] * 30, "192.0.2.3", noon, 15, succeeds=True)],
        "failed-sign-ins-of-a-day": [*sign_ins(["planted-c"] * 8, "192.0.2.4", day, 9_000)],
        "second-factor-off": [one | {"user_id": "planted-d", "action_type": "two_factor_disabled"}],
        "new-admin": [one | {"action_type": "admin_created", "target_user_id": "planted-e"}],
        "password-of-another": [one | {"action_type": "password_changed", "target_user_id": "planted-f"}],
    }


def back_test(admin: Client, definition: str, begin: datetime, end: datetime) -> dict:
    body = {"definition": definition, "from": begin.isoformat(), "to": end.isoformat()}
    answer = admin.call("POST", "/api/admin/alert-rules/backtest", json.dumps(body).encode())
    last = json.loads(answer.decode().strip().rpartition("\n")[2])
    if last["type"] != "result":
        raise SystemExit(str(last))
    return last


def print_found(binary: str, data: str) -> None:
    with Server(binary, data) as server:
        key = server.key("admin")
        admin = Client(server.port, key)
        # A question is answered by the index, which may still be made.
        while b"index" in (text := admin.call("GET", "/readyz")) and b"building" in text:
            time.sleep(1)
        newest = admin.json("GET", "/api/admin/activity?limit=1&resource_type=!livetrail")
        end = datetime.fromisoformat(newest["data"][0]["occurred_at"])
        begin, day = end - timedelta(days=90), (end - timedelta(days=45)).replace(hour=0, minute=0, second=0)
        attacks = planted(day)
        admin.call("POST", "/api/activity", lines(sum(attacks.values(), [])), "application/x-ndjson")
        print(f"{newest['total']:,} activities of 90 days; attacks on {day:%Y-%m-%d}.\n")
        print("| rule | activities | alerts a day without that day | on that day | planted attack | took |")
        print("| --- | --- | --- | --- | --- | --- |")
        for one in admin.json("GET", "/api/admin/alert-rules")["data"]:
            if not one["enabled"]:
                continue
            started = time.monotonic()
            found = back_test(admin, one["definition"], begin, end)
            took = time.monotonic() - started
            of_day = sum(each["alerts"] for each in found["per_day"] if each["day"] == f"{day:%Y-%m-%d}")
            verdict = "none" if one["id"] not in attacks else "found" if of_day else "MISSED"
            others = (found["alerts"] - of_day) / 89
            print(f"| {one['id']} | {found['activities']:,} | {others:,.2f} | {of_day:,} | {verdict} | {took:.1f} s |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    costs, finds = commands.add_parser("cost"), commands.add_parser("found")
    for command in costs, finds:
        command.add_argument("--binary", default=str(ROOT / "target/release/livetrail"))
    costs.add_argument("--secs", type=int, default=20)
    costs.add_argument("--rounds", type=int, default=3)
    finds.add_argument("--data-dir", required=True)
    options = parser.parse_args()
    if options.command == "cost":
        print_cost(options.binary, options.secs, options.rounds)
    else:
        print_found(options.binary, options.data_dir)


if __name__ == "__main__":
    main()
