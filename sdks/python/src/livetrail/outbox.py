"""The bounded queue between the application and the one thread that empties it.

The lock is reentrant, since a signal handler or a finaliser may record while its own thread is doing just that.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic

from .item import Item
from .stats import Stats

BATCH_ITEMS = 100
BATCH_BYTES = 512 * 1024
# A request costs about as much CPU as 20 activities, so the activities of this time travel together.
SECONDS_BETWEEN_REQUESTS = 0.05


@dataclass(frozen=True)
class Unsent:
    """What a client that is closed gives up: the waiting items, and how many of all are in which state.

    The unacknowledged ones may be stored, because a request with them had no answer.
    """

    waiting: list[Item]
    lost: int
    kept: int
    unacknowledged: int


class Outbox:
    """The waiting items in order, and the counters of their outcomes."""

    def __init__(self, capacity: int, most_bytes: int) -> None:
        self._capacity = capacity
        self._most_bytes = most_bytes
        # Two conditions of one lock: an activity wakes its sender only where there is something to do at once.
        lock = threading.RLock()
        self._changed, self._work = threading.Condition(lock), threading.Condition(lock)
        self._waiting: deque[Item] = deque()
        self._bytes = 0
        self._put = self._done = 0
        self._under_way: set[Item] = set()
        self._asked: list[Item] = []
        self._sent = self._duplicates = self._rejected = self._dropped = self._unacknowledged = self._kept = 0
        self._told = 0
        self._waiters = self._urgent = 0
        self._gathering = False
        self._next_request_at = 0.0
        self._closed = self._abandoned = self._hurried = self._incomplete = False

    def put(self, item: Item, patience: float | None = 0.0) -> bool:
        """Takes the item. If the queue is closed, or stays full for `patience` seconds (None: for ever), the item is
        dropped.
        """
        with self._changed:
            if patience != 0 and len(item.body) <= self._most_bytes:
                self._wait(lambda: self._closed or self._has_room_for(item), patience)
            if self._closed or not self._has_room_for(item):
                self._dropped += 1
                return False
            self._waiting.append(item)
            self._bytes += len(item.body)
            self._put += 1
            self._urgent += item.is_urgent
            if not self._gathering or self._is_pressing():
                self._work.notify()
            return True

    def _has_room_for(self, item: Item) -> bool:
        return len(self._waiting) < self._capacity and self._bytes + len(item.body) <= self._most_bytes

    def _wait(self, until: Callable[[], bool], patience: float | None) -> bool:
        """Waits for the sender, which hurries meanwhile."""
        self._waiters += 1
        self._work.notify()
        try:
            return self._changed.wait_for(until, patience)
        finally:
            self._waiters -= 1

    def adopt(self, items: list[Item]) -> None:
        """Puts the activities of an earlier process before all others."""
        with self._changed:
            self._waiting.extendleft(reversed(items))
            self._bytes += sum(len(item.body) for item in items)
            self._put += len(items)

    def next_batch(self) -> list[Item]:
        """Waits for the oldest item, and while the last request is recent for more of them. Takes it, with the
        activities right behind it as far as one request may carry them. Empty when the queue is closed and nothing is
        left.
        """
        with self._changed:
            self._work.wait_for(lambda: self._waiting or self._closed)
            self._gather()
            if self._abandoned or not self._waiting:
                return []
            batch = [self._waiting.popleft()]
            size = len(batch[0].body) + 2  # An array has two brackets, and a comma before each further item.
            while self._waiting and batch[0].path is None and len(batch) < BATCH_ITEMS:
                following = self._waiting[0]
                size += len(following.body) + 1
                if following.path is not None or size > BATCH_BYTES:
                    break
                batch.append(self._waiting.popleft())
            self._bytes -= sum(len(item.body) for item in batch)
            self._urgent -= sum(item.is_urgent for item in batch)
            self._under_way.update(batch)
            self._next_request_at = monotonic() + SECONDS_BETWEEN_REQUESTS
            return batch

    def _gather(self) -> None:
        self._gathering = True
        self._work.wait_for(self._is_pressing, max(0.0, self._next_request_at - monotonic()))
        self._gathering = False

    def _is_pressing(self) -> bool:
        """Whether the next request goes at once: a caller waits for it, or it is full."""
        return bool(
            self._closed
            or self._hurried
            or self._waiters
            or self._urgent
            or len(self._waiting) >= BATCH_ITEMS
            or self._bytes >= BATCH_BYTES
        )

    def begin_attempt(self, batch: list[Item]) -> bool:
        """Notes that a request with these items begins. False when it must not, because they have been given up."""
        with self._changed:
            if not self._abandoned:
                self._asked = batch
            return not self._abandoned

    def end_attempt(self, *, may_be_stored: bool) -> None:
        """Notes how the request ended: whether the server may have stored its items without saying so."""
        with self._changed:
            for item in self._asked if may_be_stored else ():
                item.may_be_stored = True
            self._asked = []

    def settle(self, batch: list[Item], *, sent: int = 0, duplicates: int = 0, rejected: int = 0) -> None:
        """Counts items under way of which the fate is known."""
        with self._changed:
            if self._abandoned:  # They were counted already.
                return
            self._under_way.difference_update(batch)
            self._sent += sent
            self._duplicates += duplicates
            self._rejected += rejected
            self._done += sent + rejected
            self._changed.notify_all()

    def count_rejected(self) -> None:
        """Counts an activity that never came to wait."""
        with self._changed:
            self._rejected += 1

    def count_lost(self) -> bool:
        """Counts an item that can never be sent, because the client is off. Whether it is the first one."""
        with self._changed:
            self._dropped += 1
            first, self._incomplete = not self._incomplete, True
            return first

    def wait_until_sent(self, timeout: float) -> bool:
        """Waits until every item so far is sent or refused. False when the time is up first, or when an item was
        refused or dropped since the last wait that was not cut short.
        """
        with self._changed:
            goal, told = self._put, self._told
            complete = self._wait(lambda: self._done >= goal, timeout)
            failed = self._rejected + self._dropped
            if complete:
                self._told = failed
            return complete and failed == told and not self._incomplete

    def close(self) -> None:
        """Takes no more items; the waiting ones are still sent."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            self._work.notify()

    def hurry(self) -> None:
        """Ends the gathering: the process may end at any moment, so each item goes at once."""
        with self._changed:
            self._hurried = True
            self._work.notify()

    def abandon(self, on_disk: int) -> Unsent:
        """Gives up the unsent items. `on_disk` of them are kept; the others are lost or not acknowledged."""
        with self._changed:
            left, unsent = list(self._waiting), self._put - self._done
            unacknowledged = sum(map(self._is_unacknowledged, self._under_way))
            kept = min(on_disk, unsent - unacknowledged)
            lost = unsent - kept - unacknowledged
            self._kept += kept
            self._dropped += lost
            self._unacknowledged += unacknowledged
            self._incomplete = self._incomplete or unsent > 0
            self._done = self._put
            self._under_way.clear()
            self._closed = self._abandoned = True
            self._waiting.clear()
            self._changed.notify_all()
            self._work.notify()
            return Unsent(left, lost, kept, unacknowledged)

    def _is_unacknowledged(self, item: Item) -> bool:
        """The next client sends what the spool keeps, so its fate becomes known."""
        return item.kept_in is None and (item.may_be_stored or item in self._asked)

    def pause(self, at_least: float, at_most: float, *, ends_at_close: bool) -> None:
        """Waits before the next attempt; from `at_least` on, a close may end the wait."""
        begin = monotonic()
        with self._changed:
            self._changed.wait_for(lambda: self._abandoned, at_least)
            rest = max(0.0, begin + at_most - monotonic())
            self._changed.wait_for(lambda: self._closed if ends_at_close else self._abandoned, rest)

    @property
    def has_room(self) -> bool:
        """Whether a queue that was full has emptied by half."""
        return len(self._waiting) <= self._capacity // 2 and self._bytes <= self._most_bytes // 2

    @property
    def closed(self) -> bool:
        """Whether the application is stopping."""
        return self._closed

    @property
    def abandoned(self) -> bool:
        """Whether the unsent items have been given up."""
        return self._abandoned

    def stats(self) -> Stats:
        """The counters, as of one moment."""
        with self._changed:
            waiting = self._put - self._done
            return Stats(
                sent=self._sent,
                duplicates=self._duplicates,
                rejected=self._rejected,
                dropped=self._dropped,
                waiting=waiting,
                kept=self._kept,
                unacknowledged=self._unacknowledged,
            )


def as_array(items: Iterable[Item]) -> bytes:
    """The body of a batch."""
    return b"[" + b",".join(item.body for item in items) + b"]"
