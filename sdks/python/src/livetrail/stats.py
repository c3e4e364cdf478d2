"""Counters of a client since it was made."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stats:
    """Activities, and users of the directory.

    What was recorded is `sent + rejected + dropped + waiting + kept + unacknowledged`, but for what is under way at
    this moment.
    """

    sent: int = 0
    """In the log, as the server said."""
    duplicates: int = 0
    """Of these, in the log before: an earlier attempt had arrived, its answer had not."""
    rejected: int = 0
    """Refused for good."""
    dropped: int = 0
    """Lost because the queue was full, or the client was closed or off."""
    waiting: int = 0
    """Not sent yet, or under way."""
    kept: int = 0
    """In the spool when the client was closed: the next client sends them."""
    unacknowledged: int = 0
    """Sent without an answer when the client was closed: they may be stored."""
    redacted: Mapping[str, int] = field(default_factory=dict)
    """Secrets that were replaced, by kind: key, jwt, bearer, basic, scheme, private_key, card, known_format, …"""
