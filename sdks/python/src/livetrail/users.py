"""Users of the directory: what lists show beside a user id."""

import re
from typing import Any
from urllib.parse import quote

from .details import compact
from .item import Item
from .limits import MAX_TEXT, PROFILE_TEXT
from .shape import NoActivityError
from .text import as_text

_BREAKS = re.compile("[\t\n]+")


def user_item(user_id: Any, email: Any, display_name: Any) -> Item:
    """The request that names a user."""
    name = _fitting(user_id, MAX_TEXT["user_id"])
    if name is None:
        raise NoActivityError("a user of the directory needs an id")
    names = {"email": _fitting(email, PROFILE_TEXT), "display_name": _fitting(display_name, PROFILE_TEXT)}
    # Two ids would be taken for steps of the path even where their dots are all there is.
    step = name.replace(".", "%2E") if name in (".", "..") else quote(name, safe="")
    return Item(compact(names).encode(), id=name, path=f"/api/users/{step}")


def _fitting(value: Any, most: int) -> str | None:
    """The directory takes no control characters at all."""
    return None if value is None else _BREAKS.sub(" ", as_text(value))[:most] or None
