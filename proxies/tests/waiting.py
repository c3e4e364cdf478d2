"""Waiting for facts."""

import time
from collections.abc import Callable

PATIENCE = 30.0
"""Seconds after which a test takes what it waits for to be lost."""


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.02)
