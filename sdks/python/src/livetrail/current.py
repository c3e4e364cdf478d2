"""The request that is being answered: when it began, what it cost, and whether it was recorded."""

import logging
from collections.abc import Callable, Mapping, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from .fields import Delegate

log = logging.getLogger("livetrail")
_KEY = "livetrail.current"


@dataclass(slots=True)
class Current:
    """Shared with the worker threads of the request: a context is copied into them, what it holds is not."""

    started: float = field(default_factory=perf_counter)
    queries: int = 0
    recorded: bool = False
    delegate: Callable[[], Delegate | None] | None = None

    def elapsed_ms(self) -> int:
        """Milliseconds since the request came in, rounded half up."""
        return int((perf_counter() - self.started) * 1000 + 0.5)

    def delegated(self) -> Delegate:
        """The party that acts in the user's name, as the application tells it."""
        try:
            told = (self.delegate and self.delegate()) or {}
            # Nothing else that the function returns may stand for a field.
            return Delegate(
                delegate_id=told.get("delegate_id"), delegate_type=told.get("delegate_type"), via=told.get("via")
            )
        except Exception:
            log.exception("a delegate could not be read; the activity is recorded without it")
            return {}

    def counted_queries(self) -> int | None:
        """Statements so far; None in applications that do not count."""
        return self.queries if _counting else None


current_scope: ContextVar[MutableMapping[str, Any] | None] = ContextVar("livetrail_scope", default=None)
_counting = False


def begin(scope: MutableMapping[str, Any]) -> Current:
    """Notes in the scope what is known of its request. A second middleware finds what the first one began."""
    here: Current = scope.setdefault(_KEY, Current())
    return here


def current_of(scope: Any) -> Current | None:
    """What is known of the request of this scope, or else of the one whose context this is.

    The scope comes first: handlers of exceptions may be called outside of the middleware, where its context has ended.
    """
    for known in (scope, current_scope.get()):
        here = known.get(_KEY) if isinstance(known, Mapping) else None
        if isinstance(here, Current):
            return here
    return None


def count_query() -> None:
    """To be called for each statement that the database runs; activities then have `db_query_count`."""
    global _counting
    _counting = True
    here = current_of(None)
    if here is not None:
        here.queries += 1
