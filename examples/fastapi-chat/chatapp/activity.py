"""`log_activity()`: one line where something happens, never a wait and never an exception because of it.

An activity gets its id and its timestamp here, at the moment it happens, so that sending it late or twice changes
nothing: Livetrail stores the same id once.
"""

import ipaddress
import logging
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from fastapi import Request

from .measure import queries_so_far
from .outbox import Outbox
from .uuid7 import uuid7

log = logging.getLogger("chatapp.activity")
PREVIEW_CHARACTERS = 100
LIMITS = {"endpoint": 255, "target_user_id": 255, "target_resource_id": 255, "user_agent": 1024}


def preview(text: str) -> str:
    """The beginning of what somebody wrote: enough to recognise it, not a copy of the conversation."""
    return text[:PREVIEW_CHARACTERS]


def log_activity(
    request: Request,
    user_id: str,
    action_type: str,
    *,
    status_code: int,
    success: bool | None = None,
    endpoint: str | None = None,
    duration_ms: int | None = None,
    error_message: str | None = None,
    error_type: str | None = None,
    target_user_id: str | None = None,
    target_resource_id: str | None = None,
    resource_type: str | None = None,
    details: dict[str, Any] | None = None,
    is_admin: bool = False,
) -> None:
    """Takes the rest from the request and hands the activity to the outbox. Safe to call from any thread."""
    try:
        outbox: Outbox = request.app.state.outbox
        if not outbox.enabled:
            return
        activity = {
            "id": str(uuid7()),
            "timestamp": datetime.now(UTC).isoformat(),
            "user_id": user_id,
            "action_type": action_type,
            "endpoint": endpoint or request.url.path,
            "http_method": request.method,
            "status_code": status_code,
            "success": status_code < 400 if success is None else success,
            "error_message": error_message,
            "error_type": error_type,
            "target_user_id": target_user_id,
            "target_resource_id": target_resource_id,
            "resource_type": resource_type,
            "details": details,
            "duration_ms": duration_ms if duration_ms is not None else _elapsed_ms(request),
            "db_query_count": queries_so_far(),
            "ip_address": _address(request),
            "user_agent": request.headers.get("user-agent"),
            "is_admin": is_admin,
        }
        outbox.record({name: _fitting(name, value) for name, value in activity.items() if value is not None})
    except Exception:
        log.exception("an activity could not be recorded; the application goes on")


def _fitting(name: str, value: Any) -> Any:
    """What visitors can make too long is cut, and NUL is left out: Livetrail would refuse the whole activity."""
    if isinstance(value, dict):
        return {key: _fitting(key, each) for key, each in value.items()}
    return value.replace("\0", "")[: LIMITS.get(name)] if isinstance(value, str) else value


def _elapsed_ms(request: Request) -> int | None:
    started = getattr(request.state, "started", None)
    return None if started is None else round((perf_counter() - started) * 1000)


def _address(request: Request) -> str | None:
    """The caller's address, or nothing where the transport has none (a Unix socket, a test client)."""
    try:
        return str(ipaddress.ip_address(request.client.host)) if request.client else None
    except ValueError:
        return None
