"""Flask: `log_activity()` knows the request it is called in, and requests of known users are recorded by themselves.

ActivityLog(app, user_id=lambda request: session.get("user_id"))
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import flask

from .automatic import Automatic
from .client import Client
from .current import begin, current_scope
from .fields import Delegate
from .routes import braced

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_STATUS = "livetrail.status"


class ActivityLog:
    """An extension of Flask. Its functions are those of `livetrail.asgi`, but take Flask's request."""

    def __init__(
        self,
        app: flask.Flask | None = None,
        *,
        client: Client | None = None,
        user_id: Callable[[flask.Request], Any] | None = None,
        when: Callable[[flask.Request, int | None], bool] | None = None,
        action_type: str = "api_operation",
        delegate: Callable[[flask.Request], Delegate | None] | None = None,
    ) -> None:
        self._automatic = Automatic(client, user_id, when, action_type, delegate)
        if app is not None:
            self.init_app(app)

    def init_app(self, app: flask.Flask) -> None:
        """Call it before other extensions, because the hook that is registered first sees the response last."""
        app.wsgi_app = self._watched(app.wsgi_app)  # type: ignore[method-assign, assignment]
        if self._automatic.is_on:
            app.after_request(_note_status)
            app.teardown_request(self._end)

    def _watched(self, app: "WSGIApplication") -> "WSGIApplication":
        def watched(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            self._automatic.begin(environ, lambda: flask.request)
            token = current_scope.set(environ)
            try:
                return app(environ, start_response)
            finally:
                current_scope.reset(token)

        return watched

    def _end(self, error: BaseException | None) -> None:
        request = flask.request
        status = request.environ.get(_STATUS, 500 if isinstance(error, Exception) else None)
        # Its type, and not its words, which may be secret.
        fields = {} if error is None else {"success": False, "error_type": type(error).__name__}
        here = begin(request.environ)
        self._automatic.record(
            here, request, status, lambda: _route(request), request.root_path + request.path, **fields
        )


def _note_status(response: flask.Response) -> flask.Response:
    flask.request.environ[_STATUS] = response.status_code
    return response


def _route(request: flask.Request) -> str | None:
    return None if request.url_rule is None else request.root_path + braced(request.url_rule.rule)
