"""No byte that is rendered depends on the processor: not on its instructions, nor on the last bit of a logarithm."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.processors import base_processor, features_beyond_base

RENDER = """
import hashlib, json, sys
from benchmark.environment import RESULTS
from benchmark.render import rendered
from benchmark.store import archive

files, parts = rendered(archive.read(RESULTS))
every = files | {f"README.md, {name}": text for name, text in parts.items()}
print(json.dumps({name: hashlib.sha256(text.encode()).hexdigest() for name, text in every.items()}))
"""
# As on a machine whose logarithms are all off in the last bit, also those that are exact everywhere else.
LAST_BIT = """
import numpy as np

def off(function):
    return lambda *args, **named: np.nextafter(function(*args, **named), np.inf)

for name in ("log10", "log", "exp"):
    setattr(np, name, off(getattr(np, name)))
"""


def rendered(code: str, environment: dict[str, str]) -> dict[str, str]:
    """Return the digest of everything that the committed records give, as another process makes it."""
    there = {name: value for name, value in os.environ.items() if name not in base_processor()} | environment
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=there, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def here() -> dict[str, str]:
    return rendered(RENDER, {})


@pytest.mark.results
@pytest.mark.parametrize(
    ("code", "environment"),
    [(RENDER, base_processor()), (LAST_BIT + RENDER, {})],
    ids=["plain processor", "other last bits"],
)
def test_the_committed_records_give_the_same_bytes(
    here: dict[str, str], code: str, environment: dict[str, str]
) -> None:
    there = rendered(code, environment)
    assert {"leaderboard.md", "leaderboard.csv", "index.html", "findings.md", "README.md, leaderboard"} <= there.keys()
    assert sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name)) == []


def test_the_plain_processor_has_none_of_the_faster_code() -> None:
    code = "from tests.processors import features_beyond_base; print(features_beyond_base())"
    there = os.environ | base_processor()
    # Warnings are errors: numpy would warn of a feature that is not there.
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=there, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def test_ci_checks_the_committed_files_on_both_processors() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "nox -s report -- --check" in script
    assert "tests/processors.py" in script
    done = subprocess.run(
        [sys.executable, Path("tests") / "processors.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == features_beyond_base()
