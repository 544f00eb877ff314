"""What tests share: everything registered, and a way to run the command line as a person would."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmark.catalogue import registry

ROOT = Path(__file__).resolve().parents[1]
PLUGINS = ROOT / "tests" / "plugins"

CommandLine = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def catalogue() -> registry.Catalogue:
    """Everything in the two rooms."""
    return registry.catalogue(entry for origin in registry.rooms() for entry in registry.describe(origin))


@pytest.fixture
def command_line() -> CommandLine:
    """Run `python -m benchmark ...` from the checkout and return how it ended."""

    def call(*words: object, **environment: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "benchmark", *map(str, words)]
        there = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **environment}
        return subprocess.run(command, cwd=ROOT, env=there, capture_output=True, text=True, check=False, timeout=240)

    return call
