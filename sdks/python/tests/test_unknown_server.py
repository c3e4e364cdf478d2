"""Answers with a good status that are not Livetrail's: nothing is stored, so nothing counts as sent."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import livetrail
from livetrail import Client, LivetrailError, UnreachableError
from livetrail.settings import DEFAULT_URL

from .scripted_server import PATIENCE, Answer, ScriptedServer, stored
from .test_following import CONNECTED, event, streaming

Caplog = pytest.LogCaptureFixture
MAINTENANCE = "<html>We are back   soon</html>"


def records(client: Client, server: ScriptedServer, count: int) -> None:
    """Makes so many activities travel in one request, behind a first one."""
    server.hold()
    client.record("opener", "a")
    server.wait_for_requests(1)
    for number in range(count):
        client.record(f"u-{number}", "a")
    server.release()


@pytest.mark.parametrize("count", [1, 3], ids=["one activity", "a batch"])
@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, MAINTENANCE),
        (201, {}, MAINTENANCE),
        (200, {}, {}),
        (201, {}, []),
        (200, {}, {"ok": True}),
        (200, {}, {"accepted": 0}),
        (200, {}, {"accepted": 0, "duplicates": 0, "rejected": [], "results": []}),
        (200, {}, {"accepted": 2, "duplicates": 0, "rejected": []}),
        (200, {}, {"results": [{"index": 0}, {"index": 1}, {"index": True}, {"index": "2"}]}),
        (200, {}, {"position": True, "results": 3, "rejected": "none", "accepted": "3"}),
        (200, {}, "[" * 100_000),
        (204, {}, ""),
    ],
    ids=str,
)
def test_what_another_server_answers_is_not_an_acknowledgement(
    answer: Answer, count: int, client: Client, server: ScriptedServer
) -> None:
    server.script = lambda request: stored(request) if request is server.requests[0] else answer
    records(client, server, count)
    server.wait_for_requests(3)
    assert not client.flush(timeout=0.01)
    assert (client.stats.sent, client.stats.rejected, client.stats.waiting) == (1, 0, count)
    server.script = stored
    assert client.flush(20)
    assert client.stats.sent == 1 + count


@pytest.mark.parametrize(
    "answer",
    [
        {"accepted": 2, "duplicates": 1, "rejected": []},
        {"results": [{"index": index, "position": index + 1} for index in range(3)]},
    ],
    ids=["by its numbers", "by its results"],
)
def test_an_answer_that_accounts_for_the_batch_is_livetrails(
    answer: dict[str, Any], client: Client, server: ScriptedServer
) -> None:
    server.script = lambda request: stored(request) if request is server.requests[0] else (200, {}, answer)
    records(client, server, 3)
    assert client.flush(PATIENCE)
    assert client.stats.sent == 4


def test_a_user_of_the_directory_is_not_put_by_another_server(client: Client, server: ScriptedServer) -> None:
    server.script = lambda _: (200, {}, MAINTENANCE)
    client.put_user("u-1", email="a@example.com")
    server.wait_for_requests(2)
    assert not client.flush(timeout=0.01)
    server.script = stored
    assert client.flush(20)


def test_the_warning_says_what_came_and_what_the_address_should_be(
    client: Client, server: ScriptedServer, errors: list[LivetrailError], caplog: Caplog
) -> None:
    answers: Iterator[Any] = iter([(200, {}, MAINTENANCE + "x" * 200)] * 3)
    server.script = lambda request: next(answers, None) or stored(request)
    client.record("u-1", "a")
    assert client.flush(20)
    [message] = [record.getMessage() for record in caplog.records]
    assert "answered 200 with '<html>We are back soon</html>xxx" in message
    assert (
        f"LIVETRAIL_URL should be the address of a Livetrail server, such as {DEFAULT_URL}, and is {server.url};"
        in (message)
    )
    assert len(message) < 400
    assert [(type(error), error.activities) for error in errors] == [(UnreachableError, 1)]


def test_another_server_in_the_middle_of_an_outage_is_told_too(
    client: Client, server: ScriptedServer, caplog: Caplog
) -> None:
    answers: Iterator[Any] = iter(["network error", (200, {}, {}), "network error", (204, {}, "")])
    server.script = lambda request: next(answers, None) or stored(request)
    client.record("u-1", "a")
    assert client.flush(20)
    assert ["cannot be reached" in record.getMessage() for record in caplog.records] == [True, False]


def test_an_answer_that_repeats_the_request_shows_no_key(
    new_client: Callable[..., Client], server: ScriptedServer, caplog: Caplog
) -> None:
    answers: Iterator[Any] = iter([(200, {}, {"Authorization": "Bearer s3cr3t-s3cr3t"})])
    server.script = lambda request: next(answers, None) or stored(request)
    client = new_client(url=server.url.replace("http://", "http://ada:hunter2@"), key="s3cr3t-s3cr3t")
    client.record("u-1", "a")
    assert client.flush(20)
    assert "s3cr3t" not in caplog.text
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize("answer", [MAINTENANCE, {}, [], {"data": []}], ids=str)
def test_a_list_of_another_server_is_not_a_list(answer: Any, server: ScriptedServer) -> None:
    server.script = lambda _: (200, {}, answer)
    with pytest.raises(UnreachableError, match=f"not an answer of Livetrail: LIVETRAIL_URL should .* {server.url}$"):
        livetrail.list(server.url, "viewer")


def test_a_stream_of_another_server_is_tried_again_with_one_warning(caplog: Caplog) -> None:
    page = (200, MAINTENANCE, "text/html")
    with streaming(page, page, (200, CONNECTED + event("c1", 1))) as streams:
        frames = livetrail.follow(streams.url, "viewer")
        assert next(frames).data == {"n": 1}
        frames.close()
    assert len(streams.seen) == 3
    assert len(caplog.records) == 1
