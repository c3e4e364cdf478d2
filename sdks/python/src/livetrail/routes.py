"""The route of a request (`/users/{id}`), so that reports count the calls of one endpoint together."""

import re
from collections.abc import Mapping
from typing import Any

_PARAMETER = re.compile(r"\{(\w+)(?::[^{}]*)?\}")
# `<int:pk>` of Django and Flask. Flask's converters may have arguments.
_ANGLED = re.compile(r"<(?:[^<>:]*:)?(\w+)>")


def route_of_scope(scope: Mapping[str, Any]) -> str | None:
    """The route that Starlette or FastAPI found, with the prefixes of its routers, or None."""
    path, parameters = str(scope.get("path") or ""), scope.get("path_params") or {}
    route = getattr(scope.get("route"), "path", None)
    if isinstance(route, str):
        ending = _PARAMETER.sub(lambda match: "{" + match[1] + "}", route)
        if (start := _start(path, ending, parameters)) is not None:
            own = set(_PARAMETER.findall(ending))
            outer = {name: value for name, value in parameters.items() if name not in own}
            return named(path[:start], outer) + ending
    return named(path, parameters) if parameters else None


def named(path: str, parameters: Mapping[str, Any]) -> str:
    """A path in which each step that is the value of a parameter is replaced by the parameter's name."""
    names = {str(value): "{" + name + "}" for name, value in parameters.items()}
    return "/".join(names.get(step, step) for step in path.split("/"))


def braced(route: str) -> str:
    """A route of Flask or Django with its parameters in braces."""
    return _ANGLED.sub(r"{\1}", route)


def _start(path: str, ending: str, parameters: Mapping[str, Any]) -> int | None:
    """Where in the path the route begins: routers and mounts before it have their own prefixes."""
    filled = _PARAMETER.sub(lambda match: str(parameters.get(match[1], match[0])), ending)
    if path.endswith(filled):
        return len(path) - len(filled)
    # A parameter that was converted may be written in another way: `004` is 4.
    steps = re.escape(_PARAMETER.sub("\0", ending)).replace("\0", "[^/]+").replace("\\\0", "[^/]+")
    match = re.search(steps + r"\Z", path)
    return match.start() if match else None
