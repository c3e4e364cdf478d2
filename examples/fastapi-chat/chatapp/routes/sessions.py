"""The list of a visitor's chat sessions."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from livetrail import actions, log_activity

from .. import conversations
from ..pages import SEE_OTHER, Refused, render, see_other
from ..visitor import AnyVisitor, Db, Visitor, remember

router = APIRouter(prefix="/sessions")
Text = Annotated[str, Form()]


@router.get("")
def sessions_page(request: Request, db: Db, visitor: AnyVisitor) -> Response:
    return render(request, visitor, "sessions.html", sessions=conversations.of_user(db, visitor.id))


@router.post("")
def create(request: Request, db: Db, visitor: AnyVisitor, name: Text = "") -> Response:
    session_id = conversations.create(db, visitor.id, name.strip() or "New session")
    _log(request, visitor, actions.SESSION_CREATE, session_id, {"name": name.strip() or "New session"})
    return remember(request, see_other("/sessions"), visitor.id)


@router.post("/{session_id}/rename")
def rename(request: Request, db: Db, visitor: AnyVisitor, session_id: str, name: Text = "") -> Response:
    name = name.strip()[: conversations.MAX_NAME_LENGTH]
    if not name:
        raise Refused(422, "A session needs a name.", visitor, actions.SESSION_RENAME, target_resource_id=session_id)
    if not conversations.rename(db, visitor.id, session_id, name):
        raise _no_such_session(visitor, actions.SESSION_RENAME, session_id)
    _log(request, visitor, actions.SESSION_RENAME, session_id, {"new_name": name})
    return see_other("/sessions")


@router.post("/{session_id}/delete")
def delete(request: Request, db: Db, visitor: AnyVisitor, session_id: str) -> Response:
    if not conversations.delete(db, visitor.id, session_id):
        raise _no_such_session(visitor, actions.SESSION_DELETE, session_id)
    _log(request, visitor, actions.SESSION_DELETE, session_id, None)
    return see_other("/sessions")


def _log(request: Request, visitor: Visitor, action: str, session_id: str, details: dict[str, Any] | None) -> None:
    log_activity(
        request, visitor.id, action, status_code=SEE_OTHER, resource_type="session",
        target_resource_id=session_id, details=details,
    )  # fmt: skip


def _no_such_session(visitor: Visitor, action: str, session_id: str) -> Refused:
    return Refused(
        404, "There is no such session.", visitor, action, resource_type="session", target_resource_id=session_id
    )
