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
Visit = Callable[..., AbstractContextManager[TestClient]]


@pytest.fixture
def livetrail() -> Iterator[FakeLivetrail]:
    fake = FakeLivetrail()
    yield fake
    fake.close()


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Starts an application that logs to `url`, and visits it."""

    def start(url: str, key: str = KEY, flush_seconds: float = 30.0) -> AbstractContextManager[TestClient]:
        monkeypatch.setenv("LIVETRAIL_URL", url)
        monkeypatch.setenv("LIVETRAIL_KEY", key)
        app = create_app(Config(flush_seconds=flush_seconds))
        return TestClient(
            app, client=("203.0.113.9", 4711), headers={"user-agent": "a test"}, raise_server_exceptions=False
        )

    return start


@pytest.fixture
def browser(visit: Visit, livetrail: FakeLivetrail) -> Iterator[TestClient]:
    """A visitor who has not logged in, at an application that logs to `livetrail`."""
    with visit(livetrail.url) as client:
        yield client


@pytest.fixture
def log_in(browser: TestClient) -> Callable[[dict[str, str]], TestClient]:
    def enter(account: dict[str, str]) -> TestClient:
        assert browser.post("/login", data=account).url.path == "/chat"
        return browser

    return enter
