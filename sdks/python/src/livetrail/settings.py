"""Settings: what was given, else the environment, else the default. Wrong ones never stop the application."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import httpx

from .proxies import Proxies
from .redact import Redaction

DEFAULT_URL = "http://127.0.0.1:7777"


@dataclass(frozen=True)
class Settings:
    """What a client is made of. `why_off` is a sentence when it cannot send."""

    url: str
    key: str
    why_off: str | None
    proxies: Proxies
    transport: Callable[[], httpx.BaseTransport] | None


def read(
    url: str | None,
    key: str | None,
    trusted_proxies: int | str | Iterable[str] | None,
    transport: Callable[[], httpx.BaseTransport] | None,
) -> Settings:
    """Takes what is not given from `LIVETRAIL_URL`, `LIVETRAIL_KEY` and `LIVETRAIL_TRUSTED_PROXIES`."""
    # The environment is often a file, at the end of which there is a line break.
    url = (url or os.environ.get("LIVETRAIL_URL") or DEFAULT_URL).strip()
    key = (key or os.environ.get("LIVETRAIL_KEY") or "").strip()
    if trusted_proxies is None:
        trusted_proxies = os.environ.get("LIVETRAIL_TRUSTED_PROXIES") or 0
    return Settings(url, key, _why_off(url, key), Proxies.read(trusted_proxies), transport)


def _why_off(url: str, key: str) -> str | None:
    if not key:
        return "LIVETRAIL_KEY is not set"
    if not (key.isascii() and key.isprintable()):
        return "LIVETRAIL_KEY has characters that no key has"
    shown = Redaction().text(url)  # It is logged, and may have a password.
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return f"{shown!r} is no address"
    return None if parsed.scheme in ("http", "https") and parsed.host else f"{shown!r} is no http or https address"
