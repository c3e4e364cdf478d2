"""Livetrail: records who did what, without a wait and without an exception."""

from . import actions
from .activity import configure, default_client, log_activity
from .client import Client
from .current import count_query
from .delegate import delegate_of
from .errors import (
    DroppedError,
    LivetrailError,
    NotAcknowledgedError,
    RefusedError,
    SwitchedOffError,
    UnreachableError,
)
from .following import afollow, follow
from .frames import Frame
from .item import Receipt
from .listing import Page, alist, apages, pages
from .listing import list as list
from .stats import Stats

__version__ = "0.1.0"
__all__ = [
    "Client",
    "DroppedError",
    "Frame",
    "LivetrailError",
    "NotAcknowledgedError",
    "Page",
    "Receipt",
    "RefusedError",
    "Stats",
    "SwitchedOffError",
    "UnreachableError",
    "actions",
    "afollow",
    "alist",
    "apages",
    "configure",
    "count_query",
    "default_client",
    "delegate_of",
    "follow",
    "log_activity",
    "pages",
]
