"""Threads, event loops, children of a fork, and the end of the process."""

import asyncio
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import livetrail
from livetrail import Client, NotAcknowledgedError, lifecycle

from .scripted_server import PATIENCE, ScriptedServer

SOURCE = str(Path(__file__).parents[1] / "src")
PATIENT_END = f"from livetrail import lifecycle; lifecycle.SECONDS_AT_EXIT = {PATIENCE}"
"""A process gives up 2 s after its end began. On a busy machine the server of a test may stand still for so long."""

FORK_AT_ONCE = f"""
import os, livetrail
{PATIENT_END}
livetrail.log_activity(None, "parent", "a")
child = os.fork()
if child == 0:
    livetrail.log_activity(None, "child", "a")
    os._exit(not livetrail.default_client().flush(20))
assert os.waitpid(child, 0)[1] == 0
"""
FORK_WHILE_OPENING = f"""
import os, threading, httpx, livetrail
{PATIENT_END}
opening, forking = threading.Event(), threading.Event()
half_made = False
def transport():
    global half_made
    half_made = True
    opening.set()
    forking.wait(10)
    made = httpx.HTTPTransport()
    half_made = False
    return made
client = livetrail.configure(transport=transport)
os.register_at_fork(before=forking.set)  # Such hooks run in reverse order: this one before the client's.
client.record("parent", "a")
opening.wait(10)
child = os.fork()
if child == 0:
    os._exit(half_made)
assert os.waitpid(child, 0)[1] == 0
"""

IMPORTS_OF_SENDING = """
import sys, livetrail
before = set(sys.modules)
livetrail.log_activity(None, "u-1", "a", details={"long": "enough to be compressed" * 100})
assert livetrail.default_client().flush(20)
print(set(sys.modules) - before)
"""


def ids(server: ScriptedServer) -> list[str]:
    return [activity["user_id"] for activity in server.activities]


def run(script: str, server: ScriptedServer) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LIVETRAIL_URL": server.url, "LIVETRAIL_KEY": "k", "PYTHONPATH": SOURCE}
    # Python 3.12 and later warn of each fork beside a thread.
    python = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", script]
    return subprocess.run(python, env=environment, capture_output=True, text=True, timeout=60, check=False)


def record_one(url: str) -> None:
    """What a child process does."""
    lifecycle.SECONDS_AT_EXIT = PATIENCE
    livetrail.configure(url, "k").record("child", "a")


def record_by_default(number: int) -> None:
    """What a worker of a pool does."""
    lifecycle.SECONDS_AT_EXIT = PATIENCE
    livetrail.log_activity(None, number, "a")


def test_many_threads_record_at_once_and_each_keeps_its_order(client: Client, server: ScriptedServer) -> None:
    def work(thread: int) -> None:
        for number in range(200):
            client.record(f"{thread}-{number}", "a")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.flush(PATIENCE)
    for name in range(8):
        own = [id_ for id_ in ids(server) if id_.startswith(f"{name}-")]
        assert own == [f"{name}-{number}" for number in range(200)]
    assert client.stats.sent == 1600


def test_what_gathers_travels_together(client: Client, server: ScriptedServer) -> None:
    for number in range(1000):
        client.record(f"u-{number}", "a")
    assert client.flush(PATIENCE)
    assert len(server.requests) < 100


def test_an_event_loop_goes_on_while_the_server_does_not_answer(client: Client, server: ScriptedServer) -> None:
    async def work() -> None:
        server.hold()
        client.record("u-1", "a")
        waiting = asyncio.create_task(client.arecord_durably("u-2", "a"))
        await asyncio.to_thread(server.wait_for_requests, 1)
        assert not waiting.done()
        with pytest.raises(NotAcknowledgedError):
            await client.arecord_durably("u-3", "a", timeout=0.01)
        server.release()
        assert (await waiting).position > 0
        assert await client.aflush(PATIENCE)
        assert await client.aclose()

    asyncio.run(work())
    # A caller that stopped waiting did not take the activity back.
    assert ids(server) == ["u-1", "u-2", "u-3"]


