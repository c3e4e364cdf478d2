"""The SDK and the server itself, if `LIVETRAIL_BINARY` names it: nothing is lost, nothing is there twice."""

import json
import os
import random
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from livetrail import Client, Receipt, RefusedError, follow, pages
from livetrail.address import read_address
from livetrail.details import details_json
from livetrail.redact import Redaction, looks_like_credential

from .contract import cases, expanded
from .livetrail_server import BINARY, Livetrail
from .test_redaction import PARTS

pytestmark = pytest.mark.skipif(BINARY is None, reason="LIVETRAIL_BINARY names no server")
PATIENCE = 60.0
ADDRESS_PARTS = [
    *["192.0.2.7", "2001:db8::1", "::ffff:192.0.2.7", "unknown", "[2001:db8::2]", "192.0.2.07", "1", "::"],
    *["[", "]", ":", ":443", "%eth0", ",", ",", " ", "\u00a0", "\u0664"],
]


@pytest.fixture(scope="module")
def livetrail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Livetrail]:
    server = Livetrail(tmp_path_factory.mktemp("livetrail"))
    yield server
    server.kill()


SPOOLS = """
import livetrail
client = livetrail.default_client()
for number in range(100):
    client.record("u-1", "spooled", details={"n": number})
client.flush()
print("stored", flush=True)
input()
for number in range(100, 200):
    client.record("u-1", "spooled", details={"n": number})
print("recorded", flush=True)
input()
"""


