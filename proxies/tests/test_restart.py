"""A restart of the server costs no client anything."""

import json
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from .conftest import Site
from .waiting import wait_until


@pytest.fixture(autouse=True)
def running_again(site: Site) -> Iterator[None]:
    yield
    if not site.server.is_running:
        site.server.start()


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_a_client_sees_everything_once_although_the_server_restarts(site: Site, by: signal.Signals) -> None:
    with site.events() as events, site.client() as client:
        site.record(client, "before")
        assert events.next_activity()["action_type"] == "before"
        attempts = events.attempts
        site.server.stop(by)
        # Where the proxy holds no request, one more attempt shows that the client was answered meanwhile.
        wanted = attempts + (1 if site.proxy.holds_reads else 2)
        wait_until(lambda: events.attempts >= wanted, "the client connects again")
        site.server.start()
        after = [f"after_{number}" for number in range(20)]
        for action in after:
            site.record(client, action)
        assert [events.next_activity()["action_type"] for _ in after] == after


def test_a_client_sees_everything_although_its_connection_breaks_before_the_answer(site: Site) -> None:
    with site.events() as events, site.client() as client:
        attempts = events.attempts
        site.server.stop()
        with breaking_connections(site.server.port) as broken:
            wait_until(lambda: events.attempts > attempts and len(broken) > 0, "the client connects again")
        site.server.start()
        site.record(client, "after")
        assert events.next_activity()["action_type"] == "after"


def test_a_read_waits_for_the_server(site: Site) -> None:
    if not site.proxy.holds_reads:
        pytest.skip("holds no requests")
    site.server.stop()
    connection = site.proxy.send("GET", "/api/admin/activity", key=site.server.viewer)
    site.server.start()
    assert connection.getresponse().status == 200
    connection.close()


def test_an_activity_waits_for_the_server(site: Site) -> None:
    if not site.proxy.holds_bodies:
        pytest.skip("holds no bodies")
    site.server.stop()
    body = json.dumps({"user_id": "u-1", "action_type": "meanwhile"})
    connection = site.proxy.send("POST", "/api/activity", body, site.server.writer)
    site.server.start()
    assert connection.getresponse().status == 201
    connection.close()


@contextmanager
def breaking_connections(port: int) -> Iterator[list[None]]:
    """A server that ends each connection instead of answering, and counts them."""
    broken: list[None] = []
    with socket.create_server(("127.0.0.1", port)) as listener:
        thread = threading.Thread(target=break_each, args=(listener, broken))
        thread.start()
        try:
            yield broken
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def break_each(listener: socket.socket, broken: list[None]) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.recv(1 << 16)
        broken.append(None)
