"""Who may go where, as dependencies. A refusal is logged as the action that was attempted."""

from collections.abc import Callable

from .pages import Refused
from .visitor import AnyVisitor, Visitor


def signed_in(action: str) -> Callable[[Visitor], Visitor]:
    """Only visitors with an account."""

    def check(visitor: AnyVisitor) -> Visitor:
        if visitor.user is None:
            raise Refused(401, "Please log in first.", visitor, action, page="login.html", error_type="NotLoggedIn")
        return visitor

    return check


def admin_only(action: str) -> Callable[[Visitor], Visitor]:
    """Only admins."""

    def check(visitor: AnyVisitor) -> Visitor:
        signed_in(action)(visitor)
        if not visitor.is_admin:
            raise Refused(403, "This page is for admins.", visitor, action)
        return visitor

    return check
