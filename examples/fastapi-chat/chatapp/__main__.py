"""`python -m chatapp`: serves until a signal asks to stop, then sends the activities that still wait."""

import logging
import socket

import uvicorn

from .app import create_app
from .config import Config


class Server(uvicorn.Server):
    """Says where it listens as soon as it does, in a form that a script can read."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            print(f"listening on http://127.0.0.1:{sockets[0].getsockname()[1]}", flush=True)


def main() -> None:
    """Port 0 takes any free port."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    config = Config.from_environment()
    # asyncio sets TCP_NODELAY only on sockets that name their protocol; without it each answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", config.port))
    settings = uvicorn.Config(create_app(config), log_level="warning", access_log=False, timeout_graceful_shutdown=3)
    Server(settings).run(sockets=[listener])


if __name__ == "__main__":
    main()
