#!/usr/bin/env python3
"""Sets the lines of JSON that `bench/run --postgres` has measured against each other and against the goals."""

import json
import sys

runs = {run["label"]: run for run in map(json.loads, sys.stdin)}


def rate(label: str) -> float:
    return runs[label]["acked_per_second"]


def compare(what: str, label: str, other: str, goal: float | None = None) -> None:
    """How many times another's events a second."""
    times = rate(label) / rate(other)
    row(what, goal and f"≥ {goal:g}", f"{times:.2f} ({rate(label):,.0f} against {rate(other):,.0f})", goal and times >= goal)


def row(what: str, goal: str | None, measured: str, met: bool | None) -> None:
    print(f"| {what} | {goal or ''} | {measured} | {'' if met is None else 'met' if met else 'short'} |")


print("| ratio | goal | measured | |\n| --- | --- | --- | --- |")
compare(
    "single events, 64 connections: Livetrail / one INSERT a request",
    "Livetrail: single, connections: 64",
    "One INSERT a request: single, connections: 64",
    20,
)
BATCHES = "Livetrail: batches of 1,000, 2 connections"
for table, goal in ("Livetrail's table", 0.8), ("nine indexes", 3.5):
    for rows in "1,000", "8,000":
        copy = f"COPY, {table}: {rows} rows a transaction"
        compare(f"batches: Livetrail / {copy}", BATCHES, copy, goal)
compare("batches: with a second node / alone", "Livetrail, a second node listens: batches of 1,000, 2 connections", BATCHES)
paced = runs["Livetrail: single, 2,000/s, connections: 64"]
p99, held = paced["ack_ms"]["p99"], paced["acked_per_second"]
row("acknowledgement p99 at 2,000/s", "≤ 10 ms", f"{p99:.1f} ms, at {held:,.0f}/s", p99 <= 10)
