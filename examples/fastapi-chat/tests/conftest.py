from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from fake_livetrail import FakeLivetrail
from fastapi.testclient import TestClient

from chatapp.app import create_app
from chatapp.config import Config

KEY = "a-writer-key"
ADA = {"email": "ada@example.com", "password": "correct-horse-ada"}
ADMIN = {"email": "admin@example.com", "password": "correct-horse-admin"}


@pytest.fixture
def livetrail() -> Iterator[FakeLivetrail]:
    fake = FakeLivetrail()
    yield fake
    fake.close()


@pytest.fixture
def browser(livetrail: FakeLivetrail) -> Iterator[TestClient]:
    """Somebody who has not logged in, at an application that logs to `livetrail`."""
    with visit(livetrail.url) as client:
        yield client


@pytest.fixture
def log_in(browser: TestClient) -> Callable[[dict[str, str]], TestClient]:
    def enter(account: dict[str, str]) -> TestClient:
        assert browser.post("/login", data=account).url.path == "/chat"
        return browser

    return enter


def visit(url: str, key: str | None = KEY, flush_seconds: float = 5.0) -> AbstractContextManager[TestClient]:
    config = Config(livetrail_url=url, livetrail_key=key, flush_seconds=flush_seconds)
    app = create_app(config)
    return TestClient(
        app, client=("203.0.113.9", 4711), headers={"user-agent": "a test"}, raise_server_exceptions=False
    )
