"""What the environment asks for, read once at the start. `LIVETRAIL_URL` and `LIVETRAIL_KEY` are read by the SDK."""

import os
import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Config:
    """Settings of one running application; the defaults suit a developer's machine."""

    port: int = 8000
    database: str = ":memory:"
    jwt_secret: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    flush_seconds: float = 5.0

    @classmethod
    def from_environment(cls) -> "Config":
        """Without JWT_SECRET_KEY a new secret is made, and all users have to log in again after a restart."""
        get = os.environ.get
        return cls(
            port=int(get("PORT") or cls.port),
            database=get("CHAT_DATABASE") or cls.database,
            jwt_secret=get("JWT_SECRET_KEY") or secrets.token_hex(32),
        )
