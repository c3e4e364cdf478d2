"""The real proxies with the documented files.

A file is used as it is but for addresses and paths: the host's name, the ports, the server, the certificate, the log.
Beside its port with TLS, each proxy has one without, since what a proxy delays can depend on it.
"""

import http.client
import os
import pwd
import socket
import ssl
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from .ports import free_port
from .waiting import PATIENCE, wait_until

CONFIGURATIONS = Path(__file__).parents[1]
CERTIFICATE = "/etc/ssl/livetrail/"


@dataclass(frozen=True)
class Place:
    """Where a proxy keeps its files, listens, and finds the server, and how long it waits for the server to listen."""

    folder: Path
    server_port: int
    port: int = field(default_factory=free_port)
    plain_port: int = field(default_factory=free_port)
    hold_seconds: int = 15

    def documented(self, name: str, *replacements: tuple[str, str]) -> str:
        """The documented file of that name, at this place."""
        text = (CONFIGURATIONS / name).read_text()
        for documented, here in (
            ("127.0.0.1:7777", f"127.0.0.1:{self.server_port}"),
            (CERTIFICATE, f"{self.folder}/"),
            *replacements,
        ):
            assert documented in text, f"{name} does not have {documented}"
            text = text.replace(documented, here)
        return text

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text)
        return str(self.folder / name)


def nginx(place: Place, *replacements: tuple[str, str]) -> list[str]:
    """What Debian's nginx.conf has around the files of conf.d."""
    folder = place.folder
    documented = place.documented(
        "nginx.conf",
        ("listen 443", f"listen 127.0.0.1:{place.plain_port};\n    listen 127.0.0.1:{place.port}"),
        ("/var/log/nginx/livetrail.log", f"{folder}/log"),
        *replacements,
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = f"user {pwd.getpwuid(os.getuid()).pw_name};\n" if os.getuid() == 0 else ""
    around = f"""{user}daemon off;
        pid {folder}/pid;
        error_log {folder}/errors;
        events {{ worker_connections 512; }}
        http {{ {temporary} include {place.write("livetrail.conf", documented)}; }}
    """
    return ["nginx", "-e", f"{folder}/errors", "-c", place.write("nginx.conf", around)]


def haproxy(place: Place) -> list[str]:
    documented = place.documented(
        "haproxy.cfg",
        ("bind :443", f"bind 127.0.0.1:{place.plain_port}\n    bind 127.0.0.1:{place.port}"),
        ("retries 15", f"retries {place.hold_seconds}"),
    )
    before = "global\n    log stdout format raw local0\n"
    return ["haproxy", "-db", "-f", place.write("global.cfg", before), "-f", place.write("haproxy.cfg", documented)]


def caddy(place: Place) -> list[str]:
    hold = ("lb_try_duration 15s", f"lb_try_duration {place.hold_seconds}s")
    secure = place.documented("Caddyfile", hold, ("log.example.com", f"https://127.0.0.1:{place.port}"))
    plain = place.documented(
        "Caddyfile", hold, ("log.example.com", f"http://127.0.0.1:{place.plain_port}"), ("tls", "#")
    )
    before = "{\n\tadmin off\n\tauto_https disable_redirects\n\tservers {\n\t\tprotocols h1 h2\n\t}\n}\n"
    return ["caddy", "run", "--adapter", "caddyfile", "--config", place.write("Caddyfile", before + secure + plain)]


PROXIES: dict[str, Callable[[Place], list[str]]] = {"nginx": nginx, "haproxy": haproxy, "caddy": caddy}


class Proxy:
    """A proxy of one kind in front of a server's port, in the foreground."""

    def __init__(self, kind: str, place: Place, certificate: Path) -> None:
        self.kind, self.port, self.plain_port = kind, place.port, place.plain_port
        self.holds_reads = kind != "nginx"
        """Whether a request without a body waits for a server that does not listen."""
        self.holds_bodies = kind == "haproxy"
        """Whether every request does. Caddy 2.6 cannot send a body twice."""
        self.log = place.folder / "log"
        self._certificate = certificate
        key = certificate.with_name("key.pem")
        for name, files in (
            ("certificate.pem", [certificate]),
            ("key.pem", [key]),
            ("certificate-and-key.pem", [certificate, key]),
        ):
            place.write(name, "".join(file.read_text() for file in files))
        environment = {**os.environ, "XDG_DATA_HOME": str(place.folder), "XDG_CONFIG_HOME": str(place.folder)}
        with self.log.open("a") as log:
            self._process = subprocess.Popen(PROXIES[kind](place), stdout=log, stderr=log, env=environment)
        wait_until(self._listens, f"{kind} listens")

    @property
    def tls(self) -> ssl.SSLContext:
        """A new context each time, because a client writes the versions of HTTP that it speaks into its own."""
        return ssl.create_default_context(cafile=str(self._certificate))

    def client(self, from_address: str | None = None, http2: bool = True, tls: bool = True) -> httpx.Client:
        transport = httpx.HTTPTransport(verify=self.tls, http2=http2, local_address=from_address)
        url = f"https://127.0.0.1:{self.port}" if tls else f"http://127.0.0.1:{self.plain_port}"
        return httpx.Client(base_url=url, transport=transport, timeout=PATIENCE)

    def send(self, method: str, path: str, body: str | None = None, key: str = "") -> http.client.HTTPSConnection:
        """Sends a request whose answer is not waited for."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.tls)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        connection.request(method, path, body, headers)
        return connection

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()

    def _listens(self) -> bool:
        assert self._process.poll() is None, self.log.read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
