"""The cases that all SDKs share, over a real connection."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from livetrail import Client
from livetrail.details import details_json
from livetrail.redact import Redaction, looks_like_credential

from .contract import cases, entries, expanded, filled
from .scripted_server import NETWORK_ERROR, Answer, Request, ScriptedServer, stored

UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z")
PATIENCE = 20.0


@pytest.mark.parametrize("case", cases("redaction.json"))
def test_secrets_are_redacted_as_the_contract_says(case: dict[str, Any]) -> None:
    redaction = Redaction()
    assert json.loads(details_json(case["in"], redaction)) == case["out"]
    if "counts" in case:
        assert redaction.counts() == case["counts"]


def test_redacting_what_is_redacted_changes_nothing() -> None:
    outs = [case["out"] for case in entries("redaction.json")]
    assert [json.loads(details_json(out, Redaction())) for out in outs] == outs


def test_ordinary_texts_stay_as_they_are() -> None:
    texts = entries("ordinary.json")
    assert [Redaction().text(text) for text in texts] == texts


def test_session_ids_that_could_be_credentials_are_recognised() -> None:
    ids = entries("sessions.json")
    assert [{"id": case["id"], "credential": looks_like_credential(case["id"])} for case in ids] == ids


@pytest.mark.parametrize("case", cases("shape.json"))
def test_the_body_is_the_contracts(case: dict[str, Any], client: Client, server: ScriptedServer) -> None:
    client.record(**expanded(case["in"]))
    assert client.flush(PATIENCE) is (case["out"] is not None)
    if case["out"] is None:
        assert (server.activities, client.stats.rejected) == ([], 1)
        return
    [body] = server.activities
    assert UUID7.match(body.pop("id"))
    assert MOMENT.match(body.pop("timestamp"))
    assert body == expanded(case["out"])


def send_behind_an_opener(client: Client, server: ScriptedServer, count: int, **fields: Any) -> list[str | None]:
    """Records so many while the answer to a first one is held, and waits until all are sent."""
    server.hold()
    client.record("opener", "user_login")
    server.wait_for_requests(1)
    ids = [client.record(f"u-{number}", "user_login", **fields) for number in range(count)]
    server.release()
    assert client.flush(PATIENCE) is (client.stats.rejected == 0)
    return ids


@pytest.mark.parametrize("case", cases("retry.json"))
def test_answers_are_followed_as_the_contract_says(
    case: dict[str, Any], client: Client, server: ScriptedServer
) -> None:
    answers = iter(case["answers"])

    def script(request: Request) -> Answer | str:
        if request is server.requests[0]:
            return stored(request)
        answer = filled(next(answers), [activity["id"] for activity in request.activities])
        return NETWORK_ERROR if answer == NETWORK_ERROR else (answer["status"], answer["headers"], answer["body"])

    server.script = script
    send_behind_an_opener(client, server, case["activities"])
    assert len(server.requests) - 1 == case["attempts"]
    stats = client.stats
    assert (stats.sent - 1, stats.duplicates, stats.rejected, stats.dropped, stats.waiting) == (
        case["sent"],
        case["duplicates"],
        case["rejected"],
        0,
        0,
    )
    if "pause_at_least_ms" in case:
        assert server.requests[2].at - server.answered_at[1] >= case["pause_at_least_ms"] / 1000


@pytest.mark.parametrize("case", cases("batching.json"))
def test_activities_travel_in_batches(
    case: dict[str, Any], new_client: Callable[..., Client], server: ScriptedServer
) -> None:
    client = new_client()
    ids = send_behind_an_opener(client, server, case["activities"], details={"k": "v" * case["details_bytes"]})
    requests = server.requests[1:]
    assert [len(request.activities) for request in requests] == case["requests"]
    assert [isinstance(request.body, list) for request in requests] == [count > 1 for count in case["requests"]]
    assert [activity["id"] for activity in server.activities[1:]] == ids
