"""An item of the queue, and the receipt that its caller may wait for."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .segment import Segment


@dataclass(frozen=True)
class Receipt:
    """The acknowledgement: the activity is in the log and survives a crash of the server."""

    id: str
    position: int
    duplicate: bool = False


@dataclass(slots=True, eq=False)
class Item:
    """One thing to send, encoded at once so that nothing can change it later. `path` is set for a user only.

    `may_be_stored` says that a request with it had no answer, so that only a further one can tell.
    """

    body: bytes
    id: str = ""
    path: str | None = None
    names_tenant: bool = False
    may_be_stored: bool = False
    receipt: "Future[Receipt] | None" = field(default=None, repr=False)
    kept_in: "Segment | None" = field(default=None, repr=False)

    @property
    def is_urgent(self) -> bool:
        """Whether a caller waits for its receipt, or it travels alone anyway, as users of the directory do."""
        return self.receipt is not None or self.path is not None
