"""What visitors tell the people who run the application."""

import sqlite3
from collections.abc import Sequence
from uuid import uuid4

from .database import Database

STATUSES = ("new", "in_progress", "resolved")
LONGEST = 2_000


def add(db: Database, user_id: str, text: str) -> str:
    """Returns the new entry's id."""
    feedback_id = str(uuid4())
    db.change("INSERT INTO feedback (id, user_id, text) VALUES (?, ?, ?)", feedback_id, user_id, text[:LONGEST])
    return feedback_id


def everything(db: Database) -> Sequence[sqlite3.Row]:
    """The newest first, with the names of their authors."""
    return db.rows(
        "SELECT f.id, f.user_id, f.text, f.status, f.created_at, u.display_name AS author"
        " FROM feedback f LEFT JOIN users u ON u.id = f.user_id ORDER BY f.rowid DESC"
    )


def find(db: Database, feedback_id: str) -> sqlite3.Row | None:
    """One entry."""
    return db.row("SELECT id, user_id, status FROM feedback WHERE id = ?", feedback_id)


def set_status(db: Database, feedback_id: str, status: str) -> None:
    """`status` is one of STATUSES."""
    db.change("UPDATE feedback SET status = ? WHERE id = ?", status, feedback_id)
