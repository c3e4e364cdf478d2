"""What clients are told when the server is away for longer than a proxy waits."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from .ports import free_port
from .proxy import PROXIES, Place, Proxy


@pytest.fixture(scope="module", params=list(PROXIES))
def proxy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, certificate: Path
) -> Iterator[Proxy]:
    """A proxy without a server, which waits for one second instead of the documented time."""
    kind: str = request.param
    place = Place(tmp_path_factory.mktemp(kind), free_port(), hold_seconds=1)
    with closing(Proxy(kind, place, certificate)) as proxy:
        yield proxy


@pytest.mark.parametrize("path", ["/api/admin/activity/stream", "/api/admin-sessions/activity-stream"])
def test_a_stream_is_told_to_come_again_in_a_way_that_an_event_source_takes(proxy: Proxy, path: str) -> None:
    with proxy.client() as client:
        answer = client.get(path, headers={"Origin": "https://app.example.com"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    # No line of it has a meaning for an EventSource.
    assert not any(line.startswith(("data", "event", "id", "retry")) for line in answer.text.splitlines())


@pytest.mark.parametrize(("method", "path"), [("POST", "/api/activity"), ("GET", "/api/admin/activity")])
def test_every_other_request_is_told_to_come_again_in_a_second(proxy: Proxy, method: str, path: str) -> None:
    with proxy.client() as client:
        answer = client.request(method, path, json={} if method == "POST" else None)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 503
