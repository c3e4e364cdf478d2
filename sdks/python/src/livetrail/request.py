"""What a request tells about itself, whatever framework it is of: ASGI (Starlette, FastAPI) or WSGI (Django, Flask)."""

from collections.abc import Mapping
from typing import Any

from .fields import Fields
from .proxies import Proxies


def scope_of(request: Any) -> Mapping[str, Any] | None:
    """The ASGI scope of a request of such a framework, or None."""
    scope = request if isinstance(request, Mapping) else getattr(request, "scope", None)
    return scope if isinstance(scope, Mapping) and "type" in scope else None


def facts(request: Any, proxies: Proxies) -> Fields:
    """Path, method, address and user agent, as far as they are known.

    `request` is a request of one of these frameworks, an ASGI scope or a WSGI environment. What is none of them tells
    nothing.
    """
    scope = scope_of(request)
    if scope is not None:
        return _of_scope(scope, proxies)
    environ = request if isinstance(request, Mapping) else getattr(request, "META", getattr(request, "environ", None))
    return _of_environ(environ, proxies) if isinstance(environ, Mapping) else {}


def _of_scope(scope: Mapping[str, Any], proxies: Proxies) -> Fields:
    headers = [(name.lower(), value.decode("latin-1")) for name, value in scope.get("headers") or ()]
    client = scope.get("client")
    return {
        "endpoint": scope.get("path"),
        "http_method": scope.get("method"),
        "ip_address": proxies.caller(
            client[0] if client else None, [value for name, value in headers if name == b"x-forwarded-for"]
        ),
        "user_agent": next((value for name, value in headers if name == b"user-agent"), None),
    }


def _of_environ(environ: Mapping[str, Any], proxies: Proxies) -> Fields:
    forwarded = environ.get("HTTP_X_FORWARDED_FOR")
    path = f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}"
    return {
        # WSGI writes the bytes of a path as Latin-1; they are UTF-8.
        "endpoint": path.encode("latin-1", "replace").decode("utf-8", "replace"),
        "http_method": environ.get("REQUEST_METHOD"),
        "ip_address": proxies.caller(environ.get("REMOTE_ADDR"), [forwarded] if forwarded else []),
        "user_agent": environ.get("HTTP_USER_AGENT"),
    }
