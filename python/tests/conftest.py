"""What tests share: the command line, the examples, and folders that two ways have written."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import clearway

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
# what a run took, which is another time each time
RUN_DATA = {"wall_s", "peak_rss_bytes"}


@pytest.fixture(scope="session")
def program() -> Callable[..., str]:
    """Runs the command line; what it says."""
    path = os.environ["CLEARWAY_PROGRAM"]

    def run(*args: object) -> str:
        done = subprocess.run([path, *map(str, args)], capture_output=True, text=True, check=False, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def one_road() -> clearway.Plan:
    """12,000 people on one road for 3,000 people/h that takes 10 min."""
    return clearway.plan(EXAMPLES / "one-road")


@pytest.fixture(scope="session")
def helsinki() -> clearway.Plan:
    """Central Helsinki, with closures, outlines and names."""
    return clearway.plan(EXAMPLES / "helsinki", routes_per_zone=1)


def without_run_data(name: str, data: bytes) -> Any:
    """A file without what a run took."""
    if not name.endswith(".json"):
        return data
    return json.loads(data, object_hook=lambda found: {key: found[key] for key in found if key not in RUN_DATA})


def written(folder: Path) -> dict[str, bytes]:
    """All files of a folder; the manifest, which has their digests, apart."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.name != "manifest.json"}


def assert_same(answer: clearway.Answer, folder: Path) -> None:
    """An answer is byte for byte what the command line has written, but for what the runs took."""
    ours, theirs = answer.files(), written(folder)
    assert sorted(ours) == sorted(theirs)
    for name in ours:
        if ours[name] != theirs[name]:
            assert without_run_data(name, ours[name]) == without_run_data(name, theirs[name]), name


def same_words(ours: object, theirs: str) -> bool:
    """Whether the command line has said the same, apart from where it has written it."""
    words = [line for line in str(ours).splitlines() if line.strip()]
    said = {line for line in theirs.splitlines()}
    return all(line in said for line in words) and bool(words)


def without_paths(text: str) -> str:
    """A text without the folders of this run."""
    return re.sub(r"/\S+", "PATH", text)
