"""The real server in a process of its own, which ends and comes back on the same port."""

import os
import signal
import subprocess
from pathlib import Path
from typing import IO

from .ports import free_port

BINARY = os.environ["LIVETRAIL_BINARY"]
ENDS_WITHIN = 60.0
"""Seconds after which a server counts as one that hangs. It ends in about 6, and a busy machine may make it wait."""


def without_settings() -> dict[str, str]:
    """The environment without a developer's own settings, which could name a real database."""
    ours = ("LIVETRAIL_", "DATABASE_URL", "JWT_SECRET_KEY")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


class Server:
    """A server on a free port, which believes what proxies on 127.0.0.1 say about their clients."""

    def __init__(self, folder: Path, public_url: str) -> None:
        self.folder, self.public_url = folder, public_url
        self.address = f"127.0.0.1:{free_port()}"
        self._process: subprocess.Popen[str] | None = None
        self.start()
        self.writer, self.viewer = self._key("writer"), self._key("viewer")

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        command = [BINARY, "serve", "--listen", self.address, "--data-dir", str(self.folder / "data")]
        command += ["--trusted-proxy", "127.0.0.1/32", "--public-url", self.public_url]
        with (self.folder / "server.log").open("a") as log:
            self._process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, env=without_settings(), text=True
            )
        line = self._stdout.readline()
        assert line.startswith("listening on http://"), (self.folder / "server.log").read_text()
        self.address = line.strip().removeprefix("listening on http://")

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Ends the server as `docker stop` does, and gives its exit code."""
        assert self._process is not None
        self._process.send_signal(by)
        try:
            return self._process.wait(ENDS_WITHIN)
        finally:
            self._process.kill()
            self._stdout.close()

    def close(self) -> None:
        if self.is_running:
            self.stop(signal.SIGKILL)

    def _key(self, role: str) -> str:
        command = [BINARY, "key", "create", "--role", role, "--name", role, "--data-dir", str(self.folder / "data")]
        made = subprocess.run(command, capture_output=True, text=True, check=True, env=without_settings())
        return made.stdout.strip()

    @property
    def _stdout(self) -> IO[str]:
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout
