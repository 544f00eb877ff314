"""What a worker of a cluster does for a run: get ready for it, and run calls, isolated as everywhere.

A worker runs the code of its own checkout. So that this decides no number, it practises every task and model whose
files, packages or processor are others here than where the run is. Plugin files come with the run, by content.
"""

import hashlib
import importlib.util
import pickle
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from pathlib import Path

from benchmark.catalogue import fingerprint
from benchmark.catalogue.imports import content
from benchmark.catalogue.registry import Entry, Origin
from benchmark.cell.outcome import CellSpec
from benchmark.environment import CHECKOUT, environment
from benchmark.errors import ClusterError, PluginError
from benchmark.store.record import Environment
from benchmark.workers.calls import Subject
from benchmark.workers.isolation import Call, Limits, Outcome, Running
from benchmark.workers.server import preload

# Where a call has no limits of its own: to import every library that is imported beforehand, on a slow disk.
_LIMITS = Limits(seconds=120.0, memory_mib=4096)
_LOOK_SECONDS = 0.25
# Of one process's children, `multiprocessing` collects every one that has ended, in whatever thread.
_children = threading.Lock()

Wanted = Callable[[], bool]
# The environment of a worker that can run calls, and the outcome of what was practised there by its place in the kit.
Ready = tuple[Environment, dict[int, Outcome]]
# How a call ended, and what it printed.
Answer = tuple[Outcome, str]


@dataclass(frozen=True)
class Kit:
    """What a worker needs for a run.

    `practice` are the tasks and models, each with the call that observes it and what that depends on where the run is.
    `files` are those of plugins, by their paths there; `modules` are imported beforehand.
    """

    practice: tuple[tuple[Entry, Call, str], ...]
    files: Mapping[str, bytes]
    packages: tuple[str, ...]
    modules: tuple[str, ...]


def _key_of(entry: Entry) -> str:
    """Return what an observation of a task or a model depends on here, "" where its files cannot be read."""
    try:
        return fingerprint.of(entry)
    except PluginError:
        return ""


def kit_of(practice: Iterable[tuple[Entry, Call]], modules: Iterable[str]) -> Kit:
    """Return what a worker needs for the calls of these tasks and models."""
    known = [(entry, call, _key_of(entry)) for entry, call in practice]
    files = {entry.file: content(Path(entry.file)) for entry, _, _ in known if entry.origin.kind == "file"}
    packages = {name for entry, _, _ in known for name in fingerprint.packages(entry.file)}
    return Kit(tuple(known), files, tuple(sorted(packages)), tuple(modules))


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


def _file_of(origin: Origin) -> str:
    """Return where the file of an origin is in this checkout, or would be."""
    if origin.kind == "room":
        return str(CHECKOUT / f"{origin.where.replace('.', '/')}.py")
    try:
        spec = importlib.util.find_spec(origin.where) if origin.kind == "distribution" else None
    except ImportError:
        spec = None
    return spec.origin if spec and spec.origin else origin.where


def _isolated(call: Call, wanted: Wanted) -> Outcome | None:
    """Return how a call ends in a process of its own, None when nobody wants to know any more."""
    with _children:
        running = Running(call, _LIMITS)
    while True:
        wait(running.waits_for, timeout=min(running.seconds_left, _LOOK_SECONDS))
        with _children:
            if running.look():
                return running.collect()
            if not wanted():
                running.kill()
                return None


def _check_isolation(wanted: Wanted) -> None:
    """Refuse to run calls in a process in which none can be isolated."""
    try:
        outcome = _isolated(Call("describe", Origin("room", "tasks.core")), wanted)
    except AssertionError as error:
        # What multiprocessing raises where the process is a daemon.
        raise ClusterError(
            f"cells cannot be isolated in it ({error}); start it with --no-nanny, or with "
            "DASK_DISTRIBUTED__WORKER__DAEMON=False in its environment"
        ) from error
    if outcome and outcome.reason:
        raise ClusterError(f"cells cannot be isolated in it: {outcome.reason}")


class Remote:
    """This process as a run sees it."""

    def __init__(self, kit: Kit, folder: Path) -> None:
        """Lay out the plugin files below `folder`, and get ready for calls."""
        self._kit, self._folder = kit, folder
        self._paths = {where: _laid_out(Path(where).name, file, folder) for where, file in kit.files.items()}
        preload(kit.modules)

    def greet(self, wanted: Wanted, *, threads: int) -> Ready:
        """Practise what depends on something else here, some at a time.

        Raises:
            ClusterError: no call can be isolated in this process.
        """
        _check_isolation(wanted)
        other = {
            place: replace(call, subject=self._here(entry))
            for place, (entry, call, key) in enumerate(self._kit.practice)
            if not key or _key_of(self._here(entry)) != key
        }
        with ThreadPoolExecutor(threads) as pool:
            ended = zip(other, pool.map(lambda call: _isolated(call, wanted), other.values()), strict=True)
            practised = {place: outcome for place, outcome in ended if outcome}
        return environment(self._kit.packages), practised

    def answer(self, call: Call, wanted: Wanted) -> Answer | None:
        """Return how a call ended and what it printed, None when nobody wants to know any more."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
            log = Path(scratch) / "output.log"
            outcome = _isolated(replace(call, subject=self._of(call.subject), log=log), wanted) if wanted() else None
            # A call that printed nothing leaves no log.
            output = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        return (outcome, output) if outcome else None

    def _origin(self, origin: Origin) -> Origin:
        return replace(origin, where=self._paths.get(origin.where, origin.where))

    def _here(self, entry: Entry) -> Entry:
        """Return a task or model of the run as it is found here."""
        origin = self._origin(entry.origin)
        return replace(entry, origin=origin, file=_file_of(origin))

    def _of(self, subject: Subject) -> Subject:
        if isinstance(subject, CellSpec):
            task, model = self._origin(subject.task_origin), self._origin(subject.model_origin)
            return replace(subject, task_origin=task, model_origin=model)
        return self._here(subject) if isinstance(subject, Entry) else self._origin(subject)


_remotes: dict[str, Remote] = {}


def serve(run: str, request: bytes) -> Ready | Answer | None:
    """Get ready for a run, or run a call of it: what Dask is asked to run on this worker."""
    from distributed import Status, get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def wanted() -> bool:
        task = worker.state.tasks.get(key)
        ending = worker.status in (Status.closing, Status.closed, Status.failed)
        return not ending and task is not None and task.state == "executing"

    # From whoever can have a worker run any code.
    asked: Kit | Call = pickle.loads(request)  # noqa: S301
    if isinstance(asked, Kit):
        _remotes[run] = Remote(asked, Path(worker.local_directory) / "fnbench")
        return _remotes[run].greet(wanted, threads=worker.state.nthreads)
    # A process that has taken the address of another one has greeted nobody yet.
    return _remotes[run].answer(asked, wanted) if run in _remotes else None
