"""What `log_activity()` returns: nothing that needs waiting for."""

from collections.abc import Coroutine, Generator
from typing import Any, NoReturn


class Recorded(Coroutine[Any, Any, None]):
    """May be awaited, made a task of, or ignored: it is over already.

    `asyncio.create_task(log_activity(...))` asks for a coroutine. Type checkers want a plain `Coroutine` to be awaited,
    but not a class that is derived from it.
    """

    def __await__(self) -> Generator[Any, Any, None]:
        yield from ()

    def send(self, value: object, /) -> NoReturn:
        """A task runs a coroutine by this; this one has ended."""
        raise StopIteration

    def throw(self, error: Any, value: Any = None, trace: Any = None, /) -> NoReturn:
        """A task that is cancelled passes it on by this."""
        raise error

    def close(self) -> None:
        """There is nothing to close."""


RECORDED = Recorded()
