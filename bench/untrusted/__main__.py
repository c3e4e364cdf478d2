"""What clients that are not to be trusted can make a server spend: goals S1 to S4, for one program, as Markdown.

python3 bench/untrusted --binary target/release/livetrail
python3 bench/untrusted --binary …/before --only S1,S3
"""

import argparse
from pathlib import Path

import audit
import credential
import refusals
import secrets_kept
from server import raise_open_files

CORPUS = Path(__file__).parents[2] / "sdks/contract/redaction.json"
GOALS = ("S1", "S2", "S3", "S4")


def show(title: str, heading: str, rows: list[tuple]) -> None:
    columns = heading.split(" | ")
    print(f"\n### {title}\n\n| {heading} |\n|{' --- |' * len(columns)}")
    for row in rows:
        print("|", " | ".join(map(str, row[: len(columns)])), "|", flush=True)


def secrets_table(rows: list[tuple], is_shown: bool) -> None:
    show("S4: secrets found (goal: 0)", "place | posted | stored | in the data folder | in the log", rows)
    total = [sum(row[column] for row in rows) for column in range(1, 5)]
    print("| all |", " | ".join(map(str, total)), "|")
    if is_shown:
        print("\n".join(f"{row[0]}: {row[5]!r}" for row in rows if len(row) > 5))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binary", required=True, help="the program to measure")
    arguments.add_argument("--only", default=",".join(GOALS), help="goals, separated by commas")
    arguments.add_argument(
        "--rows",
        type=int,
        default=200_000,
        help="S2: rows of the log that is read (half as many again are the attacker's)",
    )
    arguments.add_argument("--secs", type=float, default=10, help="S2: how long each attack lasts")
    arguments.add_argument("--corpus", type=Path, default=CORPUS, help="S4: cases of what is redacted")
    arguments.add_argument("--show", action="store_true", help="S4: print a secret of each place that has any")
    given = arguments.parse_args()
    raise_open_files()
    goals = given.only.upper().split(",")
    if "S1" in goals:
        heading = "request | over | ms CPU | answers"
        show("S1: CPU of a refusal, mean of 1,000 (goal: 1 ms)", heading, refusals.cost_of_refusals(given.binary))
        heading = "1,000 connections | KiB each at the peak | KiB each after 1.5 s | not opened"
        show(
            "S1: resident memory of an open connection (goal: 64 KiB)",
            heading,
            refusals.growth_per_connection(given.binary),
        )
    if "S2" in goals:
        rows = credential.measure(given.binary, given.rows, given.secs)
        heading = "one credential has | MB more at the peak | get | list | write | server runs"
        show(
            "S2: another credential's p50 / p99 / max in ms (goals: 64 MB, reads +50 ms, writes 250 ms)", heading, rows
        )
    if "S3" in goals:
        show("S3: rows of refusals (goal: 60 a minute)", "requests | s | rows a minute", audit.measure(given.binary))
    if "S4" in goals:
        secrets_table(secrets_kept.measure(given.binary, given.corpus), given.show)


if __name__ == "__main__":
    main()
