"""Pure ASGI middleware for FastAPI, Starlette and every other ASGI application.

It never waits for the log, and passes on what it is given: bodies stream through, exceptions go up, WebSockets work.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from .activity import default_client
from .automatic import Automatic
from .client import Client
from .current import Current, current_scope
from .fields import Delegate
from .routes import route_of_scope

log = logging.getLogger("livetrail")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SECONDS_AT_SHUTDOWN = 5.0


class ActivityMiddleware:
    """Lets `log_activity()` know the request it is called in, and how long that has taken.

    With `user_id`, a function that finds the user of a scope when the response is complete, it records every request
    of a known user for which the application recorded nothing itself. Their endpoint is the route (`/users/{id}`),
    where the framework tells it, and the path stands in the details. `when` narrows that down: it gets the scope and
    the status (None when there was none).

    `delegate` tells who acts in the user's name, and through what; it gets the scope. What it returns is in every
    activity of the request, also in those of the application, unless they name a delegate of their own.
    """

    def __init__(
        self,
        app: App,
        *,
        client: Client | None = None,
        user_id: Callable[[Scope], Any] | None = None,
        when: Callable[[Scope, int | None], bool] | None = None,
        action_type: str = "api_operation",
        delegate: Callable[[Scope], Delegate | None] | None = None,
    ) -> None:
        self.app = app
        self._client = client
        self._automatic = Automatic(client, user_id, when, action_type, delegate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
            return
        # Made here, so that what the application puts into `request.state` is the same for `user_id`.
        scope.setdefault("state", {})
        here = self._automatic.begin(scope, lambda: scope)
        token = current_scope.set(scope)
        try:
            await self._request(here, scope, receive, send)
        finally:
            current_scope.reset(token)

    async def _request(self, here: Current, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._automatic.is_on:
            await self.app(scope, receive, send)
            return
        status: int | None = None

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except BaseException as error:
            # A client that goes away cancels the request; that is no error of the server's.
            failed = 500 if status is None and isinstance(error, Exception) else status
            self._record(here, scope, failed, success=False, error_type=type(error).__name__)
            raise
        self._record(here, scope, status)

    def _record(self, here: Current, scope: Scope, status: int | None, **fields: Any) -> None:
        path = str(scope.get("path") or "")
        self._automatic.record(here, scope, status, lambda: route_of_scope(scope), path, **fields)

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def flushed(message: Message) -> None:
            if message["type"].startswith("lifespan.shutdown."):
                await self._flush()
            await send(message)

        await self.app(scope, receive, flushed)

    async def _flush(self) -> None:
        """Sends the waiting activities while the process still runs."""
        try:
            client = self._client or default_client()
            if client.stats.waiting:
                await asyncio.to_thread(client.flush, SECONDS_AT_SHUTDOWN)
        except Exception:
            log.exception("what was left could not be sent")
