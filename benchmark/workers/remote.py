"""What a process of a cluster does for a run: say what it is made of, and run calls, isolated as everywhere.

JSON in, JSON out, and no word of Dask. The process runs the code of its own checkout; so that this
decides no number, it states the digest of every source and the version of every package that does,
and the run refuses it when one differs (see `cluster`). Plugin files come with the run, by content.
"""

import base64
import hashlib
import importlib.util
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import cache
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from benchmark.catalogue.fingerprint import packages
from benchmark.catalogue.imports import sources
from benchmark.catalogue.registry import Origin
from benchmark.environment import CHECKOUT, environment, version
from benchmark.workers.calls import read
from benchmark.workers.isolation import Call, Limits, Outcome, Running
from benchmark.workers.server import preload

# To import every library that is imported beforehand, on a slow disk.
PROBE = Limits(seconds=120.0, memory_mib=4096)
_LOOK_SECONDS = 0.25
# No further call of a batch begins after this.
_LATE_SECONDS = 1.0
_MISSING = "none"
_DIGITS = 64
# Of one process's children, `multiprocessing` collects every one that has ended, in whatever thread.
_children = threading.Lock()


@cache
def _digest(file: Path) -> str:
    """Return the digest of a file as this process first saw it: a process that has imported it goes on with that."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def file_of(origin: Origin) -> Path | None:
    """Return the file of an origin in this checkout, None where there is none."""
    if origin.kind == "room":
        path = CHECKOUT / f"{origin.where.replace('.', '/')}.py"
    elif origin.kind == "file":
        path = Path(origin.where)
    else:
        try:
            spec = importlib.util.find_spec(origin.where)
        except ImportError:
            return None
        path = Path(spec.origin) if spec and spec.origin else Path()
    return path if path.is_file() else None


def make_of(origins: Iterable[Origin]) -> dict[str, str]:
    """Return what decides the numbers of tasks and models here: digests of files, versions of packages.

    Besides the files of the origins and of ours that they import, these are the files that run them.
    """
    engine = Path(__file__)
    files = {origin.title: file_of(origin) for origin in origins}
    found = [file for file in files.values() if file]
    made = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    made |= {title: _digest(file) if file else _MISSING for title, file in files.items()}
    ours = {path for file in (engine, *found) for path in sources(file) if CHECKOUT in path.parents}
    made |= {path.relative_to(CHECKOUT).as_posix(): _digest(path) for path in ours if path not in found}
    made |= {name: version(name) for file in found for name in packages(str(file))}
    return made


def differences(here: dict[str, str], there: dict[str, str]) -> list[str]:
    """Return in words what differs there from here; nothing where both make the same numbers."""
    said = []
    for name in sorted({*here, *there}):
        ours, theirs = here.get(name, _MISSING), there.get(name, _MISSING)
        if ours == theirs:
            continue
        if _MISSING in (ours, theirs):
            said.append(f"{name} is missing {'there' if theirs == _MISSING else 'here'}")
        else:
            said.append(f"{name} differs" if len(ours) == _DIGITS else f"{name} is {theirs} there and {ours} here")
    return said


def packed(origins: Iterable[Origin]) -> list[dict[str, str]]:
    """Return the origins, plugin files with their content, as they travel."""
    travelling = []
    for origin in origins:
        parcel = asdict(origin)
        if origin.kind == "file":
            parcel["content"] = base64.b64encode(Path(origin.where).read_bytes()).decode()
        travelling.append(parcel)
    return travelling


def _unpacked(parcel: dict[str, Any], folder: Path) -> Origin:
    """Return an origin as it is here; a plugin's file is laid out by its content, under the name it has."""
    if parcel["kind"] != "file":
        return Origin(parcel["kind"], parcel["where"])
    content = base64.b64decode(parcel["content"])
    path = folder / hashlib.sha256(content).hexdigest()[:16] / Path(parcel["where"]).name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all: another thread may be laying out the same.
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)
    return Origin("file", str(path))


def _relocated(value: Any, paths: dict[str, str]) -> Any:
    """Return JSON values with the plugin files of the run replaced by those laid out here."""
    if isinstance(value, dict):
        if value.get("kind") == "file" and value.get("where") in paths:
            return value | {"where": paths[value["where"]]}
        return {name: _relocated(each, paths) for name, each in value.items()}
    return [_relocated(each, paths) for each in value] if isinstance(value, list) else value


def _isolated(call: Call, limits: Limits, wanted: Callable[[], bool]) -> Outcome | None:
    """Return how a call ends in a process of its own, None when nobody wants to know any more."""
    with _children:
        running = Running(call, limits)
    while True:
        wait(running.waits_for, timeout=min(running.seconds_left, _LOOK_SECONDS))
        with _children:
            if running.look():
                return running.collect()
        if not wanted():
            with _children:
                running.kill()
            return None


class Remote:
    """This process as a run sees it: `probe` once, then `answer` any number of calls, several at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def probe(self, request: str) -> str:
        """Return what this process is made of and whether a call can be isolated in it, ready for calls."""
        asked = json.loads(request)
        origins = [_unpacked(parcel, self._folder) for parcel in asked["origins"]]
        made = make_of(origins)
        preload(asked["modules"])
        trouble = ""
        if not differences(asked["made"], made):
            try:
                first = Call("describe", Origin("room", "tasks.core"))
                outcome = _isolated(first, PROBE, lambda: True)
                trouble = outcome.reason if outcome else "no answer"
            except AssertionError as error:
                # What multiprocessing raises where the process is a daemon.
                trouble = f"{error}"
        files = [file for origin in origins if (file := file_of(origin))]
        names = tuple(sorted({name for file in files for name in packages(str(file))}))
        return json.dumps(
            {
                "made": made,
                "trouble": trouble,
                "environment": environment(names).model_dump(),
                "places": {
                    parcel["where"]: origin.where
                    for parcel, origin in zip(asked["origins"], origins, strict=True)
                    if origin.kind == "file"
                },
            }
        )

    def answer(self, request: str, wanted: Callable[[], bool]) -> str:
        """Return how each call of a batch ended, how long it took and what it printed.

        Null stands for a call that has not run: nobody wanted to know any more, or those before it were not as
        quick as they were thought to be.
        """
        asked = json.loads(request)
        said: list[dict[str, Any] | None] = []
        self._folder.mkdir(parents=True, exist_ok=True)
        start = time.monotonic()
        with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
            log = Path(scratch) / "output.log"
            for name, cell, limits in asked["calls"]:
                begin = time.monotonic()
                call = Call(name, read(json.dumps(_relocated(json.loads(cell), asked["places"]))), log)
                late = bool(said) and begin > start + _LATE_SECONDS
                outcome = None if late or not wanted() else _isolated(call, Limits(**limits), wanted)
                said.append(None if outcome is None else _said(outcome, log, time.monotonic() - begin))
        return json.dumps(said)


def _said(outcome: Outcome, log: Path, seconds: float) -> dict[str, Any]:
    return {
        "outcome": {"status": outcome.status, "reason": outcome.reason, "answer": outcome.answer},
        "seconds": seconds,
        # A call that printed nothing leaves no log.
        "output": log.read_text(encoding="utf-8", errors="replace") if log.exists() else "",
    }
