"""A few people to try the application with. Their passwords are public: they are for a demonstration only."""

from . import accounts, feedback
from .database import Database

PEOPLE = (
    ("ada@example.com", "Ada Lindqvist", "correct-horse-ada", False),
    ("milo@example.com", "Milo Hansen", "correct-horse-milo", False),
    ("admin@example.com", "Robin Admin", "correct-horse-admin", True),
)


def plant(db: Database) -> bool:
    """Adds them to an empty database; returns whether it did."""
    if accounts.everyone(db):
        return False
    for email, name, password, is_admin in PEOPLE:
        user = accounts.create(db, email, name, password, is_admin=is_admin)
        if not is_admin:
            feedback.add(db, user.id, f"{name.split()[0]} would like answers that cite their sources.")
    return True


def announcement() -> str:
    """What is printed at the start."""
    lines = (f"  {email}  {password}{'  (admin)' if is_admin else ''}" for email, _, password, is_admin in PEOPLE)
    return "\n".join(("demonstration accounts:", *lines))
