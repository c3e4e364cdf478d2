"""Reads the cases that all SDKs share."""

import json
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "contract"


def cases(name: str) -> list[Any]:
    """A parameter for each case of a file, under its name."""
    return [pytest.param(case, id=case["name"]) for case in entries(name)]


def entries(name: str) -> list[Any]:
    """What a file lists."""
    return list(json.loads((FOLDER / name).read_text()))


def expanded(value: Any) -> Any:
    """Writes out what `$repeat` stands for."""
    match value:
        case {"$repeat": [text, times, *end]}:
            return text * times + "".join(end)
        case dict():
            return {key: expanded(entry) for key, entry in value.items()}
        case list():
            return [expanded(item) for item in value]
    return value


def filled(answer: Any, ids: list[str]) -> Any:
    """Puts the ids of the activities and the date in place."""
    text = json.dumps(answer)
    for index in reversed(range(len(ids))):
        text = text.replace(f"$id{index}", ids[index])
    date = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=2), usegmt=True)
    return json.loads(text.replace("$id", ids[0]).replace("$date+2", date))