def test_every_activity_is_in_the_log_once_although_the_server_is_killed_midway(livetrail: Livetrail) -> None:
    client = Client(livetrail.url, livetrail.writer)
    ids: list[str | None] = []
    half = threading.Barrier(9)

    def work(thread: int) -> None:
        for number in range(125):
            if number == 60:
                half.wait(PATIENCE)
            ids.append(client.record(f"{thread}-{number}", "survives"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    half.wait(PATIENCE)
    # The eight go on recording while the server dies with a request in its hands, and comes back.
    livetrail.kill()
    livetrail.start()
    for thread in threads:
        thread.join()
    assert client.close(PATIENCE)
    found = [activity["id"] for activity in livetrail.activities("survives")]
    assert len(found) == len(ids) == 1000
    assert set(found) == set(ids)
    assert client.stats.sent == 1000
    assert (client.stats.rejected, client.stats.dropped) == (0, 0)


def test_what_was_acknowledged_survives_a_kill(livetrail: Livetrail) -> None:
    with Client(livetrail.url, livetrail.writer) as client:
        receipt = client.record_durably("u-1", "payout_approved", target_resource_id=7)
    assert isinstance(receipt, Receipt)
    livetrail.kill()
    livetrail.start()
    stored = livetrail.stored(receipt.id)
    assert (stored["position"], stored["target_resource_id"]) == (receipt.position, "7")


def test_one_bad_activity_of_a_batch_takes_no_other_with_it(livetrail: Livetrail) -> None:
    with Client(livetrail.url, livetrail.writer) as client:
        for number in range(30):
            client.record("u-1", "no action!" if number % 10 == 5 else "neighbour")
        assert not client.flush(PATIENCE)
        assert (client.stats.sent, client.stats.rejected) == (27, 3)
        with pytest.raises(RefusedError, match="action_type may have letters"):
            client.record_durably("u-1", "no action!")
    assert len(livetrail.activities("neighbour")) == 27


def test_a_user_of_the_directory_is_named_beside_the_activity(livetrail: Livetrail) -> None:
    with Client(livetrail.url, livetrail.writer) as client:
        for user in ("a/b?", ".."):
            client.put_user(user, email="a@example.com", display_name="Ada\n Lovelace")
            receipt = client.record_durably(user, "user_login")
            assert livetrail.stored(receipt.id)["user_display_name"] == "Ada  Lovelace"
        assert client.stats.rejected == 0


def assert_stored(sent: dict[str, Any], stored: dict[str, Any], case: Any) -> None:
    """Asserts that fields are stored as sent, but session ids that could be credentials as their keyed hashes."""
    for field, value in sent.items():
        is_session = field.lower() in {"session_id", "sessionid"} and isinstance(value, str)
        if is_session and looks_like_credential(value):
            assert re.fullmatch("hashed:[0-9a-f]{32}", stored[field]), case
        else:
            assert stored[field] == value, case


def test_the_server_takes_every_body_of_the_contract(livetrail: Livetrail) -> None:
    bodies = [(case.id, case.values[0]) for case in cases("shape.json") if case.values[0]["out"]]
    with Client(livetrail.url, livetrail.writer) as client:
        for name, case in bodies:
            stored = livetrail.stored(client.record_durably(**expanded(case["in"])).id)
            sent = expanded(case["out"])
            sent.pop("changes", None)  # A secret field's sides become one there.
            if details := sent.pop("details", None):
                assert stored["details"].keys() == details.keys(), name
                assert_stored(details, stored["details"], name)
            assert_stored(sent, stored, name)


def test_activities_of_a_killed_process_are_stored_once_by_the_next(livetrail: Livetrail, tmp_path: Path) -> None:
    """It is killed while the server is away, after a part of its activities was stored."""
    source = str(Path(__file__).parents[1] / "src")
    settings = {"LIVETRAIL_URL": livetrail.url, "LIVETRAIL_KEY": livetrail.writer, "LIVETRAIL_SPOOL": str(tmp_path)}
    environment = {**os.environ, **settings, "PYTHONPATH": source}
    python = [sys.executable, "-c", SPOOLS]
    with subprocess.Popen(python, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        livetrail.kill()
        process.stdin.write("the server is away\n")
        process.stdin.flush()
        process.stdout.readline()
        process.kill()
    livetrail.start()
    with Client(livetrail.url, livetrail.writer, spool=tmp_path) as client:
        client.record("u-1", "spooled", details={"n": 200})
        while client.stats.sent < 101:
            assert client.flush(PATIENCE)
    found = [activity["details"]["n"] for activity in livetrail.activities("spooled")]
    assert sorted(found) == list(range(201))


def test_the_list_and_the_stream_after_it_have_everything_once(livetrail: Livetrail) -> None:
    with Client(livetrail.url, livetrail.writer, queue_items=50) as client:
        client.record_many({"user_id": "u-1", "action_type": "listed", "details": {"n": n}} for n in range(250))
        assert client.flush(PATIENCE)
        filters = {"action_filter": "listed", "sort_order": "asc", "limit": 100}
        found = list(pages(livetrail.url, livetrail.viewer, **filters))
        assert [activity["details"]["n"] for page in found for activity in page] == list(range(250))
        cursor = found[-1].head_cursor
        with closing(follow(livetrail.url, livetrail.viewer, last_event_id=cursor, action_filter="listed")) as frames:
            client.record("u-1", "listed", details={"n": 250})
            assert next(frames).data["details"] == {"n": 250}


def test_the_stream_goes_on_where_it_was_after_a_kill(livetrail: Livetrail) -> None:
    with Client(livetrail.url, livetrail.writer) as client:
        cursor = livetrail.get("/api/admin/activity").json()["head_cursor"]
        client.record("u-1", "followed", details={"n": 0})
        with closing(follow(livetrail.url, livetrail.viewer, last_event_id=cursor, action_filter="followed")) as frames:
            assert next(frames).data["details"] == {"n": 0}
            livetrail.kill()
            livetrail.start()
            for number in range(1, 50):
                client.record("u-1", "followed", details={"n": number})
            assert [next(frames).data["details"]["n"] for _ in range(1, 50)] == list(range(1, 50))


def test_redaction_is_the_servers(livetrail: Livetrail) -> None:
    chance = random.Random(4)
    made_up = [{"text": "".join(chance.choices(PARTS, k=chance.randrange(12)))} for _ in range(2000)]
    given = [case.values[0]["in"] for case in cases("redaction.json")] + made_up
    with Client(livetrail.url, livetrail.writer, redact=False) as client:
        ids = [client.record("u-1", "redaction", details=details) for details in given]
        assert client.flush(PATIENCE)
    stored = {activity["id"]: activity["details"] for activity in livetrail.activities("redaction")}
    redaction = Redaction()
    for id_, details in zip(ids, given, strict=True):
        sent = json.loads(details_json(details, redaction))
        assert stored[str(id_)].keys() == sent.keys(), details
        assert_stored(sent, stored[str(id_)], details)


def test_addresses_are_read_as_the_server_reads_them(livetrail: Livetrail) -> None:
    chance = random.Random(5)
    texts = ["".join(chance.choices(ADDRESS_PARTS, k=chance.randrange(1, 6))) for _ in range(2000)]
    activities = [
        {"user_id": str(number), "action_type": "address", "ip_address": text} for number, text in enumerate(texts)
    ]
    headers = {"Authorization": f"Bearer {livetrail.writer}"}
    answer = httpx.post(livetrail.url + "/api/activity", json=activities, headers=headers, timeout=PATIENCE)
    assert answer.json()["accepted"] == len(texts)
    stored = {int(activity["user_id"]): activity["ip_address"] for activity in livetrail.activities("address")}
    assert [(text, read_address(text)) for text in texts] == [(text, stored[at]) for at, text in enumerate(texts)]
    assert None in stored.values()


@pytest.mark.parametrize("changes", ["x", [1], {"plan": "pro"}, {"plan": {"old": 1}}, {"plan": {}}, {}], ids=str)
def test_the_server_takes_changes_of_any_form(changes: Any, livetrail: Livetrail) -> None:
    with Client(livetrail.url, livetrail.writer) as client:
        assert client.record_durably("u-1", "changed", changes=changes, duration_ms=12.5).position
