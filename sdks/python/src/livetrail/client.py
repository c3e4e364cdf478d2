"""The client: `record()` returns at once and never raises; one thread sends.

It works the same from synchronous code, from any event loop and from several threads, and begins anew in the child of
a fork: what waited there is sent by the parent.
"""

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import replace
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, TypedDict

import httpx

from . import debugging, lifecycle, settings
from .backports import Self, Unpack
from .delivery import Delivery
from .drops import Drops
from .encoding import BeforeSend, Encoder
from .errors import DroppedError, LivetrailError, NotAcknowledgedError, RefusedError, SwitchedOffError
from .fields import Fields
from .item import Item, Receipt
from .outbox import Outbox, Unsent
from .proxies import Proxies
from .redact import Redaction
from .sender import NOT_ACKNOWLEDGED, NOT_SENT, Sender, resolve
from .shape import NoActivityError
from .spool import SPOOL_BYTES, NoSpool, Spool
from .stats import Stats
from .users import user_item

log = logging.getLogger("livetrail")
QUEUE_ITEMS = 10_000
QUEUE_BYTES = 64 * 1024 * 1024


class Options(TypedDict, total=False):
    """The arguments of a client besides its address and key."""

    on_error: Callable[[LivetrailError], None] | None
    trusted_proxies: int | str | Iterable[str] | None
    redact: bool
    redact_keys: Iterable[str]
    queue_items: int
    queue_bytes: int
    before_send: BeforeSend | None
    spool: str | Path | None
    spool_bytes: int
    debug: bool | None
    transport: Callable[[], httpx.BaseTransport] | None


