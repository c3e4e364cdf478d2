"""One request to the server, repeated until it is answered for good."""

import codecs
import gzip
import logging
from collections.abc import Callable
from time import perf_counter

import httpcore  # noqa: F401 - see below
import httpx

from . import pauses, unknown_server
from .errors import UnreachableError
from .item import Item
from .outbox import Outbox
from .settings import Settings

# httpx and `getaddrinfo` import these on first use. Without this the sending thread would do it, and a child that is
# forked in that moment would keep half a module for the rest of its life.
codecs.lookup("idna")

log = logging.getLogger("livetrail")
_SMALLEST_TO_COMPRESS = 1024
_COMPRESSION_LEVEL = 5
# Without a connection nothing can have been stored.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)


class Delivery:
    """An HTTP client that knows which answers are final."""

    def __init__(self, settings: Settings, outbox: Outbox, report: Callable[[UnreachableError], None]) -> None:
        self._outbox = outbox
        self._report = report
        self._away = self._unknown = False
        self._url = settings.url
        self._http = httpx.Client(
            base_url=settings.url,
            timeout=_TIMEOUT,
            headers={"Authorization": f"Bearer {settings.key}", "Content-Type": "application/json"},
            transport=settings.transport() if settings.transport else None,
            # Proxies that the environment names would come before a transport of one's own.
            trust_env=settings.transport is None,
        )

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def send(
        self, batch: list[Item], method: str, path: str, body: bytes, is_of_livetrail: Callable[[httpx.Response], bool]
    ) -> httpx.Response | None:
        """Sends what a batch was made into. The answer that is final, or None when the items have been given up.

        A 2xx answer that is not of Livetrail counts like none, so the request is repeated.
        """
        headers = {}
        if len(body) > _SMALLEST_TO_COMPRESS:
            body, headers = gzip.compress(body, _COMPRESSION_LEVEL, mtime=0), {"Content-Encoding": "gzip"}
        attempt, stopping = 0, self._outbox.closed
        while self._outbox.begin_attempt(batch):
            answer = self._attempt(method, path, body, headers)
            unknown = answer is not None and answer.is_success and not is_of_livetrail(answer)
            if answer is not None and not unknown and not pauses.is_transient(answer.status_code):
                self._back()
                return answer
            self._gone(answer, unknown=unknown)
            if self._outbox.closed and not stopping:
                # A closing client does not wait long, so the pauses begin again with the shortest.
                attempt, stopping = 0, True
            at_least = pauses.retry_after("" if answer is None else answer.headers.get("retry-after", ""))
            at_most = max(at_least, pauses.jittered(attempt))
            self._outbox.pause(at_least, at_most, ends_at_close=not stopping)
            attempt += 1
        return None

    def _attempt(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response | None:
        began = perf_counter()
        try:
            answer = self._http.request(method, path, content=body, headers=headers)
        except (httpx.HTTPError, OSError) as error:  # A transport of the application's own may raise the latter.
            log.debug("%s %s, %d bytes: no answer, %r", method, path, len(body), error)
            self._outbox.end_attempt(may_be_stored=not isinstance(error, _NOT_SENT))
            return None
        self._outbox.end_attempt(may_be_stored=pauses.may_be_stored(answer.status_code))
        took = (perf_counter() - began) * 1000
        log.debug("%s %s, %d bytes: %d in %.1f ms", method, path, len(body), answer.status_code, took)
        return answer

    def _gone(self, answer: httpx.Response | None, *, unknown: bool) -> None:
        """Told once per outage, and once more if another server answers in the middle of one."""
        if self._away and not (unknown and not self._unknown):
            return
        self._away, self._unknown = True, self._unknown or unknown
        if answer is None:
            why = "Livetrail cannot be reached"
        elif unknown:
            why = f"the server at LIVETRAIL_URL {unknown_server.description(answer, self._url)}"
        else:
            why = f"Livetrail answered {answer.status_code}"
        log.warning("%s; activities wait and are sent again", why)
        self._report(UnreachableError(why, activities=self._outbox.stats().waiting))

    def _back(self) -> None:
        if self._away:
            self._away = self._unknown = False
            log.info("Livetrail answers again")
