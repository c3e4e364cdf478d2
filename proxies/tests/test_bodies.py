"""What the server takes, the proxy lets through."""

import json

from .conftest import Site

LARGEST_BODY = 10_000_000
MAX_ACTIVITIES = 10_000


def batch(size: int, activities: int = MAX_ACTIVITIES) -> bytes:
    """So many activities in exactly so many bytes."""

    def line(filler: int) -> bytes:
        activity = {"user_id": "u-1", "action_type": "batched", "details": {"filler": "x" * filler}}
        return json.dumps(activity).encode() + b"\n"

    filler = size // activities - len(line(0))
    body = line(filler) * (activities - 1)
    return body + line(size - len(body) - len(line(0)))


def test_the_largest_batch_of_the_server_is_stored(site: Site) -> None:
    body = batch(LARGEST_BODY)
    assert len(body) == LARGEST_BODY
    with site.client() as client:
        answer = site.post(client, content=body, headers={"Content-Type": "application/x-ndjson"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["accepted"] == MAX_ACTIVITIES


def test_a_larger_batch_is_refused_in_the_words_of_the_server(site: Site) -> None:
    with site.client() as client:
        answer = site.post(
            client, content=batch(LARGEST_BODY + 1_000_000), headers={"Content-Type": "application/x-ndjson"}
        )
    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["request_id"]
