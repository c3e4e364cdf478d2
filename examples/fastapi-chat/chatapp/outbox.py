"""The bounded queue between the application and Livetrail, and the one task that empties it.

`record()` and `register()` return at once from any thread. The task sends what waits, in order; activities that have
gathered meanwhile travel as one array. What cannot be delivered now is kept and tried again; when the queue is full,
the newest is dropped and counted.
"""

import asyncio
import json
import logging
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from .delivery import Delivery

log = logging.getLogger("chatapp.activity")


@dataclass(frozen=True)
class Item:
    """One thing to send, encoded at once so that nothing can change it later. `path` is set for a person only."""

    body: bytes
    path: str | None = None


class Outbox:
    """Off, with one warning, when there is no key."""

    CAPACITY = 10_000
    BATCH_ITEMS = 100
    BATCH_BYTES = 512 * 1024

    def __init__(self, url: str, key: str | None) -> None:
        self.enabled = key is not None
        self.dropped = 0
        self._waiting: deque[Item] = deque()
        self._wake = asyncio.Event()
        self._delivery = Delivery(url, key or "")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def record(self, activity: dict[str, Any]) -> None:
        """Queues one activity."""
        self._put(Item(json.dumps(activity, ensure_ascii=False, default=str).encode()))

    def register(self, user_id: str, email: str, display_name: str) -> None:
        """Queues what Livetrail's directory of people should show for this id."""
        body = json.dumps({"email": email, "display_name": display_name}).encode()
        self._put(Item(body, path=f"/api/users/{quote(user_id, safe='')}"))

    async def start(self) -> None:
        """Begins to send. The loop that runs this is the one that sends."""
        if not self.enabled:
            log.warning("LIVETRAIL_KEY is not set: activities are not logged")
            return
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._run())

    async def close(self, seconds: float) -> None:
        """Sends what still waits, for so long at most, and stops."""
        if self._task is None:
            return
        self._delivery.hurry()
        self._wake.set()
        await asyncio.wait({self._task}, timeout=seconds)
        if not self._task.done():
            self._task.cancel()
            log.warning("stopped before everything was sent: about %d activities are lost", len(self._waiting) + 1)
        await asyncio.gather(self._task, return_exceptions=True)
        await self._delivery.aclose()

    def _put(self, item: Item) -> None:
        if not self.enabled:
            return
        if len(self._waiting) >= self.CAPACITY:
            self.dropped += 1
            if self.dropped == 1:
                log.warning("the activity queue is full: new activities are dropped until Livetrail answers again")
            return
        self._waiting.append(item)
        if self._loop is not None:
            with suppress(RuntimeError):  # The loop is closed: the application has stopped.
                self._loop.call_soon_threadsafe(self._wake.set)

    async def _run(self) -> None:
        while True:
            while self._waiting:
                try:
                    await self._send(self._next())
                except Exception:
                    log.exception("a batch of activities could not be sent and is lost")
            if self._delivery.hurried:
                return
            await self._wake.wait()
            self._wake.clear()

    def _next(self) -> list[Item]:
        """The oldest item, and the activities right behind it as far as one request may carry them."""
        batch = [self._waiting.popleft()]
        size = len(batch[0].body)
        while self._waiting and batch[0].path is None and len(batch) < self.BATCH_ITEMS:
            following = self._waiting[0]
            size += len(following.body)
            if following.path is not None or size > self.BATCH_BYTES:
                break
            batch.append(self._waiting.popleft())
        return batch

    async def _send(self, batch: list[Item]) -> None:
        first = batch[0]
        if first.path is not None:
            await self._delivery.send("PUT", first.path, first.body)
        elif len(batch) == 1:
            await self._delivery.send("POST", "/api/activity", first.body)
        else:
            body = b"[" + b",".join(item.body for item in batch) + b"]"
            await self._delivery.send("POST", "/api/activity", body, items=len(batch))
