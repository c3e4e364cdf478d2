"""A log as it is often built first: one committed INSERT per request, one asyncio.Queue per SSE client.

Durable like Livetrail's default (SQLite, WAL, synchronous=FULL), so that both answer for the same promise.
"""

import asyncio
import json
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncIterator

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

COLUMNS = ("user_id", "action_type", "endpoint", "http_method", "status_code", "success", "duration_ms", "ip_address",
           "user_agent")  # fmt: skip
INDEXED = ("user_id", "occurred_at", "action_type", "endpoint", "status_code", "success")
INSERT = f"INSERT INTO log (occurred_at, details, {', '.join(COLUMNS)}) VALUES (?, ?{', ?' * len(COLUMNS)})"

app = FastAPI()
clients: set[asyncio.Queue[str]] = set()
db = sqlite3.connect(sys.argv[1] if len(sys.argv) > 1 else ":memory:", isolation_level=None)
db.executescript(
    f"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    f"CREATE TABLE log (id INTEGER PRIMARY KEY, occurred_at REAL, details TEXT, {', '.join(COLUMNS)});"
    + "".join(f"CREATE INDEX log_by_{name} ON log ({name});" for name in INDEXED)
)


@app.post("/activity", status_code=201)
async def record(request: Request) -> dict[str, int | None]:
    activity = await request.json()
    values = [activity.get(name) for name in COLUMNS]
    stored = db.execute(INSERT, (time.time(), json.dumps(activity.get("details")), *values))
    frame = f"data: {json.dumps({'type': 'new_activity', 'data': activity})}\n\n"
    for queue in clients:
        queue.put_nowait(frame)
    return {"id": stored.lastrowid}


@app.get("/stream")
async def stream() -> StreamingResponse:
    queue: asyncio.Queue[str] = asyncio.Queue()
    clients.add(queue)

    async def frames() -> AsyncIterator[str]:
        try:
            yield 'data: {"type": "connected"}\n\n'
            while True:
                yield await queue.get()
        finally:
            clients.discard(queue)

    return StreamingResponse(frames(), media_type="text/event-stream")


if __name__ == "__main__":
    # asyncio sets TCP_NODELAY only on sockets that name their protocol; without it each answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(1024)
    print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[listener])
