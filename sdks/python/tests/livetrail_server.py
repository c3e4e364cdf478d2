"""The server itself, which `LIVETRAIL_BINARY` names."""

import os
import subprocess
from pathlib import Path
from typing import Any

import httpx

BINARY = os.environ.get("LIVETRAIL_BINARY")


class Livetrail:
    """The server in a process of its own, which may be killed and comes back on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[str] | None = None
        self.url = "http://127.0.0.1:0"
        self.start()
        self.writer, self.viewer = self.key("writer"), self.key("viewer")

    def start(self) -> None:
        command = [str(BINARY), "serve", "--data-dir", str(self.folder), "--listen", self.url.removeprefix("http://")]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("listening on http"), line
        self.url = line.split()[-1]

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def key(self, role: str) -> str:
        command = [str(BINARY), "key", "create", "--role", role, "--name", role, "--data-dir", str(self.folder)]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout.strip()

    def get(self, path: str, **params: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.viewer}"}
        return httpx.get(self.url + path, params=params, headers=headers, timeout=20).raise_for_status()

    def activities(self, action: str) -> list[dict[str, Any]]:
        """All pages of the list, of one action."""
        page = self.get("/api/admin/activity", action_filter=action, limit=100).json()
        found = list(page["data"])
        while cursor := page["next_cursor"]:
            page = self.get("/api/admin/activity", action_filter=action, limit=100, cursor=cursor).json()
            found += page["data"]
        assert len(found) == page["total"]
        return found

    def stored(self, id_: str | None) -> dict[str, Any]:
        activity: dict[str, Any] = self.get(f"/api/admin/activity/{id_}").json()
        return activity
