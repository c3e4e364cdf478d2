"""gunicorn with `preload`: the application records before its workers are forked, and they record as well."""

import signal
import sys
from collections import Counter
from pathlib import Path

import httpx

from .scripted_server import ScriptedServer
from .test_sigterm import line_with, started
from .test_threads_and_processes import PATIENT_END

APPLICATION = f"""
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from livetrail import log_activity
{PATIENT_END}

async def run(request):
    await log_activity(request, "u-1", "chat_message", True, 200)
    return PlainTextResponse("ok")

app = Starlette(routes=[Route("/", run)])
log_activity(None, "u-1", "app_loaded")
"""
OPTIONS = ["-k", "asgi", "--preload", "-w", "2", "-b", "127.0.0.1:0", "--graceful-timeout", "60", "application:app"]


def test_the_workers_of_a_preloaded_application_send_everything(server: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "application.py").write_text(APPLICATION)
    with started([sys.executable, "-m", "gunicorn", *OPTIONS], server, tmp_path) as process:
        url = line_with("Listening at", process.stderr).split("Listening at: ")[1].split()[0]
        # A connection for each request, so that both workers get some.
        with httpx.Client(headers={"Connection": "close"}, timeout=20, verify=False) as http:
            for _ in range(40):
                http.get(url).raise_for_status()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=90)
    counts = Counter(activity["action_type"] for activity in server.activities)
    assert counts == {"app_loaded": 1, "chat_message": 40}
