"""How a page is rendered, and how a refusal becomes a page and an activity at once."""

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from fastapi.templating import Jinja2Templates
from livetrail import log_activity

from .visitor import Visitor

TEMPLATES = Jinja2Templates(Path(__file__).with_name("templates"))
SEE_OTHER = 303


class Refused(Exception):
    """What was asked for cannot be done. It is logged as a failure of `action` and shown as a page."""

    def __init__(
        self,
        status: int,
        message: str,
        visitor: Visitor,
        action: str,
        *,
        page: str = "error.html",
        context: dict[str, Any] | None = None,
        error_type: str | None = None,
        **logged: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.visitor = visitor
        self.action = action
        self.page = page
        self.context = context or {}
        self.error_type = error_type or {403: "Forbidden", 404: "NotFound"}.get(status, "InvalidInput")
        self.logged = {"user_id": visitor.id, **logged}


def render(request: Request, visitor: Visitor, page: str, status: int = 200, **context: Any) -> Response:
    """Every page knows who looks at it."""
    return TEMPLATES.TemplateResponse(request, page, {"visitor": visitor, **context}, status_code=status)


def see_other(path: str) -> Response:
    """After a form: the browser fetches the next page by GET, and reloading it repeats nothing."""
    return RedirectResponse(path, SEE_OTHER)


async def show_refusal(request: Request, refused: Exception) -> Response:
    """The exception handler of Refused."""
    assert isinstance(refused, Refused)
    log_activity(
        request,
        action_type=refused.action,
        status_code=refused.status,
        error_message=refused.message,
        error_type=refused.error_type,
        **refused.logged,
    )
    context = {"message": refused.message, "status_code": refused.status, **refused.context}
    return render(request, refused.visitor, refused.page, refused.status, **context)
