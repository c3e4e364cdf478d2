"""Repeats a signal that came too early to interrupt the call in which the main thread now waits.

Python only notes a signal when it arrives. It runs the handler between two instructions, or when the signal interrupts
a call; a signal that arrives just before the call interrupts nothing. Without a handler the process would have ended.
With one, a worker of a `multiprocessing.Pool` can wait for ever for a lock whose holder the same signal has ended.
"""

import os
import signal
import threading
import time
from collections.abc import Callable

_SECONDS_BETWEEN = 0.05
_repeater: "_Repeater | None" = None


def repeat_until(begun: Callable[[], bool], signum: int) -> None:
    """Repeats a later `signum` to the main thread until `begun()` says that its handler runs.

    May be called often, but only the main thread can start it. Nothing is started if the application or its event loop
    uses `signal.set_wakeup_fd` already.
    """
    global _repeater
    if _repeater is None and _is_main_thread():
        repeater = _Repeater(begun, signum)
        if repeater.listen():
            _repeater = repeater
            threading.Thread(target=repeater.run, name="livetrail-signals", daemon=True).start()
        else:
            repeater.close()


def before_fork() -> None:
    """A child must not note its signals in its parent's pipe."""
    if _repeater is not None and _is_main_thread():
        _repeater.stop_listening()


def after_fork() -> None:
    """The parent goes on."""
    if _repeater is not None and _is_main_thread():
        _repeater.listen()


def begin_anew() -> None:
    """The child of a fork has no thread that repeats."""
    global _repeater
    if _repeater is not None:
        _repeater.stop_listening()
        _repeater.close()
        _repeater = None


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


class _Repeater:
    def __init__(self, begun: Callable[[], bool], signum: int) -> None:
        self._begun = begun
        self._signum = signum
        self._main = threading.get_ident()
        self._noted, self._note = os.pipe()
        os.set_blocking(self._note, False)

    def listen(self) -> bool:
        """Notes signals, unless other code does."""
        present = signal.set_wakeup_fd(self._note, warn_on_full_buffer=False)
        if present in (-1, self._note):
            return True
        signal.set_wakeup_fd(present)
        return False

    def stop_listening(self) -> None:
        present = signal.set_wakeup_fd(-1)
        if present not in (-1, self._note):
            signal.set_wakeup_fd(present)

    def run(self) -> None:
        while self._signum not in os.read(self._noted, 512):
            pass
        time.sleep(_SECONDS_BETWEEN)
        while not self._begun():
            signal.pthread_kill(self._main, self._signum)
            time.sleep(_SECONDS_BETWEEN)

    def close(self) -> None:
        os.close(self._noted)
        os.close(self._note)
