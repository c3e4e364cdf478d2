"""Follows the live stream with sseclient-py and requests: LIVETRAIL_KEY=… python python-sseclient.py URL"""

import json
import os
import sys
import time
from collections.abc import Iterator

import requests
import sseclient

AUTHORIZATION = {"Authorization": f"Bearer {os.environ['LIVETRAIL_KEY']}"}
# To connect, and to hear something: a heartbeat comes every 15 seconds.
TIMEOUT = (10, 45)
LOST = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
# sseclient-py yields half a message where one broke off, which is neither text nor JSON then.
CUT_OFF = (UnicodeDecodeError, json.JSONDecodeError)


def follow(session: requests.Session, url: str) -> Iterator[dict]:
    """Yields each message. sseclient-py does not come back by itself; this does, with the last id, when told to."""
    last_id, wait = None, 1.0
    while True:
        try:
            # requests leaves out a header that is None.
            headers = {"Accept": "text/event-stream", "Last-Event-ID": last_id}
            with session.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
                response.raise_for_status()
                for event in sseclient.SSEClient(response).events():
                    message = json.loads(event.data)
                    # Now that it is known to be whole.
                    last_id = event.id
                    if event.retry:
                        wait = int(event.retry) / 1000
                    if event.event == "message":
                        yield message
        except (*LOST, *CUT_OFF) as error:
            print(error, file=sys.stderr)
        time.sleep(wait)


with requests.Session() as session:
    session.headers.update(AUTHORIZATION)
    for message in follow(session, sys.argv[1]):
        print(json.dumps(message), flush=True)
