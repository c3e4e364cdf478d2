"""Requests that a middleware records by itself: of known users, and without an activity of the application."""

import logging
from collections.abc import Callable, MutableMapping
from typing import Any

from .activity import log_activity
from .client import Client
from .current import Current, begin
from .fields import Delegate
from .redact.url import secrets_of_path

log = logging.getLogger("livetrail")


class Automatic:
    """The rules of one middleware. `user_id`, `when` and `delegate` take the request of its framework."""

    def __init__(
        self,
        client: Client | None,
        user_id: Callable[[Any], Any] | None,
        when: Callable[[Any, int | None], bool] | None,
        action_type: str,
        delegate: Callable[[Any], Delegate | None] | None,
    ) -> None:
        self._client = client
        self._user_id = user_id
        self._when = when
        self._action_type = action_type
        self._delegate = delegate

    @property
    def is_on(self) -> bool:
        """Whether there is a way to know the user."""
        return self._user_id is not None

    def begin(self, carrier: MutableMapping[str, Any], request: Callable[[], Any]) -> Current:
        """Notes in the scope or environment what is known of its request, and who acts in it."""
        here, delegate = begin(carrier), self._delegate
        if delegate is not None:
            here.delegate = lambda: delegate(request())
        return here

    def record(
        self,
        here: Current,
        request: Any,
        status: int | None,
        route: Callable[[], str | None],
        path: str,
        **fields: Any,
    ) -> None:
        """Records the request, unless it is recorded already or has no known user. Never raises."""
        try:
            if here.recorded or self._user_id is None or (self._when is not None and not self._when(request, status)):
                return
            user = self._user_id(request)
            if user is not None and user != "":
                fields |= _of_route(route(), path)
                log_activity(None, user, self._action_type, status_code=status, client=self._client, **fields)
        except Exception:
            log.exception("a request could not be recorded; the application goes on")


def _of_route(route: str | None, path: str) -> dict[str, Any]:
    """The route as the endpoint, and the path in the details if it says more and holds no one-time credential."""
    if route is None or route == path:
        return {}
    return {"endpoint": route, **({} if secrets_of_path(path) else {"details": {"path": path}})}
