"""What can go wrong. `record()` raises none of these: `on_error` gets them, and the durable variants raise them."""

from typing import Any


class LivetrailError(Exception):
    """The base of all; `activities` says how many it is about."""

    def __init__(self, message: str, *, activities: int = 1) -> None:
        super().__init__(message)
        self.activities = activities


class SwitchedOffError(LivetrailError):
    """There is no key or no usable address, so nothing is sent. `on_error` gets it with the first activity."""


class DroppedError(LivetrailError):
    """The queue was full or the client closed before they could be sent: they are lost."""


class UnreachableError(LivetrailError):
    """The server does not answer now, or another server answers. Nothing is lost yet: what waits is sent again."""


class NotAcknowledgedError(LivetrailError):
    """The wait for the acknowledgement ended first. The activity may be stored; it still waits unless the client was
    closed.
    """


class RefusedError(LivetrailError):
    """Refused for good: by the server, or here because it lacks a user or an action (then `status` is None).

    `errors` are the server's: a JSON `pointer` and a `detail` each.
    """

    def __init__(
        self, message: str, *, status: int | None = None, errors: tuple[dict[str, Any], ...] = (), activities: int = 1
    ) -> None:
        super().__init__(message, activities=activities)
        self.status = status
        self.errors = errors
