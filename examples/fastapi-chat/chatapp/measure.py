"""What every request costs: when it began and how many statements it ran."""

from contextvars import ContextVar
from time import perf_counter

from starlette.types import ASGIApp, Receive, Scope, Send

# The list is shared with the worker threads of the same request: a context is copied into them, what it holds is not.
_queries: ContextVar[list[int] | None] = ContextVar("queries", default=None)


def count_query() -> None:
    """Called by the database for each statement."""
    counter = _queries.get()
    if counter is not None:
        counter[0] += 1


def queries_so_far() -> int | None:
    """Statements of the current request, or None outside a request."""
    counter = _queries.get()
    return None if counter is None else counter[0]


class Measure:
    """Pure ASGI middleware: starts the clock and the counter of each HTTP request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope.setdefault("state", {})["started"] = perf_counter()
            _queries.set([0])
        await self.app(scope, receive, send)
