"""Refuses forms that another site submits in a visitor's name, and says how pages may be embedded."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class Guard:
    """Pure ASGI middleware. Browsers say by Sec-Fetch-Site where a request comes from."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        from_elsewhere = Headers(scope=scope).get("sec-fetch-site") in ("cross-site", "same-site")
        if from_elsewhere and scope["method"] not in ("GET", "HEAD"):
            await PlainTextResponse("This form belongs to another site.", 403)(scope, receive, send_guarded)
            return
        await self.app(scope, receive, send_guarded)
