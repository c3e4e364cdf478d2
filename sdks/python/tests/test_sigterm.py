"""SIGTERM: what waits is sent or counted as lost, and the application's own handlers work as before."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import httpx
import pytest

from .scripted_server import ScriptedServer
from .test_threads_and_processes import PATIENT_END, SOURCE, ids

ONE_ACTIVITY = """
import signal, sys, livetrail
{patient_end}
{before}
livetrail.log_activity(None, "u-1", "a")
livetrail.log_activity(None, "u-2", "a")
print("recorded", flush=True)
signal.pause()
"""
SHORT_END = "from livetrail import lifecycle; lifecycle.SECONDS_AT_EXIT = 0.1"
APPLICATION = f"""
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from livetrail import log_activity
{PATIENT_END}

async def on_the_loop(request):
    log_activity(request, request.query_params["user"], "a")
    return PlainTextResponse("ok")

def on_a_thread(request):
    log_activity(request, request.query_params["user"], "a")
    return PlainTextResponse("ok")

app = Starlette(routes=[Route("/loop", on_the_loop), Route("/thread", on_a_thread)])
"""
UVICORN = [sys.executable, "-m", "uvicorn", "application:app", "--port", "0"]
FROM_A_PROGRAM = [sys.executable, "-c", "import application, uvicorn; uvicorn.run(application.app, port=0)"]


@contextmanager
def started(command: list[str], server: ScriptedServer, folder: Any = "", **more: str) -> Iterator[Any]:
    path = os.pathsep.join((SOURCE, str(folder)))
    environment = {**os.environ, "LIVETRAIL_URL": server.url, "LIVETRAIL_KEY": "k", "PYTHONPATH": path, **more}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def script(before: str = "") -> list[str]:
    return [sys.executable, "-c", ONE_ACTIVITY.format(patient_end=PATIENT_END, before=before)]


def ended(process: Any) -> tuple[int, str]:
    _, words = process.communicate(timeout=60)
    return process.returncode, words


def line_with(text: str, stream: TextIO) -> str:
    return next(line for line in stream if text in line)


def test_what_waits_is_sent_before_the_signal_ends_the_process(server: ScriptedServer) -> None:
    server.hold()
    with started(script(), server) as process:
        process.stdout.readline()
        server.wait_for_requests(1)
        process.send_signal(signal.SIGTERM)
        server.release()
        assert ended(process) == (-signal.SIGTERM, "")
    assert ids(server) == ["u-1", "u-2"]


def test_what_cannot_be_sent_is_counted(server: ScriptedServer) -> None:
    nowhere = {"LIVETRAIL_URL": "http://127.0.0.1:9"}
    with started(script(SHORT_END), server, **nowhere) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        code, words = ended(process)
    assert code == -signal.SIGTERM
    assert "2 activities are lost" in words
    assert "may be stored" not in words


def test_what_is_under_way_is_counted_apart_from_what_is_lost(server: ScriptedServer) -> None:
    server.hold()
    with started(script(SHORT_END), server) as process:
        process.stdout.readline()
        server.wait_for_requests(1)
        process.send_signal(signal.SIGTERM)
        _, words = ended(process)
    server.release()
    received = len(ids(server))
    assert f"did not acknowledge {received} activities before the end: they may be stored" in words
    assert ("1 activities are lost" in words) is (received == 1)


@pytest.mark.parametrize("when", ["import signal, sys; {}; import livetrail", "{}", "livetrail.configure(); {}"])
def test_a_handler_of_the_application_works_as_before(when: str, server: ScriptedServer) -> None:
    own = "signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))"
    with started(script(when.format(own)), server) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert ended(process) == (7, "")
    assert ids(server) == ["u-1", "u-2"], "a handler that exits runs atexit"


def test_a_signal_that_is_ignored_stays_ignored(server: ScriptedServer) -> None:
    with started(script("signal.signal(signal.SIGTERM, signal.SIG_IGN)"), server) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        assert ended(process)[0] == -signal.SIGINT


def test_the_environment_switches_it_off(server: ScriptedServer) -> None:
    program = (
        "import signal, livetrail; livetrail.configure(); print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)"
    )
    with started([sys.executable, "-c", program], server, LIVETRAIL_SIGTERM="off") as process:
        assert process.stdout.readline() == "True\n"


@pytest.mark.parametrize("command", [UVICORN, FROM_A_PROGRAM], ids=["command", "program"])
@pytest.mark.parametrize("path", ["loop", "thread"])
def test_uvicorn_without_the_middleware_sends_what_waits(
    command: list[str], path: str, server: ScriptedServer, tmp_path: Any
) -> None:
    (tmp_path / "application.py").write_text(APPLICATION)
    server.hold()
    with started(command, server, tmp_path) as process:
        url = line_with("running on", process.stderr).split("running on ")[1].split()[0]
        for user in ("u-1", "u-2"):
            httpx.get(f"{url}/{path}", params={"user": user}).raise_for_status()
            server.wait_for_requests(1)
        process.send_signal(signal.SIGTERM)
        line_with("Finished server process", process.stderr)
        server.release()
        assert ended(process)[0] == -signal.SIGTERM
    assert ids(server) == ["u-1", "u-2"]


def test_a_program_around_uvicorn_goes_on_with_its_own_handler(server: ScriptedServer, tmp_path: Any) -> None:
    (tmp_path / "application.py").write_text(APPLICATION)
    program = """
import signal, application, uvicorn, livetrail
signal.signal(signal.SIGTERM, lambda *_: print("its own", flush=True))
uvicorn.run(application.app, port=0)
livetrail.log_activity(None, "after", "a")
assert livetrail.default_client().flush(20)
"""
    with started([sys.executable, "-c", program], server, tmp_path) as process:
        url = line_with("running on", process.stderr).split("running on ")[1].split()[0]
        httpx.get(f"{url}/loop", params={"user": "u-1"}).raise_for_status()
        process.send_signal(signal.SIGTERM)
        assert line_with("its own", process.stdout)
        assert ended(process)[0] == 0
    assert ids(server) == ["u-1", "after"]
