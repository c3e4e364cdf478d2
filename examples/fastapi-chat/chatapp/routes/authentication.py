"""Sign-up, login and logout."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from livetrail import actions, default_client, log_activity

from .. import accounts, passwords
from ..pages import SEE_OTHER, Refused, render, see_other
from ..visitor import AnyVisitor, Db, forget, id_for_unknown, remember

router = APIRouter()
Text = Annotated[str, Form()]


@router.get("/signup")
def signup_page(request: Request, visitor: AnyVisitor) -> Response:
    return render(request, visitor, "signup.html")


@router.post("/signup")
def signup(
    request: Request, db: Db, visitor: AnyVisitor, email: Text = "", password: Text = "", display_name: Text = ""
) -> Response:
    def refused(status: int, message: str, error_type: str) -> Refused:
        typed = {"email": email, "display_name": display_name}
        return Refused(
            status, message, visitor, actions.USER_SIGNUP, page="signup.html", context=typed, error_type=error_type
        )  # fmt: skip

    email, display_name = email.strip(), display_name.strip()[:80]
    if "@" not in email or len(email) > 254:
        raise refused(422, "Please enter your e-mail address.", "InvalidEmail")
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise refused(422, f"A password has at least {passwords.SHORTEST} characters.", "InvalidPassword")
    try:
        user = accounts.create(db, email, display_name or email.partition("@")[0], password)
    except accounts.EmailTaken:
        raise refused(409, "Somebody has signed up with this e-mail already.", "EmailTaken") from None
    default_client().put_user(user.id, email=user.email, display_name=user.display_name)
    log_activity(request, user.id, actions.USER_SIGNUP, status_code=SEE_OTHER)
    return remember(request, see_other("/chat"), user.id)


@router.get("/login")
def login_page(request: Request, visitor: AnyVisitor) -> Response:
    return render(request, visitor, "login.html")


@router.post("/login")
def login(request: Request, db: Db, visitor: AnyVisitor, email: Text = "", password: Text = "") -> Response:
    user = accounts.find_by_email(db, email.strip())
    if user is None or not accounts.password_is_right(db, user, password):
        if user is None:
            accounts.password_is_right(db, None, password)
        # Attempts on one account count together, from all clients; what was typed as an e-mail may be a password.
        raise Refused(
            401, "Wrong e-mail or password.", visitor, actions.USER_LOGIN, page="login.html", context={"email": email},
            user_id=user.id if user else id_for_unknown(email, request.app.state.config.jwt_secret),
            error_type="InvalidCredentials", details={"account_exists": user is not None},
        )  # fmt: skip
    log_activity(request, user.id, actions.USER_LOGIN, status_code=SEE_OTHER, is_admin=user.is_admin)
    return remember(request, see_other("/chat"), user.id)


@router.post("/logout")
def logout(request: Request, visitor: AnyVisitor) -> Response:
    if visitor.user:
        log_activity(request, visitor.id, actions.USER_LOGOUT, status_code=SEE_OTHER, is_admin=visitor.is_admin)
    return forget(see_other("/login"))
