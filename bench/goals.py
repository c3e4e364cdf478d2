#!/usr/bin/env python3
"""Sets what `bench/run` has measured, read as lines of JSON, against each other and against the goals.

What was measured in several rounds counts by its median. A row whose measurements are missing is left out: there are
rows for every kind of run.
"""

import json
import operator
import statistics
import sys
from collections.abc import Callable
from typing import NamedTuple

runs = [json.loads(line) for line in sys.stdin]


class Figure(NamedTuple):
    of: Callable[[dict], float]
    unit: str
    form: str = ",.2f"

    def median(self, label: str) -> float:
        """Raises StatisticsError where that was not measured."""
        return statistics.median(self.all(label))

    def all(self, label: str) -> list[float]:
        """One value of each round, in their order."""
        return [self.of(run) for run in runs if run["label"] == label]

    def text(self, value: float) -> str:
        return f"{value:{self.form}}{self.unit}"


EVENTS = Figure(lambda run: run["acked_per_second"], "/s", ",.0f")
ACK_P99 = Figure(lambda run: run["ack_ms"]["p99"], " ms", ".1f")
DELIVERIES = Figure(lambda run: run["deliveries_per_second"], "/s", ",.0f")
CPU = Figure(lambda run: run["cpu_us_per_delivery"], " µs")
P50 = Figure(lambda run: run["delivery_ms"]["p50"], " ms", ".1f")
P99 = Figure(lambda run: run["delivery_ms"]["p99"], " ms", ".1f")
# An acknowledgement is the commit and a way back as short as that of a delivery.
BEYOND_COMMIT = Figure(lambda run: run["delivery_ms"]["p50"] - run["ack_ms"]["p50"], " ms")
RESIDENT = Figure(lambda run: run["resident_kb_end"] / 1024, " MB", ".0f")
GROWTH = Figure(lambda run: run["resident_kb_end"] - run["resident_kb_idle"], " KB", ",.0f")
IDLE = Figure(lambda run: run["kb_per_idle_client"], " KB")
LIVE = Figure(lambda run: run["live_ms"] / 1000, " s", ".1f")

COMPARE = {"≥": operator.ge, "≤": operator.le, "=": operator.eq}


def row(what: str, goal: str, measured: Callable[[], tuple[float, str]]) -> None:
    """`goal` begins with a comparison and a number, or is empty where there is only something to know."""
    try:
        value, text = measured()
    except statistics.StatisticsError:
        return
    met = ""
    if goal:
        comparison, number, *_ = goal.split()
        met = "met" if COMPARE[comparison](value, float(number.replace(",", ""))) else "short"
    print(f"| {what} | {goal} | {text} | {met} |")


def value(what: str, goal: str, figure: Figure, label: str, at: Figure | None = None) -> None:
    def measured() -> tuple[float, str]:
        found = figure.median(label)
        return found, figure.text(found) + (f", at {at.text(at.median(label))}" if at else "")

    row(what, goal, measured)


def ratio(what: str, goal: str, figure: Figure, label: str, other: str) -> None:
    def measured() -> tuple[float, str]:
        ours, theirs = figure.median(label), figure.median(other)
        return ours / theirs, f"{ours / theirs:.2f} ({figure.text(ours)} against {figure.text(theirs)})"

    row(what, goal, measured)


def growth(what: str, goal: str, label: str, other: str, stopped: int) -> None:
    """What one stopped client adds to what the server's memory grows by anyway, in KB."""

    def measured() -> tuple[float, str]:
        ours, plain = GROWTH.median(label), GROWTH.median(other)
        each = (ours - plain) / stopped
        return each, f"{each:.2f} KB (all: {GROWTH.text(ours)} against {GROWTH.text(plain)})"

    row(what, goal, measured)


def spread(what: str, figure: Figure, label: str, other: str) -> None:
    """How far the ratios of the rounds lie apart: two measurements of one round are made one after the other."""

    def measured() -> tuple[float, str]:
        ratios = [ours / theirs for ours, theirs in zip(figure.all(label), figure.all(other), strict=True)]
        return statistics.median(ratios), f"{min(ratios):.2f} to {max(ratios):.2f}"

    row(what, "", measured)


