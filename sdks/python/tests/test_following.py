"""Following the stream: its format, and what happens when it breaks off."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from livetrail import Frame, RefusedError, SwitchedOffError, afollow, follow
from livetrail.frames import Frames


def event(cursor: str, number: int, **more: str) -> str:
    lines = [f"{name}: {value}" for name, value in {"id": cursor, **more}.items()]
    return "\n".join([*lines, "data: " + json.dumps({"type": "new_activity", "data": {"n": number}})]) + "\n\n"


Answer = tuple[int, str] | tuple[int, str, str]


class Streams:
    """A server that answers each connection with the next of these, then closes it."""

    def __init__(self, answers: list[Answer]) -> None:
        self.seen: list[tuple[str, str | None, str | None]] = []
        rest = iter(answers)
        seen = self.seen

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                seen.append((self.path, self.headers["Last-Event-ID"], self.headers["Authorization"]))
                status, text, *kind = next(rest)
                self.send_response(status)
                self.send_header("Content-Type", kind[0] if kind else "text/event-stream")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def streaming(*answers: Answer) -> Iterator[Streams]:
    streams = Streams(list(answers))
    thread = threading.Thread(target=streams.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield streams
    streams.server.shutdown()
    streams.server.server_close()


CONNECTED = 'retry: 1\nid: c0\ndata: {"type":"connected"}\n\n'
HEARTBEAT = 'event: heartbeat\nid: c9\ndata: {"head": 9}\n\n'


def test_text_may_be_cut_anywhere() -> None:
    text = CONNECTED + event("c1", 1) + ": a comment\n\n" + HEARTBEAT.replace("\n", "\r\n") + event("c10", 2)
    for step in range(1, len(text)):
        frames = Frames(None)
        got = [frame for at in range(0, len(text), step) for frame in frames.take(text[at : at + step])]
        assert got == [Frame("new_activity", {"n": 1}, "c1"), Frame("new_activity", {"n": 2}, "c10")]
    assert frames.retry_seconds == 0.001


def test_other_line_ends_are_part_of_the_text() -> None:
    data = {"message": "a\u2028b\x85c\x0bd"}
    text = "data: " + json.dumps({"type": "new_activity", "data": data}, ensure_ascii=False) + "\n\n"
    assert [frame.data for frame in Frames(None).take(text)] == [data]


def test_it_goes_on_where_it_was_over_interruptions_and_trouble() -> None:
    answers = [
        (200, CONNECTED + event("c1", 1) + "id: c2\ndata: half a fra"),
        (503, "{}"),
        (200, CONNECTED.replace("c0", "c1") + HEARTBEAT),
        (200, 'data: {"type":"reset","reason":"another log"}\n\n' + event("c11", 2)),
        (204, ""),
    ]
    with streaming(*answers) as server:
        frames = list(follow(server.url, "reader", last_event_id="c-1", status=["4xx", "5xx"], user_id=None))
    assert [(frame.type, frame.cursor) for frame in frames] == [
        ("new_activity", "c1"),
        ("reset", "c9"),
        ("new_activity", "c11"),
    ]
    assert frames[1].data["reason"] == "another log"
    assert [cursor for _, cursor, _ in server.seen] == ["c-1", "c1", "c1", "c9", "c11"]
    assert {(path, key) for path, _, key in server.seen} == {
        ("/api/admin/activity/stream?status=4xx&status=5xx", "Bearer reader")
    }


def test_asynchronous_code_follows_the_same_way() -> None:
    async def work(url: str) -> list[Any]:
        return [frame.data async for frame in afollow(url, "reader")]

    with streaming((200, CONNECTED + event("c1", 1)), (200, event("c2", 2)), (204, "")) as server:
        assert asyncio.run(work(server.url)) == [{"n": 1}, {"n": 2}]
    assert [cursor for _, cursor, _ in server.seen] == [None, "c1", "c2"]


def test_what_is_wrong_with_the_key_is_raised() -> None:
    with (
        streaming((403, '{"detail": "Admin access required"}')) as server,
        pytest.raises(RefusedError, match="403: Admin access required"),
    ):
        next(follow(server.url, "writer"))


def test_without_a_key_there_is_nothing_to_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIVETRAIL_KEY", raising=False)
    with closing(follow()) as frames, pytest.raises(SwitchedOffError):
        next(frames)
