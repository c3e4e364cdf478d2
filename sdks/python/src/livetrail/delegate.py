"""The party that acts in a user's name, as a token tells it."""

from collections.abc import Mapping
from typing import Any

from .fields import Delegate


def delegate_of(claims: Any) -> Delegate:
    """The delegate that the claims of a verified token name by `act` (RFC 8693, section 4.1); empty without one.

    An `act` inside of `act` names who acted before. The outermost party is the one that acts now.
    """
    actor = claims.get("act") if isinstance(claims, Mapping) else None
    subject = actor.get("sub") if isinstance(actor, Mapping) else None
    return {"delegate_id": subject} if subject else {}
