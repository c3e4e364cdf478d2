"""A Livetrail that only listens: it keeps what arrives and answers as it is told."""

import gzip
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Arrival:
    method: str
    path: str
    authorization: str
    body: Any


class FakeLivetrail:
    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer_next(self, status: int, **headers: str) -> None:
        """The next request gets this answer instead of a good one; may be called several times."""
        self.answers.append((status, {name.replace("_", "-"): value for name, value in headers.items()}))

    def posts(self) -> list[Arrival]:
        return [arrival for arrival in self.arrivals if arrival.method == "POST"]

    def activities(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for arrival in self.posts():
            found += arrival.body if isinstance(arrival.body, list) else [arrival.body]
        return found

    def wait_until(self, fact: Callable[[], Any], seconds: float = 30.0) -> Any:
        """Waits until `fact` is true, and returns it."""
        with self._changed:
            assert self._changed.wait_for(fact, seconds), f"did not happen; arrived: {self.arrivals}"
        return fact()

    def activity(self, action_type: str) -> dict[str, Any]:
        """The first activity of this type, once it has arrived."""

        def found() -> dict[str, Any] | None:
            return next((each for each in self.activities() if each["action_type"] == action_type), None)

        return self.wait_until(found)

    def _take(self, arrival: Arrival) -> tuple[int, dict[str, str]]:
        with self._changed:
            self.arrivals.append(arrival)
            self._changed.notify_all()
            return self.answers.pop(0) if self.answers else (201, {})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def take(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.headers["content-encoding"] == "gzip":
                    body = gzip.decompress(body)
                arrival = Arrival(self.command, self.path, self.headers["authorization"], json.loads(body))
                status, headers = fake._take(arrival)
                answer = json.dumps(_good(arrival) if status < 300 else {}).encode()
                self.send_response(status)
                for name, value in {**headers, "content-length": str(len(answer))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            do_POST = take
            do_PUT = take

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _good(arrival: Arrival) -> dict[str, Any]:
    """What Livetrail says of a user, of a batch, and of one activity."""
    if arrival.method == "PUT":
        return {"user_id": arrival.path.rpartition("/")[2], **arrival.body}
    if isinstance(arrival.body, list):
        return {"accepted": len(arrival.body), "duplicates": 0, "rejected": []}
    return {"id": arrival.body["id"], "position": 1, "timestamp": 1, "duplicate": False}
