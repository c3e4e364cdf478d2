"""The application put together: database, connection to Livetrail, middleware, pages."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import livetrail
from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from livetrail import actions, log_activity
from livetrail.asgi import ActivityMiddleware
from starlette.exceptions import HTTPException

from . import accounts, demonstration
from .config import Config
from .database import Database
from .guard import Guard
from .pages import Refused, render, show_refusal
from .routes import admin, authentication, chat, documents, feedback, preferences, sessions
from .visitor import current_visitor

log = logging.getLogger("chatapp")
ROOMS = (authentication, chat, sessions, documents, preferences, feedback, admin)


def create_app(config: Config) -> FastAPI:
    """One application with its own database and its own connection to Livetrail."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        client = livetrail.configure()  # The environment says where to and with which key.
        if demonstration.plant(app.state.db):
            print(demonstration.announcement(), flush=True)
        for user in accounts.everyone(app.state.db):
            client.put_user(user.id, email=user.email, display_name=user.display_name)
        yield
        await client.aclose(config.flush_seconds)
        app.state.db.close()

    app = FastAPI(title="Pebble", lifespan=lifespan, openapi_url=None)
    app.state.config = config
    app.state.db = Database(config.database)
    app.add_middleware(Guard)
    app.add_middleware(ActivityMiddleware)
    app.add_exception_handler(Refused, show_refusal)
    app.add_exception_handler(HTTPException, _show_http_error)
    app.add_exception_handler(Exception, _show_failure)
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")))
    for room in ROOMS:
        app.include_router(room.router)
    return app


async def _show_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    visitor = current_visitor(request, request.app.state.db)
    code = error.status_code
    page = render(request, visitor, "error.html", code, status_code=code, message=error.detail)
    page.headers.update(error.headers or {})
    return page


async def _show_failure(request: Request, error: Exception) -> Response:
    """Something broke. The log names the kind of error only: its text may hold what a visitor typed."""
    visitor = current_visitor(request, request.app.state.db)
    log_activity(
        request,
        visitor.id,
        actions.API_OPERATION,
        status_code=500,
        error_message="The request failed unexpectedly.",
        error_type=type(error).__name__,
        is_admin=visitor.is_admin,
    )
    apology = "Something went wrong. Please try again."
    return render(request, visitor, "error.html", 500, status_code=500, message=apology)