def test_one_client_serves_several_event_loops(client: Client, server: ScriptedServer) -> None:
    for number in range(3):
        asyncio.run(client.arecord_durably(f"u-{number}", "a"))
    assert ids(server) == ["u-0", "u-1", "u-2"]


def test_a_signal_handler_may_record(client: Client, server: ScriptedServer) -> None:
    former = signal.signal(signal.SIGUSR1, lambda *_: client.record("from the handler", "a"))
    try:
        with client._outbox._changed:
            # The worst moment there is: this thread holds the lock.
            signal.raise_signal(signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, former)
    assert client.flush(PATIENCE)
    assert ids(server) == ["from the handler"]


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_of_a_fork_sends_its_own_and_the_parent_sends_the_rest(client: Client, server: ScriptedServer) -> None:
    server.hold()
    client.record("in flight", "a")
    server.wait_for_requests(1)
    client.record("parent", "a")
    child = os.fork()
    if child == 0:
        client.record("child", "a")
        os._exit(0 if client.flush(PATIENCE) and client.stats.sent == 1 else 1)
    server.release()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert client.flush(PATIENCE)
    assert sorted(ids(server)) == ["child", "in flight", "parent"]
    assert client.stats.sent == 2


def test_a_child_that_is_forked_at_once_after_the_first_activity_sends(server: ScriptedServer) -> None:
    result = run(FORK_AT_ONCE, server)
    assert (result.returncode, result.stderr) == (0, "")
    assert sorted(ids(server)) == ["child", "parent"]


def test_a_fork_waits_until_the_sender_has_opened_its_transport(server: ScriptedServer) -> None:
    result = run(FORK_WHILE_OPENING, server)
    assert (result.returncode, result.stderr) == (0, "")


def test_the_thread_that_sends_imports_nothing(server: ScriptedServer) -> None:
    result = run(IMPORTS_OF_SENDING, server)
    assert (result.stdout, result.stderr) == ("set()\n", "")


@pytest.mark.parametrize(
    "process", [multiprocessing.get_context("fork").Process, multiprocessing.get_context("spawn").Process]
)
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_process_of_multiprocessing_sends_what_waits_before_it_ends(
    process: Callable[..., multiprocessing.Process], server: ScriptedServer
) -> None:
    child = process(target=record_one, args=(server.url,))
    child.start()
    child.join(60)
    assert ids(server) == ["child"]


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_the_workers_of_a_pool_send_what_waits_although_the_pool_terminates_them(
    method: str, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVETRAIL_URL", server.url)
    monkeypatch.setenv("LIVETRAIL_KEY", "k")
    with multiprocessing.get_context(method).Pool(2) as pool:
        pool.map(record_by_default, range(50), chunksize=1)
    assert sorted(map(int, ids(server))) == list(range(50))


def test_a_script_that_ends_at_once_has_sent_everything(server: ScriptedServer) -> None:
    result = run(f"import livetrail\n{PATIENT_END}\nfor n in range(500): livetrail.log_activity(None, n, 'a')", server)
    assert (result.returncode, result.stderr) == (0, "")
    assert ids(server) == [str(number) for number in range(500)]


def test_a_script_ends_soon_although_the_server_is_away(server: ScriptedServer) -> None:
    server.script = lambda _: "network error"
    script = """
import livetrail
from livetrail import lifecycle
lifecycle.SECONDS_AT_EXIT = 0.1
livetrail.log_activity(None, 1, 'a')
"""
    result = run(script, server)
    assert result.returncode == 0
    # The first request may have been sent by then, or not yet.
    assert re.search("did not acknowledge 1 activities|1 activities are lost", result.stderr)


def test_the_package_needs_no_web_framework(server: ScriptedServer) -> None:
    script = """
import sys, livetrail, livetrail.asgi
assert not {'fastapi', 'starlette', 'django'} & set(sys.modules), sys.modules
"""
    assert run(script, server).stderr == ""
