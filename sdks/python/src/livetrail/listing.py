"""Reading the log: pages of the list, with every filter that the server has."""

from collections.abc import AsyncGenerator, Generator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from . import settings, unknown_server
from .answer import refusal
from .errors import SwitchedOffError, UnreachableError

_PATH = "/api/admin/activity"
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)


@dataclass(frozen=True)
class Page:
    """A page of the list; iterating over it gives its activities.

    With the same filters, `cursor=page.next_cursor` gives the next page. `head_cursor` as the `last_event_id` of
    `follow` gives the activities after this page, without a gap.
    """

    activities: list[dict[str, Any]]
    total: int
    stats: dict[str, Any] | None
    next_cursor: str | None
    prev_cursor: str | None
    head_cursor: str | None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.activities)


def list(url: str | None = None, key: str | None = None, **filters: Any) -> Page:
    """One page of the log; the key must be one that may read.

    `filters` are those of the server's list (`action_filter="user_login"`, `status=["4xx", "5xx"]`, `limit=100`).
    Raises RefusedError for wrong keys and filters, UnreachableError when Livetrail does not answer.
    """
    with httpx.Client(**_client(url, key)) as http:
        return _get(http, filters)


async def alist(url: str | None = None, key: str | None = None, **filters: Any) -> Page:
    """`list` for asynchronous code."""
    async with httpx.AsyncClient(**_client(url, key)) as http:
        return await _aget(http, filters)


def pages(url: str | None = None, key: str | None = None, **filters: Any) -> Generator[Page, None, None]:
    """All pages, one after the other, as of the moment of the first: later activities shift nothing."""
    with httpx.Client(**_client(url, key)) as http:
        page = _get(http, filters)
        yield page
        while page.next_cursor:
            page = _get(http, {**filters, "cursor": page.next_cursor})
            yield page


async def apages(url: str | None = None, key: str | None = None, **filters: Any) -> AsyncGenerator[Page, None]:
    """`pages` for asynchronous code."""
    async with httpx.AsyncClient(**_client(url, key)) as http:
        page = await _aget(http, filters)
        yield page
        while page.next_cursor:
            page = await _aget(http, {**filters, "cursor": page.next_cursor})
            yield page


def _client(url: str | None, key: str | None) -> dict[str, Any]:
    read = settings.read(url, key, None, None)
    if read.why_off:
        raise SwitchedOffError(read.why_off)
    return {"base_url": read.url, "timeout": _TIMEOUT, "headers": {"Authorization": f"Bearer {read.key}"}}


def _get(http: httpx.Client, filters: dict[str, Any]) -> Page:
    try:
        return _page(http.get(_PATH, params=_given(filters)))
    except httpx.HTTPError as error:
        raise _unreachable(error) from error


async def _aget(http: httpx.AsyncClient, filters: dict[str, Any]) -> Page:
    try:
        return _page(await http.get(_PATH, params=_given(filters)))
    except httpx.HTTPError as error:
        raise _unreachable(error) from error


def _given(filters: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in filters.items() if value is not None}


def _page(answer: httpx.Response) -> Page:
    if not answer.is_success:
        raise refusal(answer)
    try:
        return _read(answer.json())
    except (ValueError, LookupError, TypeError, AttributeError):
        url = str(answer.url).partition(_PATH)[0]
        raise UnreachableError(f"the server {unknown_server.description(answer, url)}", activities=0) from None


def _read(content: Any) -> Page:
    return Page(
        activities=content["data"],
        total=content["total"],
        stats=content.get("stats"),
        next_cursor=content.get("next_cursor"),
        prev_cursor=content.get("prev_cursor"),
        head_cursor=content.get("head_cursor"),
    )


def _unreachable(error: httpx.HTTPError) -> UnreachableError:
    return UnreachableError(f"Livetrail does not answer: {error!r}", activities=0)
