"""SIGTERM ends a process without `atexit`, so the waiting activities are sent before.

If the application has no handler, ours sends them and then repeats the signal with the default action. A handler of the
application stays as it is, because it decides how the process ends. uvicorn's handler is the exception. When uvicorn
has stopped, it restores the default action and raises the signal again, which ends the process at once. That second
signal is blocked until the waiting activities are sent.
"""

import asyncio
import atexit
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from . import signal_repeater

_SECONDS_BETWEEN_LOOKS = 0.02
_OFF = {"0", "false", "no", "off"}
_tasks: set[Any] = set()


def watch(hurry: Callable[[], None], close: Callable[[], None]) -> None:
    """Makes SIGTERM call `close` before the process ends. May be called often, from any thread.

    `hurry` is called when the application begins to stop, `close` at the end.
    """
    # Only the main thread may set handlers. Windows has no SIGTERM from outside.
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        return
    if os.environ.get("LIVETRAIL_SIGTERM", "").strip().lower() in _OFF:
        return
    present = signal.getsignal(signal.SIGTERM)
    if present is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _End(close))
    elif callable(present) and _is_uvicorns(present):
        signal.signal(signal.SIGTERM, _Postponed(present, hurry, close))


def watch_worker() -> None:
    """Makes sure that our handler runs in a process of `multiprocessing`, which may be waiting in a call for ever."""
    present = signal.getsignal(signal.SIGTERM)
    if isinstance(present, _End):
        signal_repeater.repeat_until(lambda: _has_begun(present), signal.SIGTERM)


def _has_begun(handler: "_End") -> bool:
    """Also if the application has set a handler of its own meanwhile, which decides alone."""
    return handler.has_begun or signal.getsignal(signal.SIGTERM) is not handler


def _is_uvicorns(handler: Any) -> bool:
    return str(getattr(handler, "__module__", "")).startswith("uvicorn.")


class _End:
    """The handler of an application that has none."""

    def __init__(self, close: Callable[[], None]) -> None:
        self._close = close
        self.has_begun = False

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        if self.has_begun:  # The signal was repeated.
            return
        self.has_begun = True
        try:
            self._close()
        finally:
            signal.signal(signum, signal.SIG_DFL)
            signal.raise_signal(signum)


class _Postponed:
    """Calls uvicorn's handler, then blocks SIGTERM in the main thread until the waiting activities are sent."""

    def __init__(
        self, uvicorns: Callable[[int, FrameType | None], Any], hurry: Callable[[], None], close: Callable[[], None]
    ) -> None:
        self._uvicorns = uvicorns
        self._hurry = hurry
        self._close = close

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        self._uvicorns(signum, frame)
        self._hurry()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signum})
        atexit.register(self._release)
        try:
            asyncio.get_running_loop().call_soon_threadsafe(self._begin_to_wait)
        except RuntimeError:  # No loop runs: `atexit` releases the signal.
            return

    def _begin_to_wait(self) -> None:
        task = asyncio.ensure_future(self._wait())
        _tasks.add(task)
        task.add_done_callback(_tasks.discard)

    async def _wait(self) -> None:
        """Until uvicorn has raised the signal again, or its loop ends."""
        try:
            while signal.SIGTERM not in signal.sigpending():  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        finally:
            self._release()

    def _release(self) -> None:
        atexit.unregister(self._release)
        # A program around uvicorn may handle the signal itself and go on; its clients stay open.
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            self._close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
