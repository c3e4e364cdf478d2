"""Documents that a user uploaded."""

import sqlite3
from collections.abc import Sequence
from uuid import uuid4

from .database import Database

MAX_BYTES = 1024 * 1024
COLUMNS = "id, name, length(content) AS size, created_at"


def add(db: Database, user_id: str, name: str, content: bytes) -> str:
    """Returns the new document's id."""
    document_id = str(uuid4())
    sql = "INSERT INTO documents (id, user_id, name, content) VALUES (?, ?, ?, ?)"
    db.change(sql, document_id, user_id, name, content)
    return document_id


def of_user(db: Database, user_id: str) -> Sequence[sqlite3.Row]:
    """The newest first, without their contents."""
    return db.rows(f"SELECT {COLUMNS} FROM documents WHERE user_id = ? ORDER BY rowid DESC", user_id)


def find(db: Database, user_id: str, document_id: str) -> sqlite3.Row | None:
    """One document with its content, if it belongs to this user."""
    return db.row(f"SELECT {COLUMNS}, content FROM documents WHERE id = ? AND user_id = ?", document_id, user_id)


def delete(db: Database, user_id: str, document_id: str) -> bool:
    """Whether there was such a document."""
    return db.change("DELETE FROM documents WHERE id = ? AND user_id = ?", document_id, user_id) > 0


def status(content: bytes) -> str:
    """What the assistant can do with it: only text can be read."""
    try:
        return f"Ready: {len(content.decode().split())} words indexed"
    except UnicodeDecodeError:
        return "Stored: this is no text, the assistant cannot read it"
