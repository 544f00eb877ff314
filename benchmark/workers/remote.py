"""What a worker of a cluster does for a run: greet it, and run calls, isolated as everywhere.

A worker runs the code of its own checkout. So that this decides no number, it says of each task and model what an
observation on practice depends on here, and practises what differs before it is given a cell (see `cluster`). Plugin
files come with the run, by content.
"""

import base64
import hashlib
import importlib.util
import json
import tempfile
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from benchmark.catalogue import fingerprint
from benchmark.catalogue.imports import content
from benchmark.catalogue.registry import Entry, Origin
from benchmark.environment import CHECKOUT, environment
from benchmark.errors import PluginError
from benchmark.workers.calls import read
from benchmark.workers.isolation import Call, Limits, Outcome, Running
from benchmark.workers.server import preload

# To import every library that is imported beforehand, on a slow disk.
_FIRST = Limits(seconds=120.0, memory_mib=4096)
_LOOK_SECONDS = 0.25
# Of one process's children, `multiprocessing` collects every one that has ended, in whatever thread.
_children = threading.Lock()


def greeting(run: str, kit: str, source: str) -> Any:
    """Return the plugin by which every worker, also one that joins late, greets a run by an event.

    It travels as `source`, the text of this function: a worker without a checkout, or with another Python, can then
    still say so.
    """
    import importlib
    import threading

    from distributed import WorkerPlugin

    class Greeting(WorkerPlugin):  # type: ignore[misc]
        name = run

        def __reduce__(self) -> Any:
            space = {"Any": object, "run": run, "kit": kit, "source": source}
            return eval, ("exec(source) or greeting(run, kit, source)", space)

        def setup(self, worker: Any) -> None:
            # Dask waits for this one, and the import of all libraries takes seconds.
            threading.Thread(target=self.greet, args=(worker,), daemon=True).start()

        def greet(self, worker: Any) -> None:
            said = {"address": worker.address, "name": str(worker.name), "threads": worker.state.nthreads}
            said |= {"process": worker.id, "trouble": ""}
            try:
                there = importlib.import_module("benchmark.workers.remote")
                said |= there.greet(run, kit, worker)
            except ImportError:
                said["trouble"] = "it finds no checkout of this benchmark; start it in one, by `python -m dask worker`"
            except Exception as error:
                said["trouble"] = f"it cannot be set up: {type(error).__name__}: {error}"
            worker.log_event(run, said)

    return Greeting()


def key_of(entry: Entry) -> str:
    """Return what an observation of a task or a model depends on here, "" where its files cannot be read."""
    try:
        return fingerprint.of(entry)
    except PluginError:
        return ""


def packed(entries: Iterable[Entry], modules: Iterable[str]) -> str:
    """Return tasks and models as they travel: plugin files with their content, and what to import beforehand."""
    parcels, files, packages = [], dict[str, str](), set[str]()
    for entry in entries:
        named = {"kind": entry.kind, "name": entry.name, "version": entry.version}
        parcels.append({**named, "origin": asdict(entry.origin)})
        packages |= {*fingerprint.packages(entry.file)}
        if entry.origin.kind == "file":
            files[entry.file] = base64.b64encode(content(Path(entry.file))).decode()
    return json.dumps({"parcels": parcels, "files": files, "packages": sorted(packages), "modules": [*modules]})


def _laid_out(name: str, content: bytes, folder: Path) -> str:
    """Return where a plugin's file is laid out by its content, under the name it has."""
    path = folder / hashlib.sha256(content).hexdigest()[:16] / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all: another thread may be laying out the same.
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)
    return str(path)


def _file_of(origin: Origin) -> Path:
    """Return where the file of an origin is in this checkout, or would be."""
    if origin.kind != "distribution":
        return CHECKOUT / f"{origin.where.replace('.', '/')}.py" if origin.kind == "room" else Path(origin.where)
    try:
        spec = importlib.util.find_spec(origin.where)
    except ImportError:
        spec = None
    return Path(spec.origin if spec and spec.origin else origin.where)


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
                running.kill()
                return None


def _trouble() -> str:
    """Return why no call can be isolated in this process; "" when one can."""
    try:
        first = Call("describe", Origin("room", "tasks.core"))
        outcome = _isolated(first, _FIRST, lambda: True)
    except AssertionError as error:
        # What multiprocessing raises where the process is a daemon.
        return (
            f"cells cannot be isolated in it ({error}); start it with --no-nanny, or with "
            "DASK_DISTRIBUTED__WORKER__DAEMON=False in its environment"
        )
    return f"cells cannot be isolated in it: {outcome.reason}" if outcome and outcome.reason else ""


class Remote:
    """This process as a run sees it."""

    def __init__(self, kit: str, folder: Path) -> None:
        """Lay out the plugin files below `folder`, and get ready for calls."""
        asked = json.loads(kit)
        self._folder = folder
        self._paths = {
            where: _laid_out(Path(where).name, base64.b64decode(content), folder)
            for where, content in asked["files"].items()
        }
        self._keys: dict[str, str] = {}
        for parcel in asked["parcels"]:
            origin = Origin(**_relocated(parcel["origin"], self._paths))
            here = {"origin": origin, "file": str(_file_of(origin)), "title": "", "source": "", "tags": ()}
            self._keys[f"{parcel['kind']} {parcel['name']}"] = key_of(Entry(**parcel | here))
        self._environment = environment(tuple(asked["packages"])).model_dump()
        preload(asked["modules"])

    def greet(self) -> dict[str, Any]:
        """Return what this process is, and why it cannot run cells, "" when it can."""
        return {"keys": self._keys, "environment": self._environment, "trouble": _trouble()}

    def answer(self, request: str, wanted: Callable[[], bool]) -> dict[str, Any] | None:
        """Return how a call ended and what it printed, None when nobody wants to know any more."""
        name, subject, limits = json.loads(request)
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
            log = Path(scratch) / "output.log"
            call = Call(name, read(name, _relocated(subject, self._paths)), log)
            outcome = _isolated(call, Limits(**limits), wanted) if wanted() else None
            if outcome is None:
                return None
            # A call that printed nothing leaves no log.
            output = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
            said = {"status": outcome.status, "reason": outcome.reason, "answer": outcome.answer}
            return {"outcome": said, "output": output}


_remotes: dict[str, Remote] = {}


def greet(run: str, kit: str, worker: Any) -> dict[str, Any]:
    """Get a worker ready for a run, and return what it says of itself."""
    _remotes[run] = Remote(kit, Path(worker.local_directory) / "fnbench")
    return _remotes[run].greet()


def answer(run: str, request: str) -> str:
    """Answer a call of a run on this worker: what Dask is asked to run."""
    from distributed import Status, get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def wanted() -> bool:
        task = worker.state.tasks.get(key)
        ending = worker.status in (Status.closing, Status.closed, Status.failed)
        return not ending and task is not None and task.state == "executing"

    # A process that has taken the address of another one may have greeted nobody yet.
    said = _remotes[run].answer(request, wanted) if run in _remotes else None
    return json.dumps({"process": worker.id, "said": said})
