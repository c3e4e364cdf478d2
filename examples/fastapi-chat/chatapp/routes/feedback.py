"""Visitors tell the people behind the application what they think."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from livetrail import actions, log_activity

from .. import feedback
from ..pages import SEE_OTHER, Refused, render, see_other
from ..visitor import AnyVisitor, Db, remember

router = APIRouter(prefix="/feedback")


@router.get("")
def feedback_page(request: Request, visitor: AnyVisitor, sent: bool = False) -> Response:
    return render(request, visitor, "feedback.html", sent=sent)


@router.post("")
def send(request: Request, db: Db, visitor: AnyVisitor, text: Annotated[str, Form()] = "") -> Response:
    if not text.strip():
        raise Refused(422, "Please write something first.", visitor, actions.CONTENT_CREATED, resource_type="feedback")
    feedback_id = feedback.add(db, visitor.id, text.strip())
    log_activity(
        request, visitor.id, actions.CONTENT_CREATED, status_code=SEE_OTHER, resource_type="feedback",
        target_resource_id=feedback_id,
    )  # fmt: skip
    return remember(request, see_other("/feedback?sent=true"), visitor.id)
