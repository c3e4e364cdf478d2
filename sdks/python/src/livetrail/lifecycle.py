"""The end of the process, and the beginning of a child of it, for every client there is."""

import atexit
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from weakref import WeakSet

from . import signal_repeater, sigterm

SECONDS_AT_EXIT = 2.0
SECONDS_BEFORE_FORK = 2.0


class _Client(Protocol):
    def begin_anew(self) -> None: ...
    def close(self, timeout: float) -> bool: ...
    def hurry(self) -> None: ...


_clients: WeakSet[_Client] = WeakSet()
_finalized_in = 0
_opening = threading.RLock()
_held = False


def register(client: _Client) -> None:
    """From now on the client is closed at exit and begins anew in the child of a fork."""
    _clients.add(client)
    watch_sigterm()


@contextmanager
def no_fork() -> Iterator[None]:
    """Delays forks: a TLS context or module that a thread has half made would stay half made in the child."""
    with _opening:
        yield


def begin_to_send() -> None:
    """Processes of `multiprocessing` end without `atexit`; what they run instead is set up by this."""
    global _finalized_in
    # Again, because a server that has started or forked since may have set handlers of its own.
    watch_sigterm()
    process = sys.modules.get("multiprocessing.process")
    if process is None or process.parent_process() is None:
        return
    sigterm.watch_worker()
    if _finalized_in != os.getpid():
        from multiprocessing.util import Finalize  # noqa: PLC0415 - most processes never need it

        _finalized_in = os.getpid()
        Finalize(None, _close_all, exitpriority=10)


def forget(client: _Client) -> None:
    """The client was closed."""
    _clients.discard(client)


def watch_sigterm() -> None:
    """Makes SIGTERM send the waiting activities before it ends the process."""
    sigterm.watch(_hurry_all, _close_all)


def _hurry_all() -> None:
    for client in list(_clients):
        client.hurry()


def _close_all() -> None:
    for client in list(_clients):
        client.close(SECONDS_AT_EXIT)


def _before_fork() -> None:
    # A transport of the application's own may never be ready; its fork does not wait for that.
    global _held
    _held = _opening.acquire(timeout=SECONDS_BEFORE_FORK)
    signal_repeater.before_fork()


def _after_fork() -> None:
    signal_repeater.after_fork()
    if _held:
        _opening.release()


def _begin_anew() -> None:
    global _opening
    _opening = threading.RLock()
    signal_repeater.begin_anew()
    for client in list(_clients):
        client.begin_anew()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_begin_anew)
