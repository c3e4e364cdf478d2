"""Says that activities are dropped: at once when it begins, and how many further ones when there is room again."""

import logging
import threading
from collections.abc import Callable

from .errors import DroppedError

log = logging.getLogger("livetrail")


class Drops:
    """A full queue is not a reason to fill the log, so each shortage is told twice at most.

    The `activities` of all errors that it reports add up to what was dropped.
    """

    def __init__(self, report: Callable[[DroppedError], None]) -> None:
        self._report = report
        self._lock = threading.RLock()
        self._why: str | None = None
        self._untold = 0

    def count(self, why: str) -> None:
        """One more is dropped."""
        with self._lock:
            begins = self._why is None
            self._why = why
            self._untold += not begins
        if begins:
            log.warning("%s: activities are dropped", why)
            self._report(DroppedError(why))

    def end(self) -> None:
        """There is room again, or the client is closed."""
        with self._lock:
            why, untold = self._why, self._untold
            self._why, self._untold = None, 0
        if untold:
            log.warning("%s: %d activities were dropped", why, untold + 1)
            self._report(DroppedError(f"{why}: {untold} further activities were dropped", activities=untold))
