"""A log as it is often built first: one committed INSERT per request, one asyncio.Queue per SSE client.

Durable like Livetrail's default, so that both answer for the same promise: in SQLite (WAL, synchronous=FULL), or, where
DATABASE_URL names one, in a PostgreSQL database that was made by nine_indexes.sql.
"""

import asyncio
import json
import os
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import uvicorn
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

COLUMNS = ("user_id", "action_type", "endpoint", "http_method", "status_code", "success", "duration_ms", "ip_address",
           "user_agent")  # fmt: skip
INDEXED = ("user_id", "occurred_at", "action_type", "endpoint", "status_code", "success")

Store = Callable[[dict], Awaitable[object]]


def sqlite(path: str) -> Store:
    insert = f"INSERT INTO log (occurred_at, details, {', '.join(COLUMNS)}) VALUES (?, ?{', ?' * len(COLUMNS)})"
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(
        f"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        f"CREATE TABLE log (id INTEGER PRIMARY KEY, occurred_at REAL, details TEXT, {', '.join(COLUMNS)});"
        + "".join(f"CREATE INDEX log_by_{name} ON log ({name});" for name in INDEXED)
    )

    async def store(activity: dict) -> object:
        values = [activity.get(name) for name in COLUMNS]
        return db.execute(insert, (time.time(), json.dumps(activity.get("details")), *values)).lastrowid

    return store


def postgres(url: str) -> Store:
    # A measurement of SQLite does not need it.
    from sqlalchemy import create_engine, text

    names = ("details", *COLUMNS)
    insert = text(f"INSERT INTO activity_logs ({', '.join(names)}) VALUES (:{', :'.join(names)}) RETURNING id")
    url = url.replace("postgres://", "postgresql+psycopg://", 1)
    engine = create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True)

    def commit(values: dict) -> object:
        with engine.begin() as connection:
            return connection.execute(insert, values).scalar_one()

    async def store(activity: dict) -> object:
        values = {name: activity.get(name) for name in COLUMNS}
        return await run_in_threadpool(commit, values | {"details": json.dumps(activity.get("details"))})

    return store


app = FastAPI()
clients: set[asyncio.Queue[str]] = set()
url = os.environ.get("DATABASE_URL")
store = postgres(url) if url else sqlite(sys.argv[1] if len(sys.argv) > 1 else ":memory:")


@app.post("/activity", status_code=201)
async def record(request: Request) -> dict[str, object]:
    activity = await request.json()
    stored = await store(activity)
    frame = f"data: {json.dumps({'type': 'new_activity', 'data': activity})}\n\n"
    for queue in clients:
        queue.put_nowait(frame)
    return {"id": stored}


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
