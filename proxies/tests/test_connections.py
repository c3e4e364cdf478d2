"""A proxy's connections to the server."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from .proxy import PROXIES, Place, Proxy


class Counting(ThreadingHTTPServer):
    """Answers every request, and counts its connections."""

    daemon_threads = True
    connections = 0

    def verify_request(self, *_: object) -> bool:
        self.connections += 1
        return True


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Writes no log."""


@contextmanager
def counting() -> Iterator[Counting]:
    with Counting(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("kind", list(PROXIES))
def test_requests_share_a_connection_to_the_server(kind: str, tmp_path: Path, certificate: Path) -> None:
    with (
        counting() as server,
        closing(Proxy(kind, Place(tmp_path, server.server_port), certificate)) as proxy,
        proxy.client() as client,
    ):
        assert [client.get("/").status_code for _ in range(10)] == [204] * 10
        assert server.connections == 1
