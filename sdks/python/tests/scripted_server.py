"""A small real HTTP server that answers as it is told and remembers what it was sent."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any

NETWORK_ERROR = "network error"
PATIENCE = 20.0


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    raw: bytes
    body: Any
    at: float

    @property
    def activities(self) -> list[dict[str, Any]]:
        return self.body if isinstance(self.body, list) else [self.body]


Answer = tuple[int, dict[str, str], Any]
Script = Callable[[Request], "Answer | str"]


def stored(request: Request) -> Answer:
    """What a server answers to whom everything is right."""
    if request.method == "PUT":
        return 200, {}, {"user_id": "u"}
    if isinstance(request.body, dict):
        return 201, {}, {"id": request.body["id"], "position": 1, "timestamp": 1, "duplicate": False}
    results = [
        {"index": index, "id": activity["id"], "position": index + 1, "duplicate": False}
        for index, activity in enumerate(request.body)
    ]
    return 200, {}, {"accepted": len(results), "duplicates": 0, "rejected": [], "results": results}


class ScriptedServer:
    """`script` is asked for every answer; while `hold` is set, answers wait."""

    def __init__(self) -> None:
        self.script: Script = stored
        self.requests: list[Request] = []
        self.answered_at: list[float] = []
        self._changed = threading.Condition()
        self._held = False
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_one(self) -> None:
                owner._answer(self)

            do_GET = do_POST = do_PUT = handle_one

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def activities(self) -> list[dict[str, Any]]:
        with self._changed:
            return [
                activity for request in self.requests if request.method == "POST" for activity in request.activities
            ]

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.01)

    def stop(self) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def hold(self) -> None:
        """From now on requests are received and not answered."""
        with self._changed:
            self._held = True

    def release(self) -> None:
        with self._changed:
            self._held = False
            self._changed.notify_all()

    def wait_for_requests(self, count: int) -> list[Request]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.requests) >= count, PATIENCE), self.requests
            return list(self.requests)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers["Content-Length"] or 0)
        raw = handler.rfile.read(length)
        if len(raw) < length:
            # A client that was killed in the middle has sent no request.
            handler.close_connection = True
            return
        plain = gzip.decompress(raw) if handler.headers["Content-Encoding"] == "gzip" else raw
        headers = {name.lower(): value for name, value in handler.headers.items()}
        request = Request(handler.command, handler.path, headers, raw, json.loads(plain or b"null"), monotonic())
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._held, PATIENCE)
            answer = self.script(request)
            self.answered_at.append(monotonic())
        if isinstance(answer, str):
            handler.close_connection = True
            return
        status, answer_headers, body = answer
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        handler.send_response(status)
        for name, value in {**answer_headers, "Content-Length": str(len(content))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)


@contextmanager
def running() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(PATIENCE)
