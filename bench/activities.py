#!/usr/bin/env python3
"""Writes activities of an imaginary application as NDJSON. The same number gives the same text.

usage: bench/activities.py ROWS >FILE
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
USERS = 20_000
BROWSERS = ["Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64"]
MESSAGES = ["How far is the moon?", "Résumé of the report, please", "Draft a reply to Ada", "What changed since May?"]
# Action, method, endpoint, resource.
REQUESTS = [
    ("chat_message", "POST", "/api/chat/{}", None),
    ("session_create", "POST", "/api/sessions", "session"),
    ("document_view", "GET", "/api/documents/{}", "document"),
    ("document_update", "PATCH", "/api/documents/{}", "document"),
    ("user_login", "POST", "/api/login", None),
    ("payout_created", "POST", "/api/payouts", "payout"),
]
WEIGHTS = [40, 10, 25, 12, 10, 3]


def agent(chance: random.Random) -> str:
    version = chance.randint(120, 144)
    system = chance.choice(BROWSERS)
    return f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"


def failure(action: str) -> dict[str, object]:
    return {
        "status_code": 401 if action == "user_login" else 500,
        "success": False,
        "error_type": "AuthError" if action == "user_login" else "TimeoutError",
        "error_message": "the upstream did not answer within 30 s",
    }


def activity(chance: random.Random, at: datetime) -> dict[str, object]:
    # A few users do most of it, as everywhere.
    user = int(USERS * chance.random() ** 3)
    action, method, endpoint, resource = chance.choices(REQUESTS, WEIGHTS)[0]
    number = chance.randrange(300)
    found: dict[str, object] = {
        "timestamp": at.isoformat(),
        "user_id": f"user-{user:05}",
        "action_type": action,
        "endpoint": endpoint.format(number),
        "http_method": method,
        "status_code": 200,
        "success": True,
        "duration_ms": int(chance.expovariate(1 / 80)),
        "db_query_count": chance.randrange(12),
        "ip_address": f"203.0.{user % 256}.{user // 256}",
        "user_agent": agent(random.Random(user)),
        "is_admin": user < 20,
        "session_id": f"{random.Random(user * 1_000 + at.toordinal() % 1_000).getrandbits(128):032x}",
        "request_id": f"{chance.getrandbits(64):016x}",
    }
    if resource:
        found |= {"resource_type": resource, "target_resource_id": f"{resource}-{number}"}
    if action == "chat_message":
        message = chance.choice(MESSAGES)
        found["details"] = {"message_preview": message, "length": len(message), "model": "large", "tools": ["search"]}
    if action == "document_update":
        found["changes"] = {"title": {"from": f"Draft {number}", "to": f"Report {number}"}}
    if chance.random() < 0.03:
        found |= failure(action)
    return found


def activities(rows: int) -> Iterator[dict[str, object]]:
    chance, at = random.Random(5), BEGIN
    for _ in range(rows):
        at += timedelta(microseconds=chance.randrange(20_000_000))
        yield activity(chance, at)


def main() -> None:
    for found in activities(int(sys.argv[1])):
        print(json.dumps(found, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
