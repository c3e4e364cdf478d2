"""`docker stop` ends the server in time, whatever hangs on it."""

import socket

from .conftest import STREAM, Site
from .test_bodies import LARGEST_BODY, batch


def test_sigterm_ends_a_server_with_streams_websockets_and_idle_connections(site: Site) -> None:
    with site.events(), site.events(http2=False), site.websocket() as websocket, site.client() as client:
        websocket.recv()
        assert client.get("/healthz").status_code == 200
        assert site.server.stop() == 0
    site.server.start()


def test_sigterm_ends_a_server_whose_client_takes_nothing(site: Site) -> None:
    head = f"GET {STREAM}?token={site.server.viewer} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with socket.create_connection(("127.0.0.1", site.proxy.port)) as plain:
        stalled = site.proxy.tls.wrap_socket(plain, server_hostname="127.0.0.1")
        stalled.sendall(head.encode())
        assert stalled.recv(16).startswith(b"HTTP/1.1 200")
        with site.client() as client:
            for _ in range(3):
                content = batch(LARGEST_BODY, activities=200)
                assert site.post(client, content=content, headers={"Content-Type": "application/x-ndjson"}).is_success
        assert site.server.stop() == 0
        stalled.close()
    site.server.start()
