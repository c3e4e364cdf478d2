"""Chat sessions and their messages. Every function takes the owner's id: no user reaches the session of another."""

import sqlite3
from collections.abc import Sequence
from uuid import uuid4

from .database import Database

MAX_NAME_LENGTH = 80
MAX_MESSAGE_LENGTH = 4_000
PREVIEW_CHARACTERS = 100


def preview(message: str) -> str:
    """What the activity log keeps of it: enough to recognise it, not a copy of the conversation."""
    return message[:PREVIEW_CHARACTERS]


def create(db: Database, user_id: str, name: str) -> str:
    """Returns the new session's id."""
    session_id = str(uuid4())
    db.change("INSERT INTO sessions (id, user_id, name) VALUES (?, ?, ?)", session_id, user_id, name[:MAX_NAME_LENGTH])
    return session_id


def of_user(db: Database, user_id: str) -> Sequence[sqlite3.Row]:
    """The newest first, each with its number of messages."""
    return db.rows(
        "SELECT s.id, s.name, s.created_at, count(m.id) AS messages FROM sessions s"
        " LEFT JOIN messages m ON m.session_id = s.id WHERE s.user_id = ? GROUP BY s.id ORDER BY s.rowid DESC",
        user_id,
    )


def find(db: Database, user_id: str, session_id: str) -> sqlite3.Row | None:
    """One session, if it belongs to this user."""
    return db.row("SELECT id, name FROM sessions WHERE id = ? AND user_id = ?", session_id, user_id)


def rename(db: Database, user_id: str, session_id: str, name: str) -> bool:
    """Whether there was such a session."""
    sql = "UPDATE sessions SET name = ? WHERE id = ? AND user_id = ?"
    return db.change(sql, name[:MAX_NAME_LENGTH], session_id, user_id) > 0


def delete(db: Database, user_id: str, session_id: str) -> bool:
    """With its messages; whether there was such a session."""
    return db.change("DELETE FROM sessions WHERE id = ? AND user_id = ?", session_id, user_id) > 0


def say(db: Database, session_id: str, author: str, text: str) -> None:
    """Adds a message; `author` is `you` or `assistant`."""
    db.change("INSERT INTO messages (session_id, author, text) VALUES (?, ?, ?)", session_id, author, text)


def messages(db: Database, session_id: str) -> Sequence[sqlite3.Row]:
    """In the order they were written."""
    return db.rows("SELECT author, text, created_at FROM messages WHERE session_id = ? ORDER BY id", session_id)
