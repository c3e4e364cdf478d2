"""Whatever happens to Livetrail, the site goes on, and what happened meanwhile arrives later."""

import logging
import socket
import time
from collections.abc import Iterator

import pytest
from conftest import ADA, visit

from chatapp.outbox import Outbox


@pytest.fixture
def silence() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def nobody() -> str:
    """An address where nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("server", ["silence", "nobody"])
def test_the_site_neither_breaks_nor_waits_without_livetrail(server, request):
    with visit(request.getfixturevalue(server), flush_seconds=0.1) as browser:
        started = time.perf_counter()
        for number in range(20):
            assert browser.post("/chat", data={"message": f"number {number}"}).status_code == 200
        assert time.perf_counter() - started < 5


def test_a_server_that_is_full_gets_the_same_activity_again(browser, livetrail):
    livetrail.wait_until(lambda: len(livetrail.arrivals) == 3)
    for status in (503, 429, 408, 500):
        livetrail.answer_next(status)
    browser.post("/login", data=ADA)
    livetrail.wait_until(lambda: len(livetrail.posts()) == 5)
    assert len({post.body["id"] for post in livetrail.posts()}) == 1


def test_retry_after_is_honoured(browser, livetrail):
    livetrail.wait_until(lambda: len(livetrail.arrivals) == 3)
    livetrail.answer_next(503, Retry_After="1")
    browser.post("/login", data=ADA)
    livetrail.wait_until(lambda: len(livetrail.posts()) == 1)
    started = time.perf_counter()
    livetrail.wait_until(lambda: len(livetrail.posts()) == 2)
    assert time.perf_counter() - started > 0.9


def test_activities_that_gather_travel_as_one_batch(browser, livetrail):
    livetrail.wait_until(lambda: len(livetrail.arrivals) == 3)
    livetrail.answer_next(503, Retry_After="1")
    browser.post("/chat", data={"message": "first"})
    for number in range(120):
        browser.post("/sessions", data={"name": f"session {number}"})
    livetrail.wait_until(lambda: len({each["id"] for each in livetrail.activities()}) == 122)
    sizes = [len(post.body) for post in livetrail.posts() if isinstance(post.body, list)]
    assert max(sizes) == 100
    stored = {each["id"]: each for each in livetrail.activities()}
    names = [each["details"]["name"] for each in stored.values() if "name" in each["details"]]
    assert names == [f"session {number}" for number in range(120)]


def test_a_refusal_is_final(browser, livetrail, caplog):
    livetrail.wait_until(lambda: len(livetrail.arrivals) == 3)
    livetrail.answer_next(401)
    browser.post("/login", data=ADA)
    livetrail.wait_until(livetrail.posts)
    browser.post("/logout")
    livetrail.activity("user_logout")
    assert [a["action_type"] for a in livetrail.activities()] == ["user_login", "user_logout"]
    assert "refused 1 items with 401" in caplog.text


def test_what_waits_is_sent_before_the_application_stops(livetrail):
    with visit(livetrail.url) as browser:
        livetrail.wait_until(lambda: len(livetrail.arrivals) == 3)
        livetrail.answer_next(503, Retry_After="60")
        browser.post("/login", data=ADA)
        livetrail.wait_until(lambda: len(livetrail.posts()) == 1)
        browser.post("/logout")
    assert [a["action_type"] for a in livetrail.activities()][-1] == "user_logout"


def test_a_full_queue_drops_the_newest_and_counts_them(nobody, monkeypatch):
    monkeypatch.setattr(Outbox, "CAPACITY", 5)
    with visit(nobody, flush_seconds=0.1) as browser:
        for _ in range(20):
            browser.post("/sessions", data={"name": "one more"})
        outbox = browser.app.state.outbox
        assert 14 <= outbox.dropped <= 20


def test_without_a_key_nothing_is_sent_and_one_warning_says_so(livetrail, caplog):
    with caplog.at_level(logging.WARNING), visit(livetrail.url, key=None) as browser:
        browser.post("/login", data=ADA)
        browser.post("/logout")
    assert livetrail.arrivals == []
    assert caplog.text.count("LIVETRAIL_KEY is not set") == 1


def test_logging_never_raises(browser, caplog, monkeypatch):
    monkeypatch.setattr(Outbox, "record", None)
    assert browser.post("/sessions", data={"name": "still works"}).status_code == 200
    assert "the application goes on" in caplog.text
