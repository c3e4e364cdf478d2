"""What an activity costs the application, and how soon it is seen. `./measure` runs this."""

import platform
import resource
import threading
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from livetrail import Client, follow

from .livetrail_server import Livetrail

SECONDS = 10
RATES = (1, 20, 100, 400)
BURST = 5000
DETAILS = {"message_preview": "Hello, how are you? " * 5, "session": 17}


def cpu() -> float:
    """Seconds of all threads of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def percentile(values: list[float], share: float) -> float:
    """The nearest rank, in milliseconds."""
    return sorted(values)[max(0, round(share * len(values)) - 1)] * 1000


def paced(client: Client, rate: int) -> tuple[list[float], list[str]]:
    """Records at an even rate; returns how long each call took, and the ids."""
    calls, ids = [], []
    begin = time.perf_counter()
    for number in range(rate * SECONDS):
        time.sleep(max(0.0, begin + number / rate - time.perf_counter()))
        called = time.perf_counter()
        ids.append(client.record("u-1", f"paced_{rate}", details=DETAILS) or "")
        calls.append(time.perf_counter() - called)
    return calls, ids


def cost(server: Livetrail) -> None:
    """CPU of the application for each activity, without a reader in the same process."""
    with Client(server.url, server.writer) as client:
        client.record("u-1", "first")
        client.flush()
        for rate in RATES:
            before = cpu()
            calls, _ = paced(client, rate)
            client.flush()
            each = (cpu() - before) / len(calls) * 1000
            print(
                f"{rate:>5}/s  {each:6.2f} ms CPU an activity, record() p50 {percentile(calls, 0.5):.3f} ms, "
                f"p99 {percentile(calls, 0.99):.3f} ms",
                flush=True,
            )
        before = cpu()
        for _ in range(BURST):
            client.record("u-1", "burst", details=DETAILS)
        client.flush(60)
        print(f"  burst  {(cpu() - before) / BURST * 1000:6.2f} ms CPU an activity", flush=True)


def delay(server: Livetrail, rate: int) -> None:
    """From `record()` to a reader of the stream."""
    recorded: dict[str, float] = {}
    seen: dict[str, float] = {}
    with Client(server.url, server.writer) as client:
        cursor = server.get("/api/admin/activity").json()["head_cursor"]

        def read() -> None:
            action = f"delay_{rate}"
            with closing(follow(server.url, server.viewer, last_event_id=cursor, action_filter=action)) as frames:
                for frame in frames:
                    seen[frame.data["id"]] = time.perf_counter()
                    if len(seen) == rate * SECONDS:
                        return

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        begin = time.perf_counter()
        for number in range(rate * SECONDS):
            time.sleep(max(0.0, begin + number / rate - time.perf_counter()))
            now = time.perf_counter()
            recorded[client.record("u-1", f"delay_{rate}", details=DETAILS) or ""] = now
        reader.join(60)
    delays = [seen[id_] - at for id_, at in recorded.items()]
    print(
        f"{rate:>5}/s  seen after p50 {percentile(delays, 0.5):.1f} ms, p99 {percentile(delays, 0.99):.1f} ms",
        flush=True,
    )


if __name__ == "__main__":
    print(f"Python {platform.python_version()}, {platform.machine()}, {SECONDS} s for each rate")
    with TemporaryDirectory() as folder:
        livetrail = Livetrail(Path(folder))
        try:
            cost(livetrail)
            for each_rate in RATES:
                delay(livetrail, each_rate)
        finally:
            livetrail.kill()
