"""Follows the live stream with httpx-sse: LIVETRAIL_KEY=… python python-httpx-sse.py URL"""

import os
import sys
import time
from collections.abc import Iterator

import httpx
from httpx_sse import connect_sse

AUTHORIZATION = {"Authorization": f"Bearer {os.environ['LIVETRAIL_KEY']}"}
# A heartbeat comes every 15 seconds.
TIMEOUT = httpx.Timeout(10, read=45)


def follow(client: httpx.Client, url: str) -> Iterator[str]:
    """Yields each message. httpx-sse does not come back by itself; this does, with the last id, when told to."""
    last_id, wait = "", 1.0
    while True:
        try:
            headers = {"Last-Event-ID": last_id} if last_id else {}
            with connect_sse(client, "GET", url, headers=headers) as source:
                source.response.raise_for_status()
                for event in source.iter_sse():
                    last_id = event.id
                    if event.retry is not None:
                        wait = event.retry / 1000
                    if event.event == "message":
                        yield event.data
        except httpx.TransportError as error:
            print(error, file=sys.stderr)
        time.sleep(wait)


with httpx.Client(headers=AUTHORIZATION, timeout=TIMEOUT) as client:
    for message in follow(client, sys.argv[1]):
        print(message, flush=True)
