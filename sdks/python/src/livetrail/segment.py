"""A file of the spool: one activity a line, as the server and `livetrail import` take it.

A process locks the files that it writes or sends. The lock ends with the process, so a file without a lock is a
leftover of a process that has ended.
"""

import json
import logging
import os
import sys
from pathlib import Path

from .item import Item
from .uuid7 import uuid7

if sys.platform != "win32":
    import fcntl

log = logging.getLogger("livetrail")
_ENDING = ".ndjson"


class Segment:
    """Open and locked. `pending` counts the activities in it that the server does not have yet."""

    def __init__(self, file: int, path: Path) -> None:
        self._file = file
        self._path = path
        self.size = os.fstat(file).st_size
        self.pending = 0
        # Whether it is complete; one that is not is emptied rather than removed.
        self.finished = False

    @classmethod
    def create(cls, folder: Path) -> "Segment":
        """A new file. It gets its name after its lock, so that another process never takes it for a leftover."""
        name = uuid7()
        hidden, path = folder / f".{name}", folder / (name + _ENDING)
        file = os.open(hidden, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        _lock(file)
        os.rename(hidden, path)
        return cls(file, path)

    @classmethod
    def take_over(cls, path: Path) -> "Segment | None":
        """A leftover file; None if a process still has it."""
        try:
            file = os.open(path, os.O_RDWR | os.O_APPEND)
        except FileNotFoundError:
            return None
        try:
            _lock(file)
            path.stat()  # Another process may have sent and removed it before the lock was free.
        except (BlockingIOError, FileNotFoundError):
            os.close(file)
            return None
        segment = cls(file, path)
        segment.finished = True
        return segment

    def add(self, item: Item) -> None:
        """Appends an activity. A part of a line that no longer fits on the disk is taken back."""
        line = item.body + b"\n"
        if os.write(self._file, line) < len(line):
            os.ftruncate(self._file, self.size)
            raise OSError("the disk is full")
        self.size += len(line)
        self.pending += 1

    def items(self) -> list[Item]:
        """The activities of a leftover file. Its last line may be half written, if the process was killed."""
        read = [_read(line) for line in self._path.read_bytes().split(b"\n") if line]
        items = [item for item in read if item is not None]
        if len(items) < len(read):
            log.warning("%s: %d lines are not activities", self._path, len(read) - len(items))
        self.pending = len(items)
        return items

    def clear(self) -> None:
        """Empties or removes the file, because the server has all of it."""
        if self.finished:
            self._path.unlink(missing_ok=True)
            self.close()
        else:
            os.ftruncate(self._file, 0)
        self.size = 0

    def close(self) -> None:
        """Gives up the lock and leaves the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def left_behind(folder: Path) -> list[Path]:
    """The files of all processes, the oldest first."""
    return sorted(folder.glob("*" + _ENDING))


def is_supported() -> bool:
    """Whether this system has the locks."""
    return sys.platform != "win32"


def _lock(file: int) -> None:
    """Raises BlockingIOError where another process has the lock."""
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _read(line: bytes) -> Item | None:
    try:
        activity = json.loads(line)
        return Item(line, id=activity["id"], names_tenant="tenant_id" in activity)
    except (ValueError, TypeError, KeyError):
        return None
