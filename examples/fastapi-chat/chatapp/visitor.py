"""Who is asking: a user who logged in, or an anonymous visitor. The application's own cookie says which.

The cookie is a JWT (HS256). Anonymous visitors get an id of the form `anon-…` with their first message.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Annotated

import jwt
from fastapi import Depends, Request
from fastapi.responses import Response

from . import accounts
from .database import Database

COOKIE = "chat_identity"
LIFETIME = timedelta(days=7)


@dataclass(frozen=True)
class Visitor:
    """`user` is None for an anonymous visitor."""

    id: str
    user: accounts.User | None = None

    @property
    def is_admin(self) -> bool:
        """Whether the admin pages are open to this visitor."""
        return self.user is not None and self.user.is_admin


def database(request: Request) -> Database:
    """The application's database, as a dependency."""
    db: Database = request.app.state.db
    return db


Db = Annotated[Database, Depends(database)]


def current_visitor(request: Request, db: Db) -> Visitor:
    """From the cookie; without a good one a new anonymous visitor, who is remembered only by `remember`."""
    try:
        secret = request.app.state.config.jwt_secret
        claims = jwt.decode(
            request.cookies.get(COOKIE, ""), secret, algorithms=["HS256"], options={"require": ["exp", "user_id"]}
        )
    except jwt.InvalidTokenError:
        return Visitor(f"anon-{secrets.token_hex(8)}")
    user_id = str(claims["user_id"])
    if user_id.startswith("anon-"):
        return Visitor(user_id)
    user = accounts.find(db, user_id)
    return Visitor(user_id, user) if user else Visitor(f"anon-{secrets.token_hex(8)}")


AnyVisitor = Annotated[Visitor, Depends(current_visitor)]


def remember(request: Request, response: Response, user_id: str) -> Response:
    """Sets the cookie that `current_visitor` reads."""
    config = request.app.state.config
    token = jwt.encode({"user_id": user_id, "exp": datetime.now(UTC) + LIFETIME}, config.jwt_secret, "HS256")
    response.set_cookie(
        COOKIE, token, max_age=int(LIFETIME.total_seconds()), httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return response


def forget(response: Response) -> Response:
    """Removes the cookie."""
    response.delete_cookie(COOKIE)
    return response


def id_for_unknown(email: str, secret: str) -> str:
    """An anonymous id that is the same for every attempt on one unknown e-mail and does not reveal it."""
    digest = blake2b(email.strip().lower().encode(), key=secret.encode()[:64], digest_size=6)
    return f"anon-{digest.hexdigest()}"
