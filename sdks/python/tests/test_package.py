"""The package as it is published."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

FOLDER = Path(__file__).parents[1]


def build(source: Path, target: Path, kind: str) -> Path:
    python = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(target)]
    subprocess.run(python, cwd=source, check=True, capture_output=True, timeout=60)
    return next(target.glob("*.tar.gz" if kind == "sdist" else "*.whl"))


def test_a_wheel_made_of_the_source_archive_is_complete_and_works(tmp_path: Path) -> None:
    with tarfile.open(build(FOLDER, tmp_path, "sdist")) as archive:
        archive.extractall(tmp_path, filter="data")
    [source] = (path for path in tmp_path.iterdir() if path.is_dir())
    wheel = build(source, tmp_path, "wheel")
    names = ZipFile(wheel).namelist()
    assert "livetrail/py.typed" in names
    assert sorted(name.rpartition("/")[2] for name in names if "/licenses/" in name) == [
        "LICENSE-APACHE",
        "LICENSE-MIT",
    ]
    assert not [name for name in names if "tests" in name]
    program = "import livetrail, livetrail.asgi; print(livetrail.__file__)"
    python = [sys.executable, "-c", program]
    environment = {**os.environ, "PYTHONPATH": str(wheel)}
    result = subprocess.run(
        python, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert wheel.name in result.stdout
