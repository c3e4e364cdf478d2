"""One request to Livetrail, repeated until it is answered for good."""

import asyncio
import logging
import random
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

log = logging.getLogger("chatapp.activity")
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
LONGEST_RETRY_AFTER = 300.0


class Delivery:
    """An HTTP client that knows which answers are final. A refusal is reported once per status, never raised."""

    def __init__(self, url: str, key: str) -> None:
        self.refused = 0
        self._hurry = asyncio.Event()
        self._said: set[int] = set()
        self._http = httpx.AsyncClient(
            base_url=url,
            timeout=10.0,
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )

    @property
    def hurried(self) -> bool:
        """Whether the application is stopping."""
        return self._hurry.is_set()

    def hurry(self) -> None:
        """Ends the pause before the next attempt: the application is stopping."""
        self._hurry.set()

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def send(self, method: str, path: str, body: bytes, items: int = 1) -> None:
        """Returns when the server has taken or refused the body for good."""
        attempt = 0
        while True:
            answer = await self._attempt(method, path, body)
            if answer is not None and not _is_transient(answer.status_code):
                self._note(answer, items)
                return
            if attempt == 0:
                why = "cannot be reached" if answer is None else f"answered {answer.status_code}"
                log.warning("Livetrail %s; activities wait and are sent again", why)
            await self._pause(attempt, answer)
            attempt += 1

    async def _attempt(self, method: str, path: str, body: bytes) -> httpx.Response | None:
        try:
            return await self._http.request(method, path, content=body)
        except httpx.HTTPError:
            return None

    async def _pause(self, attempt: int, answer: httpx.Response | None) -> None:
        """Full jitter: many clients that lost the same server must not come back at the same moment."""
        bound = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempt, 16))
        seconds = max(random.uniform(0, bound), _retry_after(answer))
        if self.hurried:
            await asyncio.sleep(min(seconds, FIRST_PAUSE))
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), seconds)

    def _note(self, answer: httpx.Response, items: int) -> None:
        rejected = _rejected(answer) if answer.is_success else items
        if not rejected:
            return
        self.refused += rejected
        if answer.status_code not in self._said:
            self._said.add(answer.status_code)
            log.error("Livetrail refused %d items with %d: %.300s", rejected, answer.status_code, answer.text)


def _is_transient(status: int) -> bool:
    return status in (408, 429) or status >= 500


def _rejected(answer: httpx.Response) -> int:
    """How many items of a batch were refused for good although the others were stored."""
    try:
        body = answer.json()
    except ValueError:
        return 0
    return len(body.get("rejected") or ()) if isinstance(body, dict) else 0


def _retry_after(answer: httpx.Response | None) -> float:
    """Seconds, from either form the header may have: a number or a date."""
    value = "" if answer is None else answer.headers.get("retry-after", "")
    try:
        seconds = float(value) if value.isdigit() else _seconds_until(value)
    except (TypeError, ValueError):
        return 0.0
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _seconds_until(date: str) -> float:
    return (parsedate_to_datetime(date).astimezone(UTC) - datetime.now(UTC)).total_seconds()
