"""The thread that sends: at once after an idle time, otherwise all activities since the last request together."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import InvalidStateError
from contextlib import suppress
from functools import partial

import httpx

from . import lifecycle
from .answer import Fate, fates, is_of_livetrail, is_worth_splitting, without_position
from .delivery import Delivery
from .drops import Drops
from .errors import DroppedError, LivetrailError, NotAcknowledgedError, RefusedError
from .item import Item, Receipt
from .outbox import Outbox, as_array
from .spool import NoSpool

log = logging.getLogger("livetrail")
NOT_SENT = "the client was closed before this was sent"
NOT_ACKNOWLEDGED = "the client was closed before this was acknowledged: it may be stored"


class Sender:
    """Empties an outbox in order. A refusal is logged once per status, so that a wrong key does not fill the log."""

    def __init__(
        self,
        outbox: Outbox,
        open_delivery: Callable[[], Delivery],
        report: Callable[[LivetrailError], None],
        drops: Drops,
        spool: NoSpool,
    ) -> None:
        self._outbox = outbox
        self._open_delivery = open_delivery
        self._report = report
        self._drops = drops
        self._spool = spool
        self._said: set[int | None] = set()

    def run(self) -> None:
        """Returns when the outbox is closed and empty, or given up."""
        try:
            with lifecycle.no_fork():
                delivery = self._open_delivery()
        except Exception as error:
            log.exception("Livetrail cannot be called: activities are not logged")
            unsent = self._outbox.abandon(self._spool.pending)
            self._report(DroppedError(repr(error), activities=unsent.lost))
            resolve(unsent.waiting, DroppedError(repr(error)))
            return
        self._adopt()
        while batch := self._outbox.next_batch():
            self._deliver(delivery, batch)
            self._adopt()
        delivery.close()

    def _adopt(self) -> None:
        """Takes leftover activities from the spool, a file at a time, when there is room."""
        if self._spool.has_left and self._outbox.has_room and not self._outbox.abandoned:
            self._outbox.adopt(self._spool.next_left())

    def _deliver(self, delivery: Delivery, batch: list[Item]) -> None:
        try:
            answer = _send(delivery, batch)
            what_became = [] if answer is None else fates(answer, batch)
        except Exception as error:
            log.exception("a batch of activities could not be sent and is lost")
            answer, what_became = None, [RefusedError(repr(error), activities=len(batch))] * len(batch)
        if answer is not None and is_worth_splitting(answer, batch):
            # Halves rather than one by one: most of what is acceptable still travels together.
            middle = (len(batch) + 1) // 2
            self._deliver(delivery, batch[:middle])
            self._deliver(delivery, batch[middle:])
        elif what_became:
            self._settle(batch, what_became)
        else:
            resolve([item for item in batch if item.may_be_stored], NotAcknowledgedError(NOT_ACKNOWLEDGED))
            resolve([item for item in batch if not item.may_be_stored], DroppedError(NOT_SENT))

    def _settle(self, batch: list[Item], what_became: Sequence[Fate]) -> None:
        receipts = [fate for fate in what_became if isinstance(fate, Receipt)]
        refused = [fate for fate in what_became if isinstance(fate, LivetrailError)]
        # Waiting callers come first, so that after a flush every acknowledgement is there.
        for item, fate in zip(batch, what_became, strict=True):
            resolve([item], without_position(fate) or fate if isinstance(fate, Receipt) else fate)
        duplicates = sum(receipt.duplicate for receipt in receipts)
        # Told before it is counted, so that after a flush nothing is left to be said.
        for error in dict.fromkeys(refused):
            self._refuse(error)
        self._spool.release(batch)
        if self._outbox.has_room:
            self._drops.end()
        self._outbox.settle(batch, sent=len(receipts), duplicates=duplicates, rejected=len(refused))

    def _refuse(self, error: LivetrailError) -> None:
        status = error.status if isinstance(error, RefusedError) else None
        if status not in self._said:
            self._said.add(status)
            log.error("Livetrail refused %d activities: %.500s", error.activities, error)
        self._report(error)


def _send(delivery: Delivery, batch: list[Item]) -> httpx.Response | None:
    first = batch[0]
    if first.path is not None:
        method, path, body = "PUT", first.path, first.body
    else:
        method, path, body = "POST", "/api/activity", first.body if len(batch) == 1 else as_array(batch)
    return delivery.send(batch, method, path, body, partial(is_of_livetrail, batch=batch))


def resolve(items: list[Item], fate: Fate) -> None:
    """Hands the outcome to the callers that still wait for these items."""
    for item in items:
        if item.receipt is None:
            continue
        with suppress(InvalidStateError):
            if isinstance(fate, Receipt):
                item.receipt.set_result(fate)
            else:
                item.receipt.set_exception(fate)
