"""What tests share: everything registered, and a way to run the command line as a person would."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path

import pytest

from benchmark import cli
from benchmark.catalogue import imports, plugins, registry
from benchmark.catalogue.fingerprint import heavy_modules
from benchmark.workers import server
from benchmark.workers.isolation import Call, Limits
from benchmark.workers.pool import run_calls

ROOT = Path(__file__).resolve().parents[1]
PLUGINS = ROOT / "tests" / "plugins"

# What is started in the background ignores Ctrl-C, with all below it, and some of what tests start is stopped by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

CommandLine = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def catalogue() -> registry.Catalogue:
    """Everything in the two rooms."""
    return registry.catalogue(entry for origin in registry.rooms() for entry in registry.describe(origin))


@pytest.fixture(scope="session", autouse=True)
def rooms_once() -> Iterator[None]:
    """Have every command of this process find our own rooms described: what they hold is the same while it lives."""
    known = cache(registry.describe)

    def describe(origin: registry.Origin) -> tuple[registry.Entry, ...]:
        return known(origin) if origin.kind == "room" else registry.describe(origin)

    with pytest.MonkeyPatch.context() as here:
        here.setattr(plugins, "describe", describe)
        yield


# The servers of this process that have the libraries of all models.
_WITH_LIBRARIES: set[int] = set()


@pytest.fixture(scope="module")
def libraries(catalogue: registry.Catalogue) -> None:
    """Have cells forked from a process that has imported what any model of the project needs.

    Tests share a server. Whoever starts it names what it imports, and in the cells of all others that takes seconds.
    Looked at once a module: some tests end the server.
    """
    if server._server() not in _WITH_LIBRARIES:
        server._renounce_server()
        server.preload(heavy_modules(catalogue.models.values()))
        call = Call("describe", registry.Origin("room", "tasks.core"))
        with pytest.MonkeyPatch.context() as here:
            # As long as a test may take: a busy machine imports slowly.
            here.setattr(server, "_FIRST_SECONDS", 240.0)
            assert [outcome.status for _, outcome in run_calls([(0, call)], jobs=1, limits=Limits(240, 1024))] == ["ok"]
        _WITH_LIBRARIES.add(server._server() or 0)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let modules whose cells need all libraries come first: side by side they share a server."""
    items.sort(key=lambda item: "libraries" not in getattr(item, "fixturenames", ()))


@pytest.fixture
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no curves on boards, which is most of what a small run costs; tests of the pictures draw them."""
    monkeypatch.setattr("benchmark.show.rendering.draw_all", lambda boards, shelf: {})


@pytest.fixture
def process() -> CommandLine:
    """Run `python -m benchmark ...` from the checkout, in a process of its own, and return how it ended."""

    def call(*words: object, **environment: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "benchmark", *map(str, words)]
        there = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **environment}
        return subprocess.run(command, cwd=ROOT, env=there, capture_output=True, text=True, check=False, timeout=240)

    return call


@pytest.fixture
def command_line(monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Do what `python -m benchmark ...` does from the checkout, in this process: its start is most of what it costs."""

    def call(*words: object) -> "subprocess.CompletedProcess[str]":
        arguments = [str(word) for word in words]
        out, err = io.StringIO(), io.StringIO()
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        with monkeypatch.context() as here, redirect_stdout(out), redirect_stderr(err):
            here.setattr(sys, "argv", ["python -m benchmark", *arguments])
            here.chdir(ROOT)
            here.setenv("NO_COLOR", "1")
            here.setenv("COLUMNS", "200")
            # Every command sees files as they are when it begins.
            imports.forget()
            try:
                cli.main()
                code: object = 0
            except SystemExit as end:
                code = end.code
            finally:
                for number, handler in handlers.items():
                    signal.signal(number, handler)
        return subprocess.CompletedProcess(arguments, int(str(code or 0)), out.getvalue(), err.getvalue())

    return call
