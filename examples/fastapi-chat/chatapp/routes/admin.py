"""The pages of the people who run the application. Everything done here is logged with `is_admin`."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from livetrail import actions, log_activity

from .. import accounts, conversations, documents, feedback
from ..access import admin_only
from ..pages import SEE_OTHER, Refused, render, see_other
from ..visitor import Db, Visitor

router = APIRouter(prefix="/admin")


@router.get("/users")
def list_users(
    request: Request, db: Db, admin: Annotated[Visitor, Depends(admin_only(actions.ADMIN_LIST_USERS))]
) -> Response:
    users = accounts.everyone(db)
    log_activity(
        request,
        admin.id,
        actions.ADMIN_LIST_USERS,
        status_code=200,
        is_admin=True,
        details={"results_count": len(users)},
    )
    return render(request, admin, "admin/users.html", users=users)


@router.get("/users/{user_id}")
def view_user(
    request: Request,
    db: Db,
    user_id: str,
    admin: Annotated[Visitor, Depends(admin_only(actions.ADMIN_VIEW_USER_DETAILS))],
) -> Response:
    user = accounts.find(db, user_id)
    if user is None:
        raise Refused(
            404, "There is no such user.", admin, actions.ADMIN_VIEW_USER_DETAILS, is_admin=True, target_user_id=user_id
        )
    log_activity(
        request, admin.id, actions.ADMIN_VIEW_USER_DETAILS, status_code=200, is_admin=True, target_user_id=user_id,
        resource_type="user",
    )  # fmt: skip
    return render(
        request, admin, "admin/user.html", user=user, sessions=conversations.of_user(db, user_id),
        documents=documents.of_user(db, user_id),
    )  # fmt: skip


@router.get("/feedback")
def list_feedback(
    request: Request, db: Db, admin: Annotated[Visitor, Depends(admin_only(actions.ADMIN_LIST_FEEDBACK))]
) -> Response:
    entries = feedback.everything(db)
    log_activity(
        request,
        admin.id,
        actions.ADMIN_LIST_FEEDBACK,
        status_code=200,
        is_admin=True,
        details={"results_count": len(entries)},
    )
    return render(request, admin, "admin/feedback.html", entries=entries, statuses=feedback.STATUSES)


@router.post("/feedback/{feedback_id}/status")
def update_feedback_status(
    request: Request,
    db: Db,
    feedback_id: str,
    admin: Annotated[Visitor, Depends(admin_only(actions.ADMIN_UPDATE_FEEDBACK_STATUS))],
    status: Annotated[str, Form()] = "",
) -> Response:
    about: dict[str, Any] = {"is_admin": True, "resource_type": "feedback", "target_resource_id": feedback_id}
    entry = feedback.find(db, feedback_id)
    if entry is None:
        raise Refused(404, "There is no such feedback.", admin, actions.ADMIN_UPDATE_FEEDBACK_STATUS, **about)
    if status not in feedback.STATUSES:
        raise Refused(422, "There is no such status.", admin, actions.ADMIN_UPDATE_FEEDBACK_STATUS, **about)
    feedback.set_status(db, feedback_id, status)
    log_activity(
        request, admin.id, actions.ADMIN_UPDATE_FEEDBACK_STATUS, status_code=SEE_OTHER, is_admin=True,
        target_user_id=entry["user_id"], target_resource_id=feedback_id, resource_type="feedback",
        details={"old_status": entry["status"], "new_status": status},
    )  # fmt: skip
    return see_other("/admin/feedback")
