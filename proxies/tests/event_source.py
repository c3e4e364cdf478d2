"""A client with the rules of a browser's `EventSource`.

It connects again when a connection breaks or a stream ends, and tells the server the last id that it has seen. An
answer with another status than 200, or with another content type, ends it for good.
"""

import json
import queue
import socket
import threading
from typing import Any, Self

import httpx

from .waiting import PATIENCE

Activity = dict[str, Any]


class EventSource:
    """Follows the stream in a thread of its own, over HTTP/2 as a browser does."""

    def __init__(self, client: httpx.Client, path: str, key: str) -> None:
        self._client, self._path, self._key = client, path, key
        self._seen: queue.SimpleQueue[Activity | str] = queue.SimpleQueue()
        self._retry_seconds, self._last_id = 3.0, ""
        self._closing = threading.Event()
        self._socket: socket.socket | None = None
        self.versions: set[str] = set()
        self.attempts = 0
        """How often it has connected, or tried to."""
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()
        assert self._next() == "connected"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._closing.set()
        if self._socket is not None:
            # Python's own method for TLS would take away what the thread reads with.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        self._thread.join()

    def next_activity(self) -> Activity:
        """The next activity. A stream that has connected again says so first."""
        while isinstance(seen := self._next(), str):
            assert seen == "connected", seen
        return seen

    def _next(self) -> Activity | str:
        return self._seen.get(timeout=PATIENCE)

    def _follow(self) -> None:
        with self._client:
            while not self._closing.is_set() and self._connect():
                self._closing.wait(self._retry_seconds)

    def _connect(self) -> bool:
        """Reads one stream to its end, and says whether to connect again."""
        self.attempts += 1
        headers = {"Last-Event-ID": self._last_id} if self._last_id else {}
        parameters = {"token": self._key, "resource_type": "!livetrail"}
        try:
            with self._client.stream("GET", self._path, params=parameters, headers=headers) as answer:
                if not self._is_stream(answer):
                    self._seen.put(f"ended by {answer.status_code} {answer.headers.get('Content-Type')}")
                    return False
                self._socket = answer.extensions["network_stream"].get_extra_info("socket")
                self._read(answer)
        except httpx.TransportError:
            pass
        finally:
            self._socket = None
        return True

    def _is_stream(self, answer: httpx.Response) -> bool:
        self.versions.add(answer.http_version)
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        return answer.status_code == 200 and kind == "text/event-stream"

    def _read(self, answer: httpx.Response) -> None:
        event, id_, data = "message", self._last_id, ""
        for line in answer.iter_lines():
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            match name:
                case "retry":
                    self._retry_seconds = int(value) / 1000
                case "event":
                    event = value
                case "id":
                    id_ = value
                case "data":
                    data += value
                case "" if not line:
                    self._last_id = id_
                    if data and event == "message":
                        self._hear(json.loads(data))
                    event, data = "message", ""

    def _hear(self, message: dict[str, Any]) -> None:
        # The server looks for alerts at times of its own, and what the tests record may raise one.
        if message["type"] == "alert":
            return
        self._seen.put(message["data"] if message["type"] == "new_activity" else message["type"])
