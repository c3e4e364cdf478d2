"""`livetrail doctor` through each proxy with its documented file, and through one that holds streams back."""

import json
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from .conftest import Site
from .proxy import PROXIES, Place, Proxy, nginx
from .server import BINARY, Server, without_settings


def doctor(server: Server, proxy: Proxy) -> tuple[int, dict[str, str]]:
    """Its exit code, and the level of each check. The port without TLS needs no certificate that is trusted."""
    command = [BINARY, "doctor", "--json", "--data-dir", str(server.folder / "data")]
    command += ["--url", f"http://127.0.0.1:{proxy.plain_port}"]
    environment = {**without_settings(), "LIVETRAIL_TRUSTED_PROXY": "127.0.0.1/32"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    findings = json.loads(done.stdout)["findings"]
    return done.returncode, {finding["check"]: finding["level"] for finding in findings}


def test_the_documented_file_has_nothing_that_the_doctor_warns_of(site: Site) -> None:
    code, levels = doctor(site.server, site.proxy)
    assert code == 0
    assert [levels[check] for check in ("public-url", "stream", "websocket")] == ["ok"] * 3
    assert "addresses" not in levels


def test_an_nginx_that_compresses_streams_is_found(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compresses = ("gzip off;", "gzip on; gzip_min_length 0; gzip_proxied any; gzip_types text/event-stream;")
    monkeypatch.setitem(PROXIES, "nginx", lambda place: nginx(place, compresses))
    with closing(Server(tmp_path, "https://127.0.0.1")) as server:
        folder = tmp_path / "nginx"
        folder.mkdir()
        with closing(Proxy("nginx", Place(folder, server.port), certificate)) as proxy:
            code, levels = doctor(server, proxy)
    assert code == 1
    assert levels["stream"] == "failure"
