"""A private server with a temporary data folder, or a given one, and what its process costs."""

import os
import re
import resource
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

STARTED = re.compile(r"listening on http://127\.0\.0\.1:(\d+)")
PATIENCE_SECONDS = 30
TICKS = os.sysconf("SC_CLK_TCK")


def raise_open_files() -> None:
    """The server inherits the limit."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def without_settings() -> dict[str, str]:
    """The environment without a developer's own settings, which could name a real database."""
    ours = ("LIVETRAIL_", "DATABASE_URL", "JWT_SECRET_KEY")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


class Server:
    def __init__(self, binary: str, data: str | None = None):
        self.binary, self._given = binary, data

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        self.data = Path(self._given or Path(self._folder.name, "data"))
        self.log = Path(self._folder.name, "log")
        command = [self.binary, "serve", "--listen", "127.0.0.1:0", "--data-dir", str(self.data)]
        with self.log.open("wb") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out, env=without_settings())
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (started := STARTED.search(self.log.read_text(errors="replace"))):
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise SystemExit(f"the server does not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.02)
        self.port = int(started[1])
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    def runs(self) -> bool:
        return self._process.poll() is None

    def key(self, role: str, tenant: str | None = None) -> str:
        command = [self.binary, "key", "create", "--role", role, "--name", role, "--data-dir", str(self.data)]
        command += ["--tenant", tenant] if tenant else []
        made = subprocess.run(command, check=True, capture_output=True, text=True, env=without_settings())
        return made.stdout.strip()

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_kib(self) -> int:
        return self._status("VmRSS")

    def peak_kib(self) -> int:
        """Since the last `forget_peak`."""
        return self._status("VmHWM")

    def forget_peak(self) -> None:
        Path(f"/proc/{self._process.pid}/clear_refs").write_text("5")

    def anonymous_kib(self) -> int:
        """Resident without the pages of the database file, which the system takes back as it likes."""
        return self._status("RssAnon")

    def _status(self, name: str) -> int:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(rf"{name}:\s+(\d+)", status)[1])
