"""From the arguments of `record()` to what is sent."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from .item import Item
from .redact import Redaction
from .shape import body

log = logging.getLogger("livetrail")

BeforeSend = Callable[[dict[str, Any]], Mapping[str, Any] | None]


class Encoder:
    """Asks the application's hook, then redacts what it gives back."""

    def __init__(self, redaction: Redaction, before_send: BeforeSend | None) -> None:
        self._redaction = redaction
        self._before_send = before_send

    def encode(self, fields: Mapping[str, Any]) -> Item | None:
        """None where the hook leaves the activity out. Raises what the hook raises: it may be there to keep something
        private, so an activity that it has not seen is not sent.
        """
        wanted = fields if self._before_send is None else self._before_send(dict(fields))
        if wanted is None:
            return None
        id_, text = body(wanted, self._redaction)
        log.debug("recorded %s", text)
        return Item(text.encode(), id=id_, names_tenant=bool(wanted.get("tenant_id")))
