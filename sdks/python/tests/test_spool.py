"""The spool on disk: what is recorded outlives the process, and is sent once."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from livetrail import Client, DroppedError, LivetrailError

from .scripted_server import PATIENCE, ScriptedServer, stored
from .test_threads_and_processes import SOURCE, ids

NewClient = Callable[..., Client]
DIES = """
import os, sys, livetrail
for number in range(3):
    print(livetrail.default_client().record(f"u-{number}", "a"), flush=True)
os._exit(1)
"""


def files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*.ndjson"))]


def lost_process(folder: Path) -> list[str]:
    """Ends without a word, and could not reach the server. Returns the ids of its three activities."""
    settings = {"LIVETRAIL_URL": "http://127.0.0.1:9", "LIVETRAIL_KEY": "k", "LIVETRAIL_SPOOL": str(folder)}
    python = [sys.executable, "-c", DIES]
    environment = {**os.environ, **settings, "PYTHONPATH": SOURCE}
    result = subprocess.run(python, env=environment, capture_output=True, text=True, timeout=20, check=False)
    return result.stdout.split()


def test_what_a_process_left_behind_is_sent_by_the_next_with_the_same_ids(
    new_client: NewClient, server: ScriptedServer, tmp_path: Path
) -> None:
    lost = lost_process(tmp_path)
    client = new_client(spool=tmp_path)
    server.wait_for_requests(1)
    assert client.flush(PATIENCE)
    assert [activity["id"] for activity in server.activities] == lost
    assert (client.stats.sent, files(tmp_path)) == (3, [])


def test_what_is_sent_leaves_nothing_on_disk(new_client: NewClient, server: ScriptedServer, tmp_path: Path) -> None:
    server.script = lambda request: (401, {}, {}) if request.activities[0]["user_id"] == "bad" else stored(request)
    client = new_client(spool=tmp_path)
    server.hold()
    client.record("good", "a")
    server.wait_for_requests(1)
    assert [json.loads(text)["user_id"] for text in files(tmp_path)] == ["good"]
    server.release()
    assert client.flush(PATIENCE)
    assert files(tmp_path) == [b""]
    client.record("bad", "a")
    client.close()
    assert files(tmp_path) == []


def test_a_client_that_is_closed_keeps_what_it_could_not_send(
    new_client: NewClient,
    server: ScriptedServer,
    tmp_path: Path,
    errors: list[LivetrailError],
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.script = lambda _: "network error"
    client = new_client(spool=tmp_path)
    for number in range(3):
        client.record(f"u-{number}", "a")
    assert not client.close(timeout=0)
    assert "the spool keeps 3 activities" in caplog.text
    assert (client.stats.kept, client.stats.dropped, client.stats.waiting) == (3, 0, 0)
    client.close()
    assert client.stats.kept == 3, "closing again changes nothing"
    assert not any(isinstance(error, DroppedError) for error in errors)
    server.script = stored
    following = new_client(spool=tmp_path)
    following.record("u-3", "a")
    assert following.close()
    assert list(dict.fromkeys(ids(server))) == ["u-0", "u-1", "u-2", "u-3"]
    assert following.stats.sent == 4


def test_more_than_the_queue_holds_are_taken_up_as_there_is_room(
    new_client: NewClient, server: ScriptedServer, tmp_path: Path
) -> None:
    for _ in range(4):
        lost_process(tmp_path)
    client = new_client(spool=tmp_path, queue_items=4)
    server.wait_for_requests(1)
    while client.stats.sent < 12:
        client.flush()
    assert client.close()
    assert len(ids(server)) == len({activity["id"] for activity in server.activities}) == 12


def test_the_file_of_a_client_that_lives_is_its_own(
    new_client: NewClient, server: ScriptedServer, tmp_path: Path
) -> None:
    server.hold()
    first = new_client(spool=tmp_path)
    first.record("first", "a")
    server.wait_for_requests(1)
    second = new_client(spool=tmp_path)
    second.record("second", "a")
    server.release()
    assert first.close()
    assert second.close()
    assert sorted(ids(server)) == ["first", "second"]


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_of_a_fork_has_files_of_its_own(new_client: NewClient, server: ScriptedServer, tmp_path: Path) -> None:
    client = new_client(spool=tmp_path)
    server.hold()
    client.record("parent", "a")
    server.wait_for_requests(1)
    child = os.fork()
    if child == 0:
        client.record("child", "a")
        os._exit(1)
    os.waitpid(child, 0)
    server.release()
    assert client.close()
    assert [json.loads(text)["user_id"] for text in files(tmp_path)] == ["child"]
    assert ids(server)[0] == "parent"


def test_it_is_bounded_and_what_does_not_fit_waits_in_memory(
    new_client: NewClient, server: ScriptedServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.hold()
    client = new_client(spool=tmp_path, spool_bytes=1000)
    for number in range(20):
        client.record(f"u-{number}", "a")
    assert 0 < sum(map(len, files(tmp_path))) <= 1000
    assert [record.getMessage()[-22:] for record in caplog.records] == [": it has its 1000 bytes"[-22:]]
    server.release()
    assert client.close()
    assert len(ids(server)) == 20


@pytest.mark.parametrize("end", [b"", b'{"user_id": "half a li', b"null\n\xff\n"])
def test_a_line_that_is_not_an_activity_costs_itself(
    end: bytes, new_client: NewClient, server: ScriptedServer, tmp_path: Path
) -> None:
    (tmp_path / "left.ndjson").write_bytes(b'{"id":"1","user_id":"whole","action_type":"a"}\n' + end)
    client = new_client(spool=tmp_path)
    client.record("new", "a")
    assert client.close()
    assert ids(server) == ["whole", "new"]
    assert files(tmp_path) == []


def test_a_folder_that_cannot_be_written_costs_a_warning(
    new_client: NewClient, server: ScriptedServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    client = new_client(spool=tmp_path / "file")
    client.record("u-1", "a")
    client.record("u-2", "a")
    assert client.close()
    assert ids(server) == ["u-1", "u-2"]
    assert len(caplog.records) == 1


def test_only_the_user_may_read_it(new_client: NewClient, server: ScriptedServer, tmp_path: Path) -> None:
    server.hold()
    client: Any = new_client(spool=tmp_path / "spool")
    client.record("u-1", "a")
    [path] = (tmp_path / "spool").iterdir()
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
