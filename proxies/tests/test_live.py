"""Activities arrive as they happen."""

import json
import statistics
import time

import pytest

from .conftest import Site
from .waiting import PATIENCE

STALL_SECONDS = 0.2
"""How late an event is where a proxy waits for more data to send together."""


def test_an_activity_arrives_over_server_sent_events(site: Site) -> None:
    with site.events() as events, site.client() as client:
        site.record(client, "over_sse")
        assert events.next_activity()["action_type"] == "over_sse"
        assert events.versions == {"HTTP/2"}


def test_an_activity_arrives_over_a_websocket(site: Site) -> None:
    with site.websocket() as socket, site.client() as client:
        assert json.loads(socket.recv(PATIENCE))["type"] == "connected"
        site.record(client, "over_websocket")
        assert json.loads(socket.recv(PATIENCE))["data"]["action_type"] == "over_websocket"


@pytest.mark.parametrize(
    ("http2", "tls"), [(True, True), (False, True), (False, False)], ids=["http/2", "http/1.1", "without tls"]
)
def test_no_event_waits_for_the_next_one(site: Site, http2: bool, tls: bool) -> None:
    taken = []
    with site.events(http2, tls) as events, site.client(http2=http2, tls=tls) as client:
        for number in range(50):
            began = time.monotonic()
            site.record(client, "timed", details={"number": number})
            assert events.next_activity()["details"]["number"] == number
            taken.append(time.monotonic() - began)
    # Such a proxy delays nearly every event. A busy machine delays some, so those that were the quickest tell.
    quickest = statistics.quantiles(taken, n=4)[0]
    assert quickest < STALL_SECONDS / 2
