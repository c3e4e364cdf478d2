"""What a user may choose."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from livetrail import actions, default_client, log_activity

from .. import accounts
from ..access import signed_in
from ..pages import SEE_OTHER, Refused, render, see_other
from ..visitor import Db, Visitor

router = APIRouter(prefix="/preferences")
Text = Annotated[str, Form()]
SignedIn = Annotated[Visitor, Depends(signed_in(actions.PREFERENCES_UPDATE))]


@router.get("")
def preferences_page(request: Request, visitor: SignedIn, saved: bool = False) -> Response:
    return render(request, visitor, "preferences.html", tones=accounts.TONES, saved=saved)


@router.post("")
def update(request: Request, db: Db, visitor: SignedIn, display_name: Text = "", tone: Text = "") -> Response:
    assert visitor.user is not None
    display_name = display_name.strip()[:80] or visitor.user.display_name
    if tone not in accounts.TONES:
        raise Refused(422, "There is no such tone.", visitor, actions.PREFERENCES_UPDATE)
    chosen = {"display_name": display_name, "tone": tone}
    accounts.update_preferences(db, visitor.id, display_name, tone)
    default_client().put_user(visitor.id, email=visitor.user.email, display_name=display_name)
    changed = [name for name, value in chosen.items() if value != getattr(visitor.user, name)]
    log_activity(request, visitor.id, actions.PREFERENCES_UPDATE, status_code=SEE_OTHER, details={"changed": changed})
    return see_other("/preferences?saved=true")
