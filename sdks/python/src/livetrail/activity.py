"""`log_activity()`: one line where something happens, never a wait and never an exception because of it."""

import logging
import os
import threading
from collections.abc import Mapping
from typing import Any

from . import lifecycle
from .backports import Unpack
from .client import Client, Options
from .current import Current, current_of, current_scope
from .fields import Fields, MoreFields
from .recorded import RECORDED, Recorded
from .request import facts, scope_of

log = logging.getLogger("livetrail")
_lock = threading.RLock()
_default: Client | None = None


def configure(url: str | None = None, key: str | None = None, **options: Unpack[Options]) -> Client:
    """Makes the client that `log_activity` and the middleware use, with the arguments of `Client`.

    Call it once, at the start. Without it the first activity makes one, from the environment.
    """
    global _default
    with _lock:
        former, _default = _default, Client(url, key, **options)
        client = _default
    if former is not None:
        former.close(timeout=1.0)
    return client


def default_client() -> Client:
    """The client that `log_activity` uses."""
    global _default
    # Mostly without the lock: a fork may copy it while another thread holds it.
    if _default is not None:
        return _default
    with _lock:
        _default = _default or Client()
        return _default


def _begin_anew() -> None:
    """In the child of a fork the lock may be held by a thread that the child does not have."""
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)

if os.environ.get("LIVETRAIL_KEY"):
    # The first activity may be recorded on a thread, which can set no handlers.
    lifecycle.watch_sigterm()


def log_activity(
    request: Any = None,
    user_id: Any = None,
    action_type: Any = None,
    success: bool | None = None,
    status_code: int | None = None,
    endpoint: str | None = None,
    duration_ms: float | None = None,
    error_message: Any = None,
    error_type: str | None = None,
    target_user_id: Any = None,
    target_resource_id: Any = None,
    resource_type: Any = None,
    details: Mapping[str, Any] | None = None,
    is_admin: bool = False,
    *,
    client: Client | None = None,
    **more: Unpack[MoreFields],
) -> Recorded:
    """Records an activity with what the request tells: path, method, address, user agent; and, behind the middleware,
    how long it has taken.

    What is given wins over what the request tells. Inside the middleware `request` may be None. Returns something that
    may be awaited, but need not be.
    """
    try:
        client = client or default_client()
        _record(client, request, {**locals(), **more})
    except Exception:
        log.exception("an activity could not be recorded; the application goes on")
    return RECORDED


def _record(client: Client, request: Any, given: dict[str, Any]) -> None:
    told, here = _told(client, request if request is not None else current_scope.get())
    fields: dict[str, Any] = dict(told)
    if here:
        fields |= {"duration_ms": here.elapsed_ms(), "db_query_count": here.counted_queries()}
        fields |= _delegate(here, given)
        here.recorded = True
    own = {"request", "client", "more"}
    fields |= {name: value for name, value in given.items() if value is not None and name not in own}
    client.record(fields.pop("user_id", None), fields.pop("action_type", None), **fields)


def _delegate(here: Current, given: Mapping[str, Any]) -> dict[str, Any]:
    """A delegate that is given has its own type, or none."""
    told = here.delegated()
    if given.get("delegate_id") is None:
        return {**told}
    return {"via": told.get("via")}


def _told(client: Client, request: Any) -> tuple[Fields, Current | None]:
    """A request that cannot be read tells nothing; what happened in it is recorded all the same."""
    try:
        return facts(request, client.proxies), current_of(scope_of(request))
    except Exception:
        log.exception("a request could not be read")
        return {}, current_of(None)
