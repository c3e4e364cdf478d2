"""How many rows a second COPY brings into a table, with nothing in its way but the server.

The rows are those that Livetrail has stored from the generator's events. They are read once, in the binary format, and
sent again as they are, so that nothing is encoded while the clock runs. Prints a line of JSON as `load run` does.
"""

import argparse
import itertools
import json
import os
import statistics
import time
from pathlib import Path

import psycopg

# PostgreSQL's documentation of COPY, "Binary Format": the signature, no flags, no extension; and the trailer.
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"


def columns_of(target: psycopg.Connection) -> str:
    sql = """SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute
             WHERE attrelid = 'activity_logs'::regclass AND attnum > 0"""
    return target.execute(sql).fetchone()[0]


def read(source: str, columns: str) -> tuple[memoryview, list[int]]:
    """The rows of the first partition of a log, one after the other, and where each of them ends."""
    data, ends = bytearray(), []
    rows = f"SELECT {columns} FROM activity_logs WHERE position BETWEEN 1 AND 1000000 ORDER BY position"
    sql = f"COPY ({rows}) TO STDOUT (FORMAT binary)"
    with psycopg.connect(source) as connection, connection.cursor().copy(sql) as copy:
        # The server sends a message for each row, the header with the first one, the trailer by itself.
        for message in copy:
            data += message
            ends.append(len(data))
    return memoryview(data), ends[:-1]


def cpu_seconds(pid: str) -> float:
    """The CPU time of a process and its children, those that have ended among them, as `load run --pid` counts it."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # It has ended since it was listed.
        if pid in (process.name, fields[1]):
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def send(target: psycopg.Connection, columns: str, data: memoryview, ends: list[int], options) -> dict:
    """Copies the rows in transactions of some, until there are no more or the time is over."""
    statement = f"COPY activity_logs ({columns}) FROM STDIN (FORMAT binary)"
    bounds = [len(HEADER), *ends[options.rows - 1 :: options.rows]]
    target.execute("TRUNCATE activity_logs")
    target.execute("CHECKPOINT")
    took = []
    cpu, begin = cpu_seconds(options.pid), time.perf_counter()
    for first, last in itertools.pairwise(bounds):
        start = time.perf_counter()
        if start - begin > options.secs:
            break
        with target.cursor().copy(statement) as copy:
            copy.write(HEADER)
            copy.write(data[first:last])
            copy.write(TRAILER)
        took.append((time.perf_counter() - start) * 1000)
    seconds, copied = time.perf_counter() - begin, len(took) * options.rows
    quantiles = statistics.quantiles(took, n=100, method="inclusive")
    return {
        "label": options.label,
        "acked": copied,
        "acked_per_second": copied / seconds,
        "ack_ms": {"p50": quantiles[49], "p99": quantiles[98], "max": max(took)},
        "cpu_us_per_event": round((cpu_seconds(options.pid) - cpu) * 1e6 / copied, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", required=True, help="address of the database that Livetrail has filled")
    parser.add_argument("--target", required=True, help="address of the database that is emptied and filled")
    parser.add_argument("--rows", required=True, type=int, help="rows of one transaction")
    parser.add_argument("--secs", required=True, type=float, help="how long to copy at most")
    parser.add_argument("--pid", required=True, help="the server's main process")
    parser.add_argument("--label", required=True, help="a name for the line")
    options = parser.parse_args()
    with psycopg.connect(options.target, autocommit=True) as target:
        columns = columns_of(target)
        print(json.dumps(send(target, columns, *read(options.source, columns), options)))


if __name__ == "__main__":
    main()
