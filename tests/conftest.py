"""What tests share: everything registered, and a way to run the command line as a person would."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmark import registry

ROOT = Path(__file__).resolve().parents[1]
PLUGINS = ROOT / "tests" / "plugins"

CommandLine = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def catalogue() -> registry.Catalogue:
    """Everything in the two rooms."""
    return registry.catalogue(entry for origin in registry.rooms() for entry in registry.describe(origin))


@pytest.fixture
def command_line(tmp_path: Path) -> CommandLine:
    """Run `python -m benchmark ...` in an empty folder and return how it ended."""

    def call(*words: object, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
        command = [sys.executable, "-m", "benchmark", *map(str, words)]
        return subprocess.run(
            command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=240
        )

    return call
