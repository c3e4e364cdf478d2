"""From the arguments of `record()` to the body of a request."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from .item import Item
from .redact import Redaction
from .shape import body

log = logging.getLogger("livetrail")

BeforeSend = Callable[[dict[str, Any]], Mapping[str, Any] | None]


def _is_given(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value)


class Encoder:
    """Calls the application's hook, then redacts its result."""

    def __init__(self, redaction: Redaction, before_send: BeforeSend | None) -> None:
        self._redaction = redaction
        self._before_send = before_send

    def encode(self, fields: Mapping[str, Any]) -> Item | None:
        """None if the hook leaves the activity out. An exception of the hook goes up: the hook may keep something
        private, so an activity that it has not seen is not sent.
        """
        wanted = fields if self._before_send is None else self._before_send(dict(fields))
        if wanted is None:
            return None
        id_, text = body(wanted, self._redaction)
        log.debug("recorded %s", text)
        return Item(text.encode(), id=id_, names_tenant=_is_given(wanted.get("tenant_id")))
