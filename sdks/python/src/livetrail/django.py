"""Django: `log_activity()` knows the request it is called in, and requests of known users are recorded by themselves.

MIDDLEWARE = ["livetrail.django.ActivityMiddleware", ...]
LIVETRAIL = {"user_id": "livetrail.django.signed_in"}  # optional, and "when", "action_type", "delegate"
"""

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.utils.module_loading import import_string

from .automatic import Automatic
from .current import begin, current_scope
from .routes import braced, named

_ERROR = "livetrail.error"


def signed_in(request: Any) -> Any:
    """The key of the user of `django.contrib.auth`, or None."""
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None


class ActivityMiddleware:
    """Stands first, so that it sees the response last. The functions of `LIVETRAIL` take Django's request."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self._get_response = get_response
        given = {name: _imported(value) for name, value in getattr(settings, "LIVETRAIL", {}).items()}
        self._automatic = Automatic(
            given.get("client"),
            given.get("user_id"),
            given.get("when"),
            given.get("action_type", "api_operation"),
            given.get("delegate"),
        )
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: Any) -> Any:
        if iscoroutinefunction(self):
            return self._asynchronously(request)
        with self._current(request):
            response = self._get_response(request)
            self._record(request, response)
        return response

    async def _asynchronously(self, request: Any) -> Any:
        with self._current(request):
            response = await self._get_response(request)
            self._record(request, response)
        return response

    @contextmanager
    def _current(self, request: Any) -> Iterator[None]:
        carrier = _carrier(request)
        self._automatic.begin(carrier, lambda: request)
        token = current_scope.set(carrier)
        try:
            yield
        finally:
            current_scope.reset(token)

    def process_exception(self, request: Any, error: Exception) -> None:
        """Django makes a response of it; its type, and not its words, is kept for the activity."""
        _carrier(request)[_ERROR] = type(error).__name__

    def _record(self, request: Any, response: Any) -> None:
        carrier = _carrier(request)
        error = carrier.get(_ERROR)
        fields = {} if error is None else {"success": False, "error_type": error}
        self._automatic.record(
            begin(carrier), request, response.status_code, lambda: _route(request), request.path, **fields
        )


def _imported(value: Any) -> Any:
    return import_string(value) if isinstance(value, str) and "." in value else value


def _carrier(request: Any) -> MutableMapping[str, Any]:
    """The ASGI scope or the WSGI environment, which lives as long as the request."""
    carrier: MutableMapping[str, Any] = getattr(request, "scope", None) or request.META
    return carrier


def _route(request: Any) -> str | None:
    match = request.resolver_match
    if match is None:
        return None
    # A pattern of `re_path` is not a route that a reader would recognise.
    if any(sign in match.route for sign in "^$(?"):
        return named(request.path, match.kwargs)
    return f"{request.META.get('SCRIPT_NAME', '')}/{braced(match.route)}"
