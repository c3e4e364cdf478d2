"""The optional fields of an activity: for type checkers and editors, and to recognise a name that is none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypedDict


class Delegate(TypedDict, total=False):
    """The party that acted in the user's name: an AI agent, support staff, a job. RFC 8693 calls it `act`."""

    delegate_id: Any
    delegate_type: Literal["user", "agent", "service"] | None
    via: Any
    """Through what it was done, such as `ui`, `api`, `mcp`, `cli` or `job`."""


class MoreFields(Delegate, total=False):
    """What `log_activity` takes besides the arguments that it names."""

    id: Any
    """A UUID that makes sending again safe; one is made when there is none."""
    timestamp: datetime | float | str | None
    """When it happened; now, if left out. A number is epoch seconds, a time without a zone is local time."""
    http_method: str | None
    changes: Mapping[str, Any] | None
    """`{field: {"from": …, "to": …}}`."""
    db_query_count: int | None
    ip_address: Any
    user_agent: str | None
    session_id: Any
    request_id: Any
    trace_id: Any
    tenant_id: Any


class Fields(MoreFields, total=False):
    """What an activity may have besides its user and action. None is the same as leaving a field out."""

    endpoint: str | None
    status_code: int | None
    success: bool | None
    """The server's rule when left out: `status_code < 400` if given, else true."""
    error_message: Any
    """Text or an exception."""
    error_type: str | None
    target_user_id: Any
    target_resource_id: Any
    resource_type: Any
    details: Mapping[str, Any] | None
    duration_ms: float | None
    is_admin: bool | None
