"""The machine, the versions and the commit; names no host, no user and no path."""

import importlib.metadata
import os
import platform
import re
import socket
import subprocess
from functools import cache
from pathlib import Path

from benchmark.store.record import Environment

CHECKOUT = Path(__file__).resolve().parents[1]
# What is published and committed, and beside it what a run in this checkout keeps.
RESULTS = CHECKOUT / "results"
LOCAL = RESULTS / "local"
QUICK_RESULTS = CHECKOUT / "results-quick"
THREADS = 1
# One thread a process, as many processes as cores: set before numpy is imported anywhere.
ONE_THREAD = {name: str(THREADS) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    if platform.system() == "Darwin":
        command = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return platform.processor() or "unknown processor"


def _git(*words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(CHECKOUT), *words], capture_output=True, text=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


@cache
def machine() -> str:
    """Return processor, architecture and system: seconds of different machines are never compared."""
    return f"{_processor()}, {platform.machine()}, {platform.system()}"


@cache
def instructions() -> str:
    """Return the best instructions of this processor that numpy has code for: they decide last bits."""
    # Here, since a report needs no more of numpy than pandas does.
    import numpy

    found: list[str] = numpy.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return found[-1] if found else "baseline"


def commit() -> str | None:
    """Return the commit that is checked out, None where git does not say."""
    return _commit()[0]


@cache
def _commit() -> tuple[str | None, bool | None]:
    commit = _git("rev-parse", "HEAD")
    # What a run writes itself does not make the tree modified.
    status = _git("status", "--porcelain", "--", ".", ":!results", ":!README.md")
    return commit, None if status is None else bool(status)


@cache
def _said_by(distribution: str) -> importlib.metadata.PackageMetadata:
    """Return what a distribution says of itself; with its description that takes milliseconds to read.

    Raises:
        PackageNotFoundError: there is no such one.
    """
    return importlib.metadata.metadata(distribution)


@cache
def version(distribution: str) -> str:
    """Return the installed version of a distribution, or "none"."""
    try:
        return _said_by(distribution)["Version"]
    except importlib.metadata.PackageNotFoundError:
        return "none"


@cache
def distribution_of(module: str) -> str | None:
    """Return the distribution that a top-level module comes from, or None for the standard library."""
    try:
        return _said_by(module)["Name"].lower()
    except importlib.metadata.PackageNotFoundError:
        pass
    # The first that `importlib.metadata.packages_distributions` would name, which reads all there is of each.
    first = next((each for each in importlib.metadata.distributions() if module in _top_modules(each)), None)
    return None if first is None else str(first.metadata["Name"]).lower()


def _top_modules(distribution: importlib.metadata.Distribution) -> set[str]:
    """Return the top-level modules of a distribution: as it declares them, or else by the files that it installed."""
    if declared := (distribution.read_text("top_level.txt") or "").split():
        return set(declared)
    files = [line.partition(",")[0] for line in (distribution.read_text("RECORD") or "").splitlines()]
    return {name.partition("/")[0].removesuffix(".py") for name in files if name.endswith(".py")}


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def _required(distribution: str) -> frozenset[str]:
    """Return the installed distributions that one requires by itself, with none of its extras."""
    try:
        lines = _said_by(distribution).get_all("Requires-Dist") or []
    except importlib.metadata.PackageNotFoundError:
        return frozenset()
    named = (match[0] for line in lines if "extra ==" not in line and (match := _NAME.match(line)))
    return frozenset(_said_by(name)["Name"].lower() for name in named if version(name) != "none")


@cache
def computing(distribution: str) -> frozenset[str]:
    """Return what a distribution requires that requires numpy itself, and what that requires: what computes for it."""
    found: set[str] = set()
    waiting = [distribution]
    while waiting:
        required = _required(waiting.pop())
        new = {name for name in required if name == "numpy" or "numpy" in _required(name)} - found
        found |= new
        waiting += sorted(new)
    return frozenset(found - {distribution})


# A root, a folder and what follows; not the rest of a relative path, of a fraction or of an address.
_PATH = re.compile(r"(?<![\w.:/~-])/(?:[^\s/'\":,;()<>]+/)+([^\s/'\":,;()<>]*)")
_WORDS = 1000


def _valid(text: object) -> str:
    return " ".join(str(text)[: 2 * _WORDS].encode("utf-8", "replace").decode("utf-8").split())


def plain(text: object) -> str:
    """Return a setting as it may stand in a record: valid and short, and else as it is."""
    return _valid(text)[:_WORDS]


def public(text: object) -> str:
    """Return a reason or a note as it may stand in a record: valid, short, without paths or the name of this host."""
    valid = _valid(text)
    host = socket.gethostname()
    # A number is no name: it would take the figures out of every sentence.
    if host and not host.isdigit():
        valid = re.sub(rf"(?<![\w.-]){re.escape(host)}(?![\w-])", "this host", valid)
    return _PATH.sub(r"\1", valid)[:_WORDS]


def environment(distributions: tuple[str, ...]) -> Environment:
    """Return where we are, with the versions of Python and of the given distributions."""
    commit, modified = _commit()
    versions = {"python": platform.python_version()} | {name: version(name) for name in distributions}
    return Environment(
        machine=machine(),
        cores=os.cpu_count() or 1,
        threads=THREADS,
        versions=versions,
        commit=commit,
        modified=modified,
        instructions=instructions(),
    )
