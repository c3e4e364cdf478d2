"""Reading the log: its pages, and what goes wrong."""

import asyncio
from typing import Any

import pytest

import livetrail
from livetrail import RefusedError, SwitchedOffError, UnreachableError

from .scripted_server import Request, ScriptedServer

STATS = {"total_logs": 3}


def three_activities(request: Request) -> Any:
    """Two pages of a log."""
    second = "cursor=c1" in request.path
    content = {
        "data": [{"n": 3}] if second else [{"n": 1}, {"n": 2}],
        "total": 3,
        "stats": STATS,
        "next_cursor": None if second else "c1",
        "prev_cursor": "c0" if second else None,
        "head_cursor": "head",
    }
    return 200, {}, content


@pytest.fixture(autouse=True)
def log(server: ScriptedServer) -> None:
    server.script = three_activities


def test_a_page_has_activities_and_figures_and_says_where_to_go_on(server: ScriptedServer) -> None:
    page = livetrail.list(server.url, "viewer", status=["4xx", "5xx"], is_admin=True, user_id=None)
    assert [activity["n"] for activity in page] == [1, 2]
    assert (page.total, page.stats, page.next_cursor, page.head_cursor) == (3, STATS, "c1", "head")
    [request] = server.requests
    assert request.path == "/api/admin/activity?status=4xx&status=5xx&is_admin=true"
    assert request.headers["authorization"] == "Bearer viewer"


def test_pages_go_on_to_the_end_with_the_same_filter(server: ScriptedServer) -> None:
    found = [activity["n"] for page in livetrail.pages(server.url, "viewer", limit=2) for activity in page]
    assert found == [1, 2, 3]
    assert server.requests[1].path == "/api/admin/activity?limit=2&cursor=c1"


def test_asynchronous_code_reads_the_same_way(server: ScriptedServer) -> None:
    async def work() -> Any:
        page = await livetrail.alist(server.url, "viewer")
        return page.total, [activity["n"] async for page in livetrail.apages(server.url, "viewer") for activity in page]

    assert asyncio.run(work()) == (3, [1, 2, 3])


def test_what_is_wrong_with_a_filter_is_raised(server: ScriptedServer) -> None:
    errors = [{"pointer": "/sort_by", "detail": "must be one of timestamp, …"}]
    server.script = lambda _: (422, {}, {"detail": "bad filter", "errors": errors})
    with pytest.raises(RefusedError, match="422: bad filter") as refused:
        livetrail.list(server.url, "viewer", sort_by="name")
    assert refused.value.errors[0]["pointer"] == "/sort_by"


def test_a_server_that_is_away_is_unreachable(server: ScriptedServer) -> None:
    server.script = lambda _: "network error"
    with pytest.raises(UnreachableError):
        livetrail.list(server.url, "viewer")
    with pytest.raises(UnreachableError):
        asyncio.run(livetrail.alist(server.url, "viewer"))


def test_without_a_key_there_is_nothing_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIVETRAIL_KEY", raising=False)
    with pytest.raises(SwitchedOffError):
        livetrail.list()
