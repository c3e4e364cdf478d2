"""The event stream's format (`text/event-stream` of the HTML standard), apart from where its text comes from."""

import json
from dataclasses import dataclass
from typing import Any

# These only say where the stream is and that it is alive.
_SILENT = {"connected", "heartbeat"}


@dataclass(frozen=True)
class Frame:
    """Something that was pushed: `type` is `new_activity`, `alert` or `reset`.

    After `reset` (the cursor was of another log, or too old) some may have been missed: read the list again. `cursor`
    is where to go on from after this frame.
    """

    type: str
    data: dict[str, Any]
    cursor: str | None


class Frames:
    """Takes text as it comes and gives the frames that it completes."""

    def __init__(self, cursor: str | None) -> None:
        self.cursor = cursor
        self.retry_seconds = 0.2
        self._rest = ""
        self._fields: dict[str, list[str]] = {}

    def begin(self) -> None:
        """Another connection: half a frame of the last one is none."""
        self._rest, self._fields = "", {}

    def take(self, text: str) -> list[Frame]:
        """Only line feeds end a line here: activities may hold other characters that Python takes for line ends."""
        *lines, self._rest = (self._rest + text).split("\n")
        return [frame for line in lines if (frame := self._line(line.removesuffix("\r")))]

    def _line(self, line: str) -> Frame | None:
        if line:
            name, _, value = line.partition(":")
            self._fields.setdefault(name, []).append(value.removeprefix(" "))
            return None
        fields, self._fields = self._fields, {}
        if (retry := fields.get("retry", [""])[-1]).isdigit():
            self.retry_seconds = int(retry) / 1000
        if "id" in fields:
            self.cursor = fields["id"][-1]
        return self._frame(fields) if "data" in fields else None

    def _frame(self, fields: dict[str, list[str]]) -> Frame | None:
        message = json.loads("\n".join(fields["data"]))
        kind = fields.get("event", [message.get("type", "")])[-1]
        if kind in _SILENT:
            return None
        data = message.get("data")
        return Frame(kind, data if isinstance(data, dict) else message, self.cursor)
