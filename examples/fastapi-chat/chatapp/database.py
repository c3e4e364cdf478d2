"""The one SQLite connection, shared by the worker threads under a lock."""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

from livetrail import count_query

SCHEMA = Path(__file__).with_name("schema.sql")


class Database:
    """`path` may be `:memory:`."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript("PRAGMA foreign_keys = ON;" + SCHEMA.read_text())

    def rows(self, sql: str, *values: object) -> Sequence[sqlite3.Row]:
        """Runs one statement and returns what it yields."""
        count_query()
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """The first row, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def change(self, sql: str, *values: object) -> int:
        """Runs one statement and returns how many rows it touched."""
        count_query()
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def close(self) -> None:
        """Ends the connection; a memory database is gone then."""
        self._connection.close()
