"""S4: whether a secret that came through the API is found in the data folder or in the server's log."""

import json
import re
from pathlib import Path

from server import Server
from wire import Http1, Request

REDACTED = "[redacted]"
# A shorter one would be found by chance.
MIN_CHARACTERS = 8
TEXT_FIELDS = (
    *(
        "error_message",
        "endpoint",
        "user_agent",
        "error_type",
        "user_id",
        "action_type",
        "http_method",
        "target_user_id",
    ),
    *("target_resource_id", "resource_type", "session_id", "request_id", "trace_id", "tenant_id", "delegate_id", "via"),
)
BATCH = 500


def secret_texts(corpus: Path) -> list[tuple[str, str]]:
    """The texts of the corpus with a secret that is known by its form, each with what it holds."""
    found = {}
    for case in json.loads(corpus.read_text()):
        given, kept = case["in"].get("text"), case["out"].get("text")
        if not (isinstance(given, str) and isinstance(kept, str) and REDACTED in kept) or REDACTED in given:
            continue
        pattern = "(.+)".join(map(re.escape, kept.split(REDACTED)))
        if match := re.fullmatch(pattern, given, re.DOTALL):
            found.update((secret, given) for secret in match.groups() if len(secret) >= MIN_CHARACTERS)
    return [(given, secret) for secret, given in sorted(found.items())]


def secret_names(corpus: Path) -> list[str]:
    """The keys whose values the corpus replaces, whatever they are."""
    cases = json.loads(corpus.read_text())
    names = (
        set(case["in"]) for case in cases if list(case["in"].values()) == ["x"] and REDACTED in case["out"].values()
    )
    return sorted(set().union(*names))


def bodies(corpus: Path) -> dict[str, list[tuple[dict, str]]]:
    """By place: activities that hold a secret there, and the secret."""
    secrets = secret_texts(corpus)
    plain = {"user_id": "u-1", "action_type": "test"}
    places = {field: [({**plain, field: given}, secret) for given, secret in secrets] for field in TEXT_FIELDS}
    places["details"] = [({**plain, "details": {"a": [{"b": given}]}}, secret) for given, secret in secrets]
    places["changes"] = [
        ({**plain, "changes": {"a": {"from": given, "to": None}}}, secret) for given, secret in secrets
    ]
    named = [(name, f"Zq7-{number}-not-a-word") for number, name in enumerate(secret_names(corpus))]
    places["details, key"] = [({**plain, "details": {"a": {name: value}}}, value) for name, value in named]
    places["changes, key"] = [({**plain, "changes": {name: {"from": 1, "to": value}}}, value) for name, value in named]
    return places


def is_found(secret: str, content: bytes) -> bool:
    return any(
        form.encode() in content
        for form in {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    )


def measure(binary: str, corpus: Path) -> list[tuple]:
    table = []
    for place, activities in bodies(corpus).items():
        with Server(binary) as server:
            client, key, stored = Http1(server.port), server.key("writer"), 0
            for begin in range(0, len(activities), BATCH):
                batch = json.dumps([activity for activity, _ in activities[begin : begin + BATCH]]).encode()
                status, answer = client.send(
                    Request("POST", "/api/activity", key, batch, content_type="application/json")
                )
                stored += json.loads(answer)["accepted"] if status == 200 else 0
            data = b"\0".join(file.read_bytes() for file in server.data.rglob("*") if file.is_file())
            log = server.log.read_bytes()
            kept = [secret for _, secret in activities if is_found(secret, data)]
            logged = [secret for _, secret in activities if is_found(secret, log)]
            table.append((place, len(activities), stored, len(kept), len(logged), *kept[:1]))
    return table
