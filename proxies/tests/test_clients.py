"""Who a client is, and what the proxy keeps of it."""

import uuid

import pytest

from .conftest import STREAM, Site
from .waiting import wait_until

LIST = "/api/admin/activity"
CLIENT = "127.0.0.2"
FORGED = "203.0.113.7"


def recorded_address(site: Site, user: str) -> str | None:
    """From where the list of this user's activities was read, as the log says."""
    parameters = {"resource_type": "livetrail", "action_filter": "admin_view_activity_logs", "limit": "100"}
    with site.client() as client:
        for activity in site.get(client, LIST, params=parameters).json()["data"]:
            if user in str(activity["details"]["filters_applied"]):
                address: str = activity["ip_address"]
                return address
    return None


@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"X-Forwarded-For": FORGED},
        {"Forwarded": f"for={FORGED}"},
        {"X-Forwarded-For": FORGED, "Forwarded": f"for={FORGED}"},
    ],
    ids=lambda forged: "+".join(forged) or "nothing",
)
def test_the_log_has_the_clients_address_whatever_the_client_says(site: Site, forged: dict[str, str]) -> None:
    user = f"u-{uuid.uuid4()}"
    with site.client(from_address=CLIENT) as client:
        assert site.get(client, LIST, params={"user_id": user}, headers=forged).status_code == 200
    wait_until(lambda: recorded_address(site, user) is not None, "the read is recorded")
    assert recorded_address(site, user) == CLIENT


def test_the_access_log_has_no_token(site: Site) -> None:
    if site.proxy.kind == "caddy":
        pytest.skip("keeps no access log")
    with site.client() as client:
        assert client.get(STREAM, params={"token": "not-a-credential"}).status_code == 401
    wait_until(lambda: f"{STREAM} " in site.proxy.log.read_text(), "the request is in the access log")
    assert "not-a-credential" not in site.proxy.log.read_text()
