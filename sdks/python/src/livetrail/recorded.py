"""What `log_activity()` returns: nothing that needs waiting for."""

from collections.abc import Coroutine, Generator
from typing import Any, NoReturn


class Recorded:
    """May be awaited, made a task of, or ignored: it is over already, and is no coroutine that somebody forgot."""

    def __await__(self) -> Generator[Any, Any, None]:
        yield from ()

    def send(self, value: object) -> NoReturn:
        """A task runs a coroutine by this; this one has ended."""
        raise StopIteration

    def throw(self, error: BaseException, *more: object) -> NoReturn:
        """A task that is cancelled passes it on by this."""
        raise error

    def close(self) -> None:
        """There is nothing to close."""


# `asyncio.create_task(log_activity(...))` asks for this. Type checkers are not told: they would want every call
# awaited.
Coroutine.register(Recorded)
RECORDED = Recorded()
