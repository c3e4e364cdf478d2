"""A FastAPI dependency: `log_activity` with the request filled in.

@app.post("/login")
async def login(log: ActivityLog) -> ...:
    log(user.id, actions.USER_LOGIN, status_code=200)
"""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from .activity import log_activity
from .recorded import Recorded


async def activity_log(connection: HTTPConnection) -> Callable[..., Recorded]:
    """`log_activity` of this request or WebSocket: takes what follows `request` there."""
    return partial(log_activity, connection)


ActivityLog = Annotated[Callable[..., Recorded], Depends(activity_log)]
"""The type of a parameter that wants it."""
