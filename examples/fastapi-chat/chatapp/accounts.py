"""The people who signed up: who they are, how they log in, what they prefer."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from . import passwords
from .database import Database

TONES = ("friendly", "brief", "formal")
COLUMNS = "id, email, display_name, is_admin, tone, created_at"


@dataclass(frozen=True)
class User:
    """A row of `users` without its password hash."""

    id: str
    email: str
    display_name: str
    is_admin: bool
    tone: str
    created_at: str

    @classmethod
    def of(cls, row: sqlite3.Row) -> "User":
        """From a row selected with COLUMNS."""
        return cls(**{**dict(row), "is_admin": bool(row["is_admin"])})


class EmailTaken(Exception):
    """There is an account with this e-mail already."""


def create(db: Database, email: str, display_name: str, password: str, *, is_admin: bool = False) -> User:
    """Adds a user; raises EmailTaken."""
    user_id = str(uuid4())
    try:
        db.change(
            "INSERT INTO users (id, email, display_name, password_hash, is_admin) VALUES (?, ?, ?, ?, ?)",
            user_id, email, display_name, passwords.hashed(password), is_admin,
        )  # fmt: skip
    except sqlite3.IntegrityError:
        raise EmailTaken from None
    user = find(db, user_id)
    assert user is not None
    return user


def find(db: Database, user_id: str) -> User | None:
    """By id."""
    row = db.row(f"SELECT {COLUMNS} FROM users WHERE id = ?", user_id)
    return None if row is None else User.of(row)


def find_by_email(db: Database, email: str) -> User | None:
    """By e-mail, whatever its case."""
    row = db.row(f"SELECT {COLUMNS} FROM users WHERE email = ?", email)
    return None if row is None else User.of(row)


def password_is_right(db: Database, user: User | None, password: str) -> bool:
    """Takes the same time whether there is such a user or not."""
    row = user and db.row("SELECT password_hash FROM users WHERE id = ?", user.id)
    right = passwords.matches(password, row["password_hash"] if row else passwords.NOBODY)
    return right and row is not None


def everyone(db: Database) -> Sequence[User]:
    """All users, the oldest first."""
    return [User.of(row) for row in db.rows(f"SELECT {COLUMNS} FROM users ORDER BY rowid")]


def update_preferences(db: Database, user_id: str, display_name: str, tone: str) -> None:
    """What the preferences page changes."""
    db.change("UPDATE users SET display_name = ?, tone = ? WHERE id = ?", display_name, tone, user_id)
