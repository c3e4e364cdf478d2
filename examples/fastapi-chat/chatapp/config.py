"""What the environment asks for, read once at the start."""

import os
import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Config:
    """Settings of one running application; the defaults suit a developer's machine."""

    livetrail_url: str = "http://127.0.0.1:7777"
    livetrail_key: str | None = None
    port: int = 8000
    database: str = ":memory:"
    jwt_secret: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    flush_seconds: float = 5.0

    @classmethod
    def from_environment(cls) -> "Config":
        """Without JWT_SECRET_KEY a new secret is made, and everybody has to log in again after a restart."""
        get = os.environ.get
        return cls(
            livetrail_url=get("LIVETRAIL_URL") or cls.livetrail_url,
            livetrail_key=get("LIVETRAIL_KEY") or None,
            port=int(get("PORT") or cls.port),
            database=get("CHAT_DATABASE") or cls.database,
            jwt_secret=get("JWT_SECRET_KEY") or secrets.token_hex(32),
        )
