"""A worker that waits in a call ends by SIGTERM, although the signal came too early to interrupt the call."""

import multiprocessing
import os
import signal
import threading
import time
from typing import Any

import pytest

import livetrail
from livetrail import lifecycle

from .scripted_server import PATIENCE, ScriptedServer
from .test_threads_and_processes import ids

pytestmark = pytest.mark.skipif(not hasattr(signal, "sigtimedwait"), reason="the system cannot wait for signals")
SECONDS = 60


def wait_for(lock: Any, user: str) -> None:
    """The signal goes to another thread. It does not interrupt the main one, just as one that comes before the call."""
    lifecycle.SECONDS_AT_EXIT = PATIENCE
    livetrail.log_activity(None, user, "a")
    threading.Timer(0.2, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGTERM)).start()
    lock.acquire()


def wait_with_a_child(lock: Any, exit_code: Any) -> None:
    """A child is ended by the signal. Its parent is not, although the child began with the parent's signal handling."""
    livetrail.log_activity(None, "parent", "a")
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    child = os.fork()
    if child == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        while True:
            time.sleep(0.01)
    os.kill(child, signal.SIGTERM)
    _, status = os.waitpid(child, 0)
    if signal.sigtimedwait({signal.SIGTERM}, 0.5) is None:
        exit_code.value = os.waitstatus_to_exitcode(status)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    wait_for(lock, "parent again")


def watch_signals_and_wait(lock: Any) -> None:
    """The application's own `set_wakeup_fd` stays."""
    _, note = os.pipe()
    os.set_blocking(note, False)
    signal.set_wakeup_fd(note)
    livetrail.log_activity(None, "u-1", "a")
    assert signal.set_wakeup_fd(note) == note
    lock.release()


def handle_the_signal(lock: Any, calls: Any) -> None:
    """The application's own handler, which is set later, is called once for a signal."""
    livetrail.log_activity(None, "u-1", "a")

    def note(*_: Any) -> None:
        calls.value += 1

    signal.signal(signal.SIGTERM, note)
    signal.raise_signal(signal.SIGTERM)
    lock.acquire(timeout=1)


@pytest.fixture
def environment(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVETRAIL_URL", server.url)
    monkeypatch.setenv("LIVETRAIL_KEY", "k")


def exit_code_of(context: Any, target: Any, *arguments: Any) -> int | None:
    process = context.Process(target=target, args=arguments)
    process.start()
    process.join(SECONDS)
    code: int | None = process.exitcode
    process.kill()
    return code


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.usefixtures("environment")
def test_a_worker_that_waits_for_ever_sends_what_waits_and_ends(method: str, server: ScriptedServer) -> None:
    context = multiprocessing.get_context(method)
    lock = context.Lock()
    with lock:
        assert exit_code_of(context, wait_for, lock, "u-1") == -signal.SIGTERM
    assert ids(server) == ["u-1"]


@pytest.mark.usefixtures("environment")
def test_the_signal_of_a_child_does_not_end_its_parent(server: ScriptedServer) -> None:
    context = multiprocessing.get_context("fork")
    lock, exit_code = context.Lock(), context.Value("i", 0)
    with lock:
        assert exit_code_of(context, wait_with_a_child, lock, exit_code) == -signal.SIGTERM
    assert exit_code.value == -signal.SIGTERM
    assert ids(server) == ["parent", "parent again"]


@pytest.mark.usefixtures("environment")
def test_an_application_that_watches_signals_itself_is_left_alone() -> None:
    context = multiprocessing.get_context("fork")
    lock = context.Lock()
    lock.acquire()
    assert exit_code_of(context, watch_signals_and_wait, lock) == 0
    assert lock.acquire(timeout=SECONDS)


@pytest.mark.usefixtures("environment")
def test_a_handler_that_the_application_sets_later_is_called_once_for_a_signal() -> None:
    context = multiprocessing.get_context("fork")
    lock, calls = context.Lock(), context.Value("i", 0)
    with lock:
        assert exit_code_of(context, handle_the_signal, lock, calls) == 0
    assert calls.value == 1
