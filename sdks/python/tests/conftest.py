"""A test's world: a scripted server, and clients of it that end with the test."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

import livetrail
from livetrail import Client, LivetrailError
from livetrail import activity as livetrail_activity

from .scripted_server import ScriptedServer, running


def without_tls() -> httpx.BaseTransport:
    """Reading the certificates takes longer than most tests do."""
    return httpx.HTTPTransport(verify=False)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with running() as server:
        yield server


@pytest.fixture
def errors() -> list[LivetrailError]:
    """What `on_error` of the clients was told."""
    return []


@pytest.fixture
def new_client(server: ScriptedServer, errors: list[LivetrailError]) -> Iterator[Callable[..., Client]]:
    clients: list[Client] = []

    def new(**settings: Any) -> Client:
        standard = {"url": server.url, "key": "k", "on_error": errors.append, "transport": without_tls}
        clients.append(Client(**{**standard, **settings}))
        return clients[-1]

    yield new
    for client in clients:
        client.close(timeout=0)


@pytest.fixture
def client(new_client: Callable[..., Client]) -> Client:
    return new_client()


@pytest.fixture
def default(server: ScriptedServer, errors: list[LivetrailError]) -> Iterator[Client]:
    """The default client, sending to the scripted server."""
    yield livetrail.configure(server.url, "k", on_error=errors.append)
    livetrail.default_client().close(timeout=0)
    livetrail_activity._default = None
