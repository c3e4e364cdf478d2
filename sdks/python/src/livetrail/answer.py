"""What an answer of the server says about each item of its request."""

from typing import Any, TypeGuard

import httpx

from .errors import LivetrailError, NotAcknowledgedError, RefusedError
from .item import Item, Receipt

Fate = Receipt | LivetrailError

# One bad activity makes the server refuse the whole batch with these in some cases; the others shall not be lost.
_MAY_BE_ONE_OF_MANY = (400, 409, 413, 422)


def is_worth_splitting(answer: httpx.Response, batch: list[Item]) -> bool:
    """Whether a refused batch may have activities that are acceptable by themselves."""
    if len(batch) < 2:
        return False
    # A key that is bound to a tenant may not name another, and one activity that does spoils its batch.
    other_tenant = answer.status_code == 403 and any(item.names_tenant for item in batch)
    return answer.status_code in _MAY_BE_ONE_OF_MANY or other_tenant


def is_of_livetrail(answer: httpx.Response, batch: list[Item]) -> bool:
    """Whether a 2xx answer says what became of each item. Other servers and proxies answer 2xx, too."""
    content = _content(answer)
    if batch[0].path is not None:
        return isinstance(content.get("user_id"), str)
    if len(batch) == 1:
        return _is_count(content.get("position"))
    rejected, results = (_by_index(content, name) for name in ("rejected", "results"))
    if rejected.keys() | results.keys() == set(range(len(batch))):
        return True
    counts = [count for name in ("accepted", "duplicates") if _is_count(count := content.get(name))]
    return len(counts) == 2 and sum(counts) + len(rejected) == len(batch)


def fates(answer: httpx.Response, batch: list[Item]) -> list[Fate]:
    """What became of each item."""
    content = _content(answer)
    if not answer.is_success:
        return [refusal(answer, len(batch))] * len(batch)
    if len(batch) == 1:
        return [_receipt(batch[0], content)]
    rejected, results = (_by_index(content, name) for name in ("rejected", "results"))
    return [
        _rejection(rejected[index]) if index in rejected else _receipt(item, results.get(index, {}))
        for index, item in enumerate(batch)
    ]


def without_position(receipt: Receipt) -> LivetrailError | None:
    """The error for a caller that waits for a position, if the answer does not name it."""
    return None if receipt.position else NotAcknowledgedError("the answer of the server could not be understood")


def _content(answer: httpx.Response) -> dict[str, Any]:
    try:
        content = answer.json()
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _entries(content: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = content.get(name)
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _by_index(content: dict[str, Any], name: str) -> dict[int, dict[str, Any]]:
    return {entry["index"]: entry for entry in _entries(content, name) if _is_count(entry.get("index"))}


def _is_count(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _receipt(item: Item, content: dict[str, Any]) -> Receipt:
    position = content.get("position")
    return Receipt(item.id, position if isinstance(position, int) else 0, content.get("duplicate") is True)


def _rejection(entry: dict[str, Any]) -> RefusedError:
    errors = tuple(_entries(entry, "errors"))
    return RefusedError(_in_words(errors) or "refused", status=422, errors=errors)


def refusal(answer: httpx.Response, items: int = 0) -> RefusedError:
    """What the server says is wrong with so many activities, or with a call that is about none."""
    content = _content(answer)
    detail = content.get("detail")
    errors = tuple(_entries(content, "errors"))
    message = f"{answer.status_code}: {detail if isinstance(detail, str) else answer.reason_phrase}"
    return RefusedError(message, status=answer.status_code, errors=errors, activities=items)


def _in_words(errors: tuple[dict[str, Any], ...]) -> str:
    return "; ".join(
        f"{str(error.get('pointer', '')).lstrip('/')} {error.get('detail', '')}".strip() for error in errors
    )
