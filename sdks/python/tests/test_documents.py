"""The Python code of the documents runs as it stands there."""

import ast
import asyncio
import inspect
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any

import fastapi
import flask
import pytest
from django.utils.module_loading import import_string
from pydantic import BaseModel

import livetrail
from livetrail import Client, actions
from livetrail.asgi import ActivityMiddleware

from .scripted_server import Request, ScriptedServer, stored

FOLDER = Path(__file__).parents[1]
ACTIVITY = {"description": "Ada logged in", "occurred_at": "2026-03-01T12:00:00Z"}
PAGE = {"data": [ACTIVITY], "total": 1, "next_cursor": None}
# What talks to the server when the example itself runs, and not only when its functions are called.
CALLS = re.compile(
    r"^(?:await |.*= ?|    |for .* in )?(?:log_activity|(?:client|livetrail)\.(?:a?record\w*|list|pages|follow))\(",
    re.M,
)
FRAME = 'id: c1\ndata: {"type":"new_activity","data":{"description":"Ada logged in"}}\n\n'


class Login(BaseModel):
    user: str


def examples() -> list[Any]:
    return [
        pytest.param(code, id=f"{name} {number}")
        for name in ("README.md", "MIGRATING.md")
        for number, code in enumerate(re.findall(r"```python\n(.*?)```", (FOLDER / name).read_text(), re.DOTALL), 1)
    ]


def names(client: Client, is_flask: bool) -> dict[str, Any]:
    """What the examples take for granted: an application, its requests and its users."""
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/login", "REMOTE_ADDR": "203.0.113.9"}
    return {
        "app": flask.Flask("application") if is_flask else fastapi.FastAPI(),
        "Request": fastapi.Request,
        "request": environ,
        "Login": Login,
        "CurrentUser": Annotated[Any, fastapi.Depends(lambda: SimpleNamespace(id="u-1"))],
        "find": lambda form: SimpleNamespace(id=form.user),
        "event": SimpleNamespace(listen=lambda *_: None),
        "engine": None,
        "session": {},
        "rows": [SimpleNamespace(user="u-1", at=1_700_000_000)],
        "viewer_key": "viewer",
        "user_id": "u-1",
        "message": "Hello",
        "jwt": SimpleNamespace(encode=lambda claims, key, algorithm: "token"),
        "os": SimpleNamespace(environ={"JWT_SECRET_KEY": "a secret of the application"}),
        "asyncio": asyncio,
        "datetime": datetime,
        "timedelta": timedelta,
        "timezone": timezone,
        "livetrail": livetrail,
        "actions": actions,
        "ActivityMiddleware": ActivityMiddleware,
        "client": client,
    }


def script() -> Callable[[Request], Any]:
    """Answers what the examples ask: a list, a stream that ends, and what is sent."""
    streams = iter([(200, {"Content-Type": "text/event-stream"}, FRAME)])

    def answer(request: Request) -> Any:
        if "/stream" in request.path:
            return next(streams, (204, {}, ""))
        return (200, {}, PAGE) if request.method == "GET" else stored(request)

    return answer


@pytest.mark.parametrize("code", examples())
def test_an_example_runs(
    code: str, default: Client, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIVETRAIL_URL", server.url)
    monkeypatch.setenv("LIVETRAIL_KEY", "k")
    monkeypatch.setattr("livetrail.current._counting", False)
    server.script = script()
    known = names(default, "flask" in code)

    code = code.replace("/var/lib/my-app/livetrail", str(tmp_path))

    async def run() -> None:
        example = eval(compile(code, "example", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), known)
        if inspect.iscoroutine(example):
            await example

    asyncio.run(run())
    for name in re.findall(r'"(livetrail\.\w+\.\w+)"', code):
        assert import_string(name)
    if CALLS.search(code):
        livetrail.default_client().flush()
        assert server.requests
    stats = livetrail.default_client().stats
    assert (stats.rejected, stats.dropped) == (0, 0)


def test_all_environment_variables_are_in_the_settings() -> None:
    used = set(re.findall(r"LIVETRAIL_[A-Z_]+", "".join(path.read_text() for path in (FOLDER / "src").rglob("*.py"))))
    assert used <= set(re.findall(r"LIVETRAIL_[A-Z_]+", (FOLDER / "README.md").read_text()))


def test_all_settings_of_a_client_are_documented() -> None:
    settings = (FOLDER / "README.md").read_text().partition("## Settings")[2]
    parameters = set(inspect.signature(Client).parameters)
    assert parameters <= set(re.findall(r"`(\w+)`", settings))