def over_postgres() -> None:
    ratio(
        "single events, 64 connections: Livetrail / one INSERT a request",
        "≥ 20",
        EVENTS,
        "Livetrail: single, connections: 64",
        "One INSERT a request: single, connections: 64",
    )
    batches = "Livetrail: batches of 1,000, 2 connections"
    for rows in "1,000", "8,000":
        same, nine = (f"COPY, {table}: {rows} rows a transaction" for table in ("Livetrail's table", "nine indexes"))
        ratio(f"batches: Livetrail / {same}", "≥ 0.8", EVENTS, batches, same)
        ratio(f"batches: Livetrail / {nine}", "≥ 3.5", EVENTS, batches, nine)
        # Where this is short of a goal, nothing that stores by COPY can reach it.
        ratio(f"{same} / nine indexes", "", EVENTS, same, nine)
    beside = "Livetrail beside a second node: batches of 1,000, 2 connections"
    ratio("batches: beside a second node / alone", "", EVENTS, beside, batches)
    value("acknowledgement p99 at 2,000/s", "≤ 10 ms", ACK_P99, "Livetrail: single, 2,000/s, connections: 64", EVENTS)


def imports() -> None:
    for store, raw in ("SQLite", "rusqlite"), ("PostgreSQL", "COPY"):
        for how in "import", "import beside a server":
            what, label = f"{how} into {store}: Livetrail / {raw}", f"Livetrail over {store}: {how}"
            ratio(what, "≥ 0.7", EVENTS, label, raw)
            spread(f"{what}, lowest and highest round", EVENTS, label, raw)


def push() -> None:
    calm, fast = "1,000 clients, 50/s", "1,000 clients, 1,000/s"
    ratio(f"CPU per delivery, {calm}: Livetrail / nchan", "≤ 0.65", CPU, f"Livetrail: {calm}", f"nchan: {calm}")
    for load in fast, "1,000 clients, unpaced":
        value(f"{load}: delivered", "≥ 950,000 /s", DELIVERIES, f"Livetrail: {load}")
        value(f"{load}: CPU per delivery", "≤ 0.7 µs", CPU, f"Livetrail: {load}")
        value(f"{load}: publish to client, p99", "≤ 50 ms", P99, f"Livetrail: {load}")
        value(f"{load}: resident", "≤ 200 MB", RESIDENT, f"Livetrail: {load}")
    for load in "100 clients, 50/s", calm, fast:
        for name, figure in ("p50", P50), ("p99", P99):
            what = f"publish to client, {name}, {load}: Livetrail / durable-streams"
            ratio(what, "≤ 1", figure, f"Livetrail: {load}", f"durable-streams: {load}")
    value("1 client: publish to client beyond commit, p50", "≤ 1 ms", BEYOND_COMMIT, "Livetrail: 1 client, 20/s")
    value("memory per idle client in 10,000", "≤ 1 KB", IDLE, "Livetrail: 10,000 idle clients")
    for load in calm, fast:
        label = f"Livetrail: {load}, 100 filters"
        ratio(f"CPU per delivery, {load}: 100 filters / none", "≤ 1.2", CPU, label, f"Livetrail: {load}")
    label = f"Livetrail: {fast}, 53 more stopped"
    ratio(f"p99 of {fast}: 5 % more that stopped / none", "≤ 1.1", P99, label, f"Livetrail: {fast}")
    few = "Livetrail: 100 clients, 1,000/s"
    growth("memory that a stopped client adds", "≤ 1 KB", f"{few}, 1,000 more stopped", few, 1000)
    storm = "10,000 clients, 100 missed"
    value(f"{storm}: all live after", "≤ 5 s", LIVE, f"Livetrail: {storm}")
    ratio(f"{storm}: all live, Livetrail / nchan", "", LIVE, f"Livetrail: {storm}", f"nchan: {storm}")
    pushed = [run for run in runs if run["label"].startswith("Livetrail") and run.get("clients")]
    lost = sum(run.get(name, 0) for run in pushed for name in ("lost", "incomplete", "wrong"))
    if pushed:
        row("lost, or not as it was missed, in any measurement of Livetrail", "= 0", lambda: (lost, f"{lost:,}"))


print("| figure | goal | measured | |\n| --- | --- | --- | --- |")
over_postgres()
imports()
push()
