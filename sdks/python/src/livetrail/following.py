"""Following the log as it grows: what comes after a cursor, in order, none twice, over every interruption."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Generator
from typing import Any

import httpx

from . import pauses, settings, unknown_server
from .answer import refusal
from .errors import SwitchedOffError
from .frames import Frame, Frames

log = logging.getLogger("livetrail")
_PATH = "/api/admin/activity/stream"
# The server says something every 15 seconds; a connection that is silent for three times that is dead.
_TIMEOUT = httpx.Timeout(10.0, read=45.0)


def follow(
    url: str | None = None, key: str | None = None, *, last_event_id: str | None = None, **filters: Any
) -> Generator[Frame, None, None]:
    """Yields what is pushed, for ever; the key must be one that may read.

    `filters` are those of the list (`action_filter="user_login"`, `status=["4xx", "5xx"]`). `last_event_id` is the
    cursor of the last frame that was dealt with; without it the stream begins now. Raises RefusedError for wrong keys
    and filters.
    """
    stream = _Stream(url, key, last_event_id, filters)
    with httpx.Client(**stream.settings) as http:
        while not stream.ended:
            try:
                with http.stream("GET", _PATH, params=stream.params, headers=stream.headers()) as answer:
                    if not stream.accepts(answer):
                        answer.read()
                        stream.refuse(answer)
                    else:
                        for text in answer.iter_text():
                            yield from stream.take(text)
            except httpx.HTTPError:
                stream.fail()
            if not stream.ended:
                time.sleep(stream.pause())


async def afollow(
    url: str | None = None, key: str | None = None, *, last_event_id: str | None = None, **filters: Any
) -> AsyncGenerator[Frame, None]:
    """`follow` for asynchronous code."""
    stream = _Stream(url, key, last_event_id, filters)
    async with httpx.AsyncClient(**stream.settings) as http:
        while not stream.ended:
            try:
                async with http.stream("GET", _PATH, params=stream.params, headers=stream.headers()) as answer:
                    if not stream.accepts(answer):
                        await answer.aread()
                        stream.refuse(answer)
                    else:
                        async for text in answer.aiter_text():
                            for frame in stream.take(text):
                                yield frame
            except httpx.HTTPError:
                stream.fail()
            if not stream.ended:
                await asyncio.sleep(stream.pause())


class _Stream:
    """What both ways have in common: where the stream is, and when to come back."""

    def __init__(self, url: str | None, key: str | None, cursor: str | None, filters: dict[str, Any]) -> None:
        read = settings.read(url, key, None, None)
        if read.why_off:
            raise SwitchedOffError(read.why_off)
        self.settings: dict[str, Any] = {
            "base_url": read.url,
            "timeout": _TIMEOUT,
            "headers": {"Authorization": f"Bearer {read.key}", "Accept": "text/event-stream"},
        }
        self.params = {name: value for name, value in filters.items() if value is not None}
        self.ended = False
        self._frames = Frames(cursor)
        self._failures = 0
        self._retry_after = 0.0
        self._warned = False

    def headers(self) -> dict[str, str]:
        """Says where to go on from."""
        return {"Last-Event-ID": self._frames.cursor} if self._frames.cursor else {}

    def accepts(self, answer: httpx.Response) -> bool:
        """Whether this is a stream. 204 means that there will be none any more."""
        self._frames.begin()
        self._retry_after = 0.0
        self.ended = answer.status_code == 204
        return self.ended or (answer.is_success and not self._is_unknown(answer))

    def _is_unknown(self, answer: httpx.Response) -> bool:
        return answer.is_success and not answer.headers.get("content-type", "").startswith("text/event-stream")

    def take(self, text: str) -> list[Frame]:
        """The frames that this text completes."""
        self._failures = 0
        return self._frames.take(text)

    def refuse(self, answer: httpx.Response) -> None:
        """Trouble that passes is waited for; what is wrong with the key or the filter is raised."""
        if pauses.is_transient(answer.status_code):
            self._retry_after = pauses.retry_after(answer.headers.get("retry-after", ""))
            self.fail()
            return
        if self._is_unknown(answer):
            if not self._warned:
                self._warned = True
                log.warning("the server %s", unknown_server.description(answer, str(self.settings["base_url"])))
            self.fail()
            return
        raise refusal(answer)

    def fail(self) -> None:
        """The connection did not last."""
        self._failures += 1

    def pause(self) -> float:
        """Seconds until the next attempt: as the server wished, or after failures longer and longer."""
        wait = pauses.jittered(self._failures) if self._failures else self._frames.retry_seconds
        return max(self._retry_after, wait)