class Client:
    """Sends activities to one Livetrail.

    Without a key or a usable address it is off: it loses what is recorded, says so once, and `flush()` is False.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        on_error: Callable[[LivetrailError], None] | None = None,
        trusted_proxies: int | str | Iterable[str] | None = None,
        redact: bool = True,
        redact_keys: Iterable[str] = (),
        queue_items: int = QUEUE_ITEMS,
        queue_bytes: int = QUEUE_BYTES,
        before_send: BeforeSend | None = None,
        spool: str | Path | None = None,
        spool_bytes: int = SPOOL_BYTES,
        debug: bool | None = None,
        transport: Callable[[], httpx.BaseTransport] | None = None,
    ) -> None:
        """`on_error` is called on the thread that notices, mostly the sending one, and may itself go wrong.

        `before_send` gets the arguments of each activity, as a dict that it may change, and returns the arguments to
        send, or None. It is called on the thread that records, before secrets are redacted. `debug` shows recorded
        activities and requests.

        `transport` makes an httpx transport, for certificates, proxies or Unix sockets of one's own.
        """
        self._settings = settings.read(url, key, trusted_proxies, transport)
        self._on_error = on_error
        self._redaction = Redaction(redact_keys, on=redact)
        self._encoder = Encoder(self._redaction, before_send)
        debugging.show(debug)
        self._bounds = (queue_items, queue_bytes)
        self._spool_settings = (spool or os.environ.get("LIVETRAIL_SPOOL"), spool_bytes)
        self._spool = NoSpool()
        self.begin_anew()
        if self.enabled:
            lifecycle.register(self)
            if self._spool.has_left:
                self._start()

    def begin_anew(self) -> None:
        """Forgets what waits, the counters, the thread and the connections: in the child of a fork they are the
        parent's. Called there by itself.
        """
        self._outbox = Outbox(*self._bounds)
        self._spool.let_go()
        folder, most_bytes = self._spool_settings
        self._spool = Spool(folder, most_bytes) if folder and self.enabled else NoSpool()
        self._redaction.begin_anew()
        self._thread: threading.Thread | None = None
        self._starting = threading.RLock()
        self._drops = Drops(self._report)

    @property
    def enabled(self) -> bool:
        """Whether it has a key and an address to send to."""
        return self._settings.why_off is None

    @property
    def proxies(self) -> Proxies:
        """Whose word about the caller's address is taken."""
        return self._settings.proxies

    @property
    def stats(self) -> Stats:
        """What became of everything so far."""
        return replace(self._outbox.stats(), redacted=self._redaction.counts())

    def record(self, user_id: Any, action_type: Any, **fields: Unpack[Fields]) -> str | None:
        """Queues one activity and returns its id, or None where it cannot be recorded. Never waits, never raises."""
        if self._settings.why_off:
            self._lose(self._settings.why_off)
            return None
        item = self._item({"user_id": user_id, "action_type": action_type, **fields})
        return item.id if item and self._put(item) else None

    def record_many(self, activities: Iterable[Mapping[str, Any]], *, timeout: float | None = None) -> int:
        """Records activities, each given as the arguments of `record`, and returns how many wait to be sent.

        A full queue makes it wait, for `timeout` seconds in all; after that it drops activities. Asynchronous code
        calls it with `asyncio.to_thread`.
        """
        end = None if timeout is None else monotonic() + timeout
        taken = 0
        for activity in activities:
            if self._settings.why_off:
                self._lose(self._settings.why_off)
                continue
            item = self._item(activity)
            if item is not None:
                taken += self._put(item, None if end is None else max(0.0, end - monotonic()))
        return taken

    def record_durably(
        self, user_id: Any, action_type: Any, *, timeout: float = 10.0, **fields: Unpack[Fields]
    ) -> Receipt:
        """Waits until the activity is in the log, where it survives a crash of the server.

        Raises RefusedError, DroppedError, SwitchedOffError, or NotAcknowledgedError when the time is up.
        """
        receipt = self._put_with_receipt(user_id, action_type, fields)
        try:
            return receipt.result(timeout)
        except FutureTimeoutError:
            raise _not_acknowledged(timeout) from None

    async def arecord_durably(
        self, user_id: Any, action_type: Any, *, timeout: float = 10.0, **fields: Unpack[Fields]
    ) -> Receipt:
        """The same for asynchronous code: only the caller waits, not its event loop."""
        receipt = self._put_with_receipt(user_id, action_type, fields)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(receipt), timeout)
        except asyncio.TimeoutError:
            raise _not_acknowledged(timeout) from None

    def put_user(self, user_id: Any, *, email: Any = None, display_name: Any = None) -> None:
        """Queues what lists show for this user id, in order with the activities."""
        if self._settings.why_off:
            self._lose(self._settings.why_off)
            return
        try:
            self._put(user_item(user_id, email, display_name))
        except Exception as error:
            self._refuse(error)

    def flush(self, timeout: float = 5.0) -> bool:
        """Waits until all recorded activities are in the log. False when the time was up first, or when an activity was
        refused or dropped since the last flush, and always when the client is off and anything was recorded.
        """
        return self._outbox.wait_until_sent(timeout)

    def hurry(self) -> None:
        """Sends each activity at once from now on, because the process is about to end."""
        self._outbox.hurry()

    def close(self, timeout: float = 5.0) -> bool:
        """Sends the waiting activities, for `timeout` seconds at most, and stops. False as with `flush`. May be called
        twice.
        """
        self._outbox.close()
        complete = self._outbox.wait_until_sent(timeout)
        unsent = self._outbox.abandon(self._spool.pending)
        self._spool.close()
        # Not sooner: a SIGTERM that comes while this waits closes all clients, too, and waits for this one.
        lifecycle.forget(self)
        self._drops.end()
        resolve(unsent.waiting, DroppedError(NOT_SENT))
        self._tell(unsent)
        return complete

    def _tell(self, unsent: Unsent) -> None:
        if unsent.kept:
            log.warning("Livetrail was not reached before the end: the spool keeps %d activities", unsent.kept)
        if number := unsent.unacknowledged:
            log.warning("Livetrail did not acknowledge %d activities before the end: they may be stored", number)
            self._report(NotAcknowledgedError(NOT_ACKNOWLEDGED, activities=number))
        if unsent.lost:
            log.warning("Livetrail was not reached before the end: %d activities are lost", unsent.lost)
            self._report(DroppedError("the client was closed before everything was sent", activities=unsent.lost))

    async def aflush(self, timeout: float = 5.0) -> bool:
        """`flush` for asynchronous code."""
        return await asyncio.to_thread(self.flush, timeout)

    async def aclose(self, timeout: float = 5.0) -> bool:
        """`close` for asynchronous code."""
        return await asyncio.to_thread(self.close, timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _item(self, fields: Mapping[str, Any]) -> Item | None:
        try:
            return self._encoder.encode(fields)
        except Exception as error:
            self._refuse(error)
            return None

    def _put_with_receipt(self, user_id: Any, action_type: Any, fields: Fields) -> "Future[Receipt]":
        if self._settings.why_off:
            self._lose(self._settings.why_off)
            raise SwitchedOffError(self._settings.why_off)
        item = self._item({"user_id": user_id, "action_type": action_type, **fields})
        if item is None:
            raise RefusedError("this is not an activity, as the log says, or before_send left it out")
        item.receipt = Future()
        if not self._put(item):
            raise DroppedError("the queue is full, or the client is closed")
        return item.receipt

    def _put(self, item: Item, patience: float | None = 0.0) -> bool:
        # A thread that sends is there before a wait for room.
        if self._thread is None and patience != 0:
            self._start()
        self._spool.keep(item)
        taken = self._outbox.put(item, patience)
        if not taken:
            self._spool.release([item])
            self._drops.count("the client is closed" if self._outbox.closed else "the queue is full")
        elif self._thread is None:
            self._start()
        return taken

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                outbox = self._outbox
                sender = Sender(
                    outbox,
                    lambda: Delivery(self._settings, outbox, self._report),
                    self._report,
                    self._drops,
                    self._spool,
                )
                thread = threading.Thread(target=sender.run, name="livetrail", daemon=True)
                lifecycle.begin_to_send()
                try:
                    thread.start()
                except RuntimeError as error:  # The interpreter is shutting down: the rest is for close() to say.
                    log.debug("no thread: %r", error)
                    return
                self._thread = thread

    def _lose(self, why_off: str) -> None:
        """Counts an activity of a client that is off. The reason is told with the first, since logging is set up then.

        An application may make its client before it sets up its logging.
        """
        if self._outbox.count_lost():
            log.warning("%s: activities are not logged", why_off)
            self._report(SwitchedOffError(why_off))

    def _refuse(self, error: Exception) -> None:
        """Here, what no server needs to be asked about. An unexpected error is shown with where it comes from."""
        log.error("an activity could not be recorded: %s", error, exc_info=not isinstance(error, NoActivityError))
        self._outbox.count_rejected()
        self._report(RefusedError(str(error)))

    def _report(self, error: LivetrailError) -> None:
        if self._on_error is not None:
            try:
                self._on_error(error)
            except Exception:
                log.exception("on_error itself went wrong")


def _not_acknowledged(timeout: float) -> NotAcknowledgedError:
    return NotAcknowledgedError(f"no acknowledgement within {timeout} s; the activity still waits to be sent")
