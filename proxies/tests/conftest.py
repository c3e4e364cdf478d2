"""A test's world: a server, a proxy in front of it, and clients that speak to the proxy."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets import Origin, Subprotocol
from websockets.sync.client import ClientConnection, connect

from .event_source import EventSource
from .ports import free_port
from .proxy import PROXIES, Place, Proxy
from .server import Server
from .waiting import PATIENCE

STREAM = "/api/admin/activity/stream"
WEBSOCKET = "/api/admin/activity/ws"


@dataclass(frozen=True)
class Site:
    """A server behind a proxy, as its users see it."""

    server: Server
    proxy: Proxy

    def client(self, from_address: str | None = None, http2: bool = True, tls: bool = True) -> httpx.Client:
        return self.proxy.client(from_address, http2, tls)

    def events(self, http2: bool = True, tls: bool = True) -> EventSource:
        return EventSource(self.client(http2=http2, tls=tls), STREAM, self.server.viewer)

    def websocket(self) -> ClientConnection:
        """A WebSocket as a page of this site opens it."""
        url = f"{self.server.public_url}{WEBSOCKET}?resource_type=!livetrail".replace("https", "wss")
        protocols = [Subprotocol("livetrail"), Subprotocol(self.server.viewer)]
        origin = Origin(self.server.public_url)
        return connect(url, ssl=self.proxy.tls, origin=origin, subprotocols=protocols, open_timeout=PATIENCE)

    def post(self, client: httpx.Client, **arguments: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.server.writer}", **arguments.pop("headers", {})}
        return client.post("/api/activity", headers=headers, **arguments)

    def record(self, client: httpx.Client, action: str, **fields: Any) -> None:
        """Stores one activity."""
        answer = self.post(client, json={"user_id": "u-1", "action_type": action, **fields})
        assert answer.status_code == 201, answer.text

    def get(self, client: httpx.Client, path: str, **arguments: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.server.viewer}", **arguments.pop("headers", {})}
        return client.get(path, headers=headers, **arguments)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that has signed itself; its key is beside it."""
    folder = tmp_path_factory.mktemp("certificate")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    command += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "certificate.pem"


@pytest.fixture(scope="session", params=list(PROXIES))
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, certificate: Path) -> Iterator[Site]:
    kind: str = request.param
    port = free_port()
    with (
        closing(Server(tmp_path_factory.mktemp("server"), f"https://127.0.0.1:{port}")) as server,
        closing(Proxy(kind, Place(tmp_path_factory.mktemp(kind), server.port, port), certificate)) as proxy,
    ):
        yield Site(server, proxy)
