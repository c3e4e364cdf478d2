"""What a warning says about an answer with a good status that does not come from Livetrail.

A wrong `LIVETRAIL_URL` or the maintenance page of a proxy may answer 200 to everything.
"""

import httpx

from .redact import Redaction
from .settings import DEFAULT_URL

_SHOWN = 80
_SEARCHED = 1_000
_redaction = Redaction()


def description(answer: httpx.Response, url: str) -> str:
    """What came, and what the address should be. The answer may repeat the request, so it is redacted."""
    text = " ".join(_redaction.text(answer.text[:_SEARCHED]).split())
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return (
        f"answered {answer.status_code} with {shown!r}, which is not an answer of Livetrail: LIVETRAIL_URL should be "
        f"the address of a Livetrail server, such as {DEFAULT_URL}, and is {_redaction.text(url)}"
    )
