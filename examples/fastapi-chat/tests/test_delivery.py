"""Whatever happens to Livetrail, the site goes on, and what happened meanwhile arrives later."""

import logging
import socket
import time
from collections.abc import Iterator

import pytest
from conftest import ADA


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
def test_the_site_neither_breaks_nor_waits_without_livetrail(server, request, visit):
    with visit(request.getfixturevalue(server), flush_seconds=0.1) as browser:
        started = time.perf_counter()
        for number in range(20):
            assert browser.post("/chat", data={"message": f"number {number}"}).status_code == 200
        # A request to Livetrail may take 10 s: a site that waited for each would need 200 s.
        assert time.perf_counter() - started < 60


def test_what_waits_is_sent_before_the_application_stops(livetrail, visit):
    with visit(livetrail.url) as browser:
        livetrail.wait_until(lambda: len(livetrail.arrivals) == 3)
        for _ in range(3):
            livetrail.answer_next(503)
        browser.post("/login", data=ADA)
        browser.post("/logout")
    stored = {each["id"]: each["action_type"] for each in livetrail.activities()}
    assert list(stored.values()) == ["user_login", "user_logout"]
    assert livetrail.answers == []


def test_without_a_key_nothing_is_sent_and_one_warning_says_so(livetrail, visit, caplog):
    with caplog.at_level(logging.WARNING), visit(livetrail.url, key="") as browser:
        browser.post("/login", data=ADA)
        browser.post("/logout")
    assert livetrail.arrivals == []
    assert caplog.text.count("LIVETRAIL_KEY is not set") == 1
