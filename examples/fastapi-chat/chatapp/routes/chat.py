"""The conversation itself, open to anonymous visitors too."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response
from livetrail import actions, log_activity

from .. import assistant, conversations
from ..pages import SEE_OTHER, Refused, render, see_other
from ..visitor import AnyVisitor, Db, remember

router = APIRouter()
Text = Annotated[str, Form()]


@router.get("/")
def home() -> Response:
    return see_other("/chat")


@router.get("/chat")
@router.get("/chat/{session_id}")
def chat_page(request: Request, db: Db, visitor: AnyVisitor, session_id: str = "") -> Response:
    session = conversations.find(db, visitor.id, session_id) if session_id else None
    if session_id and session is None:
        raise HTTPException(404, "There is no such session.")
    return render(
        request, visitor, "chat.html", session=session, sessions=conversations.of_user(db, visitor.id),
        messages=conversations.messages(db, session_id) if session else (),
    )  # fmt: skip


@router.post("/chat")
def send_message(request: Request, db: Db, visitor: AnyVisitor, message: Text = "", session_id: Text = "") -> Response:
    message = message.strip()
    if not message or len(message) > conversations.MAX_MESSAGE_LENGTH:
        raise Refused(422, "A message has between 1 and 4,000 characters.", visitor, actions.CHAT_MESSAGE)
    if session_id and conversations.find(db, visitor.id, session_id) is None:
        raise Refused(404, "There is no such session.", visitor, actions.CHAT_MESSAGE, target_resource_id=session_id)
    if not session_id:
        session_id = conversations.create(db, visitor.id, message[:40])
        log_activity(
            request, visitor.id, actions.SESSION_CREATE, status_code=SEE_OTHER, resource_type="session",
            target_resource_id=session_id, details={"first_message_preview": conversations.preview(message)},
        )  # fmt: skip
    conversations.say(db, session_id, "you", message)
    tone = visitor.user.tone if visitor.user else "friendly"
    conversations.say(db, session_id, "assistant", assistant.answer(message, tone))
    kind = "registered" if visitor.user else "anonymous"
    log_activity(
        request, visitor.id, actions.CHAT_MESSAGE, status_code=SEE_OTHER, resource_type="session",
        target_resource_id=session_id,
        details={"message_preview": conversations.preview(message), "session_id": session_id, "user_type": kind},
    )  # fmt: skip
    return remember(request, see_other(f"/chat/{session_id}"), visitor.id)
