"""Reports dropped activities: the first one at once, and the number of further ones when there is room again."""

import logging
import threading
from collections.abc import Callable

from .errors import DroppedError

log = logging.getLogger("livetrail")


class Drops:
    """A full queue must not fill the log, so each shortage is reported at most twice.

    The `activities` of the reported errors add up to the dropped ones.
    """

    def __init__(self, report: Callable[[DroppedError], None]) -> None:
        self._report = report
        self._lock = threading.RLock()
        self._why: str | None = None
        self._untold = 0

    def count(self, why: str) -> None:
        """Counts one dropped activity."""
        with self._lock:
            begins = self._why is None
            self._why = why
            self._untold += not begins
        if begins:
            log.warning("%s: activities are dropped", why)
            self._report(DroppedError(why))

    def end(self) -> None:
        """Ends the shortage: there is room again, or the client is closed."""
        with self._lock:
            why, untold = self._why, self._untold
            self._why, self._untold = None, 0
        if untold:
            log.warning("%s: %d activities were dropped", why, untold + 1)
            self._report(DroppedError(f"{why}: {untold} further activities were dropped", activities=untold))
