"""A spool on disk: recorded activities outlive their process until the server has them.

Every activity is written before it waits to be sent, and its file is emptied when the server has all of it. After the
process has ended, the next client with the same folder sends the remaining activities. Their ids are the same, so none
is stored twice.
"""

import logging
import threading
from contextlib import suppress
from pathlib import Path

from .item import Item
from .segment import Segment, is_supported, left_behind

log = logging.getLogger("livetrail")
SPOOL_BYTES = 64 * 1024 * 1024
_SEGMENT_BYTES = 1024 * 1024


class NoSpool:
    """Keeps nothing, as in clients without a spool."""

    @property
    def has_left(self) -> bool:
        """Whether there may be leftover files of other processes."""
        return False

    @property
    def pending(self) -> int:
        """The activities on disk that the server does not have yet."""
        return 0

    def keep(self, item: Item) -> None:
        """Writes an activity, so that it outlives the process."""

    def release(self, items: list[Item]) -> None:
        """Removes activities that the server has or has refused, or that were dropped."""

    def next_left(self) -> list[Item]:
        """The activities of the next leftover file; empty when there is none."""
        return []

    def close(self) -> None:
        """Leaves the unsent activities for the next client."""

    def let_go(self) -> None:
        """Closes the files in the child of a fork, because they are the parent's."""


class Spool(NoSpool):
    """The files of one client. When they reach their bound, or the disk fails, activities wait in memory alone."""

    def __init__(self, folder: str | Path, most_bytes: int) -> None:
        self._folder = Path(folder)
        self._most_bytes = most_bytes
        # Reentrant, since a signal handler may record while its own thread does.
        self._lock = threading.RLock()
        self._writing: Segment | None = None
        self._segments: set[Segment] = set()
        self._left: list[Path] = []
        self._left_bytes = 0
        self._warned = self._closed = False
        self._open()

    def _open(self) -> None:
        if not is_supported():
            self._warn("this system has no file locks")
            self._closed = True
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._left = left_behind(self._folder)
            self._left_bytes = sum(path.stat().st_size for path in self._left)
        except OSError as error:
            self._warn(error)

    @property
    def has_left(self) -> bool:
        return bool(self._left)

    @property
    def pending(self) -> int:
        with self._lock:
            return sum(segment.pending for segment in self._segments)

    def keep(self, item: Item) -> None:
        # Users of the directory are not kept: the application names them again.
        if item.path is not None:
            return
        with self._lock:
            if self._closed:
                return
            used = self._left_bytes + sum(segment.size for segment in self._segments)
            if used + len(item.body) >= self._most_bytes:
                self._warn(f"it has its {self._most_bytes} bytes")
                return
            try:
                item.kept_in = self._segment()
                item.kept_in.add(item)
            except OSError as error:
                item.kept_in = None
                self._warn(error)

    def release(self, items: list[Item]) -> None:
        with self._lock:
            for item in items:
                segment, item.kept_in = item.kept_in, None
                if segment is None or self._closed:
                    continue
                segment.pending -= 1
                if segment.pending == 0:
                    self._clear(segment)

    def next_left(self) -> list[Item]:
        with self._lock:
            while self._left and not self._closed:
                with suppress(OSError):
                    if items := self._take_over(self._left.pop(0)):
                        return items
            self._left_bytes = 0
            return []

    def close(self) -> None:
        with self._lock:
            self._closed = True
            for segment in self._segments:
                segment.finished = True
                if segment.pending == 0:
                    self._clear(segment)
                segment.close()

    def let_go(self) -> None:
        # Without the lock: it is the parent's, too, and may be held.
        for segment in self._segments:
            segment.close()

    def _segment(self) -> Segment:
        if self._writing is not None and self._writing.size >= _SEGMENT_BYTES:
            self._writing.finished = True
            self._writing = None
        if self._writing is None:
            self._writing = Segment.create(self._folder)
            self._segments.add(self._writing)
        return self._writing

    def _take_over(self, path: Path) -> list[Item]:
        segment = Segment.take_over(path)
        if segment is None:
            return []
        self._segments.add(segment)
        self._left_bytes = max(0, self._left_bytes - segment.size)
        items = segment.items()
        for item in items:
            item.kept_in = segment
        if not items:
            self._clear(segment)
        return items

    def _clear(self, segment: Segment) -> None:
        with suppress(OSError):
            segment.clear()
        if segment.finished and not self._closed:
            self._segments.discard(segment)

    def _warn(self, why: object) -> None:
        if not self._warned:
            self._warned = True
            log.warning("the spool %s cannot keep activities, which wait in memory alone: %s", self._folder, why)
