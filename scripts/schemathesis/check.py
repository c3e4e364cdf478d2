"""Starts a private server and lets schemathesis call everything that its OpenAPI document describes, once as each role.

The inputs are the same in every run. What is checked: no 5xx, and every answer has a status, a content type and a body that the
document names. Streams have no end, so that they are left out; the tests of the API have them.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BINARY = os.environ["LIVETRAIL_BINARY"]
SCHEMATHESIS = Path(sys.executable).with_name("st")
ROLES = ("writer", "viewer", "auditor", "admin")
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
# Most of what a role must not do is refused before the input is read, so that only an admin has every case.
PHASES = {"admin": "examples,coverage,fuzzing"}
STREAMS = r"/(stream|ws|activity-stream|activity-ws)$"
STARTED = re.compile(r"listening on (http://[^/\s]+)")
PATIENCE_SECONDS = 30


def without_settings() -> dict[str, str]:
    """The environment without a developer's own settings, which could name a real database."""
    ours = ("LIVETRAIL_", "DATABASE_URL", "JWT_SECRET_KEY")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def start(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    log = folder / "log"
    command = [BINARY, "serve", "--listen", "127.0.0.1:0", "--data-dir", str(folder / "data"), "--text-search"]
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, env=without_settings())
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if found := STARTED.search(log.read_text(errors="replace")):
            return server, found[1]
        time.sleep(0.05)
    server.kill()
    sys.exit(f"the server does not start:\n{log.read_text(errors='replace')}")


def make_key(folder: Path, role: str) -> str:
    command = [BINARY, "key", "create", "--role", role, "--name", role, "--data-dir", str(folder / "data")]
    made = subprocess.run(command, check=True, capture_output=True, text=True, env=without_settings())
    return made.stdout.strip()


def check(address: str, role: str, key: str, examples: int) -> bool:
    """Whether every answer to this key is as the document says."""
    command = [
        *(str(SCHEMATHESIS), "run", f"{address}/openapi.json", "--url", address, "--no-color"),
        *("--header", f"Authorization: Bearer {key}", "--checks", ",".join(CHECKS)),
        *("--phases", PHASES.get(role, "fuzzing"), "--mode", "all", "--max-examples", str(examples)),
        *("--generation-deterministic", "--no-shrink"),
        *("--exclude-path-regex", STREAMS, "--request-timeout", "10", "--warnings", "off"),
        *("--suppress-health-check", "all", "--workers", "1", "--continue-on-failure"),
    ]
    environment = {**without_settings(), "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(Path(__file__).parent)}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stdout, done.stderr, sep="\n")
    return done.returncode == 0


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--examples", type=int, default=12, help="inputs of each call and role that are made at random")
    arguments.add_argument("--role", action="append", choices=ROLES)
    given = arguments.parse_args()
    failed = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server, address = start(folder)
        try:
            for role in given.role or ROLES:
                began = time.monotonic()
                passed = check(address, role, make_key(folder, role), given.examples)
                print(f"openapi: {role}: {'passed' if passed else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True)
                if not passed:
                    failed.append(role)
            if server.poll() is not None:
                print((folder / "log").read_text(errors="replace")[-4000:])
                failed.append("the server has ended")
        finally:
            server.terminate()
            server.wait()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
