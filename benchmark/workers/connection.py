"""The connection to a Dask scheduler: which workers there are, what they are sent, what comes back.

The only file that knows Dask, an optional dependency, which is imported when a connection is opened.
Every request goes to the worker it names; Dask moves strings of JSON, never an object, and decides nothing.
"""

import contextlib
import json
import logging
import re
import signal
import sys
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, Literal

from benchmark.errors import ClusterError, UsageError
from benchmark.workers.remote import Remote

LOCAL = "local"
Step = Literal["probe", "answer"]
_ADDRESS = re.compile(r"[a-z]+://[^/\s]+:\d+")
# Dask unpickles a function in the scheduler, which need not have a checkout, and a worker that finds none dies of it.
# Of this text it is the task that fails, with an ImportError that comes back.
_RUN = "__import__('importlib').import_module('benchmark.workers.connection').on_worker(step, request)"
_SILENT = logging.CRITICAL + 1
_CONNECT_SECONDS, _CLOSE_SECONDS = 10.0, 1.0


def check_address(address: str) -> None:
    """Refuse what is no address.

    Raises:
        UsageError: with what is allowed.
    """
    if address != LOCAL and not _ADDRESS.fullmatch(address):
        raise UsageError(
            f"--cluster must be {LOCAL!r} or the address of a Dask scheduler such as 'tcp://host:8786', got {address!r}"
        )


@cache
def _remote(folder: str) -> Remote:
    return Remote(Path(folder) / "fnbench")


def on_worker(step: Step, request: str) -> str:
    """Probe this worker, or answer a call on it: what Dask is asked to run, by `_RUN`."""
    from distributed import Status, get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def wanted() -> bool:
        task = worker.state.tasks.get(key)
        ending = worker.status in (Status.closing, Status.closed, Status.failed)
        return not ending and task is not None and task.state == "executing"

    remote = _remote(worker.local_directory)
    said = remote.probe(request) if step == "probe" else remote.answer(request, wanted)
    return json.dumps({"worker": worker.id, "said": said})


@dataclass(frozen=True)
class Answer:
    """What came back for a request: what the worker with this identity said, or why nothing did.

    A worker's identity is new with each of its processes. `error` is None when the request was merely lost.
    """

    request: str
    worker: str = ""
    said: str = ""
    error: BaseException | None = None


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Have what is started meanwhile ignore Ctrl-C, which a terminal sends to all: its end is for us to bring about.

    Threads and processes have the mask of those that start them.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_silent_tracker() -> None:
    """Start Python's tracker of semaphores so that it removes without a word what workers leave that are ended."""
    # It is given the filters of the process that starts it, and no other.
    silent = "ignore:resource_tracker:UserWarning"
    sys.warnoptions.append(silent)
    try:
        resource_tracker.ensure_running()
    finally:
        sys.warnoptions.remove(silent)


class Connection:
    """A client of a scheduler, or of a cluster of processes of our own on this machine."""

    def __init__(self, address: str, *, jobs: int) -> None:
        """Connect to the scheduler at an address; for "local", start one with `jobs` workers.

        Raises:
            UsageError: Dask is not installed.
            ClusterError: nobody answers there.
        """
        try:
            import dask
            from distributed import Client, LocalCluster, as_completed
        except ImportError as error:
            raise UsageError(
                f"--cluster needs the package 'distributed', which cannot be imported here ({error}); `python -m nox "
                "-s bench -- --cluster ...` installs it, and so does `pip install -c constraints.txt distributed`"
            ) from error
        for name in ("distributed", "distributed.client"):
            # What goes wrong is said in our own words.
            logging.getLogger(name).setLevel(_SILENT)
        self._address = address
        self._cluster: Any = None
        if address == LOCAL:
            _start_silent_tracker()
            # Only a process that is no daemon may have children, and every cell is one. Nobody looks at the profile.
            settings = {"distributed.worker.daemon": False, "distributed.worker.profile.enabled": False}
            with dask.config.set(settings), _deaf_to_ctrl_c():
                self._cluster = LocalCluster(
                    n_workers=jobs,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=":0",
                    silence_logs=_SILENT,
                    memory_limit=0,
                )
        try:
            self._client = Client(self._cluster or address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError) as error:
            raise ClusterError(
                f"no Dask scheduler answers at {address!r} ({type(error).__name__}); start one with "
                "`python -m nox -s scheduler`, and workers with `python -m nox -s worker -- ADDRESS`"
            ) from error
        self._run, self._count = uuid.uuid4().hex[:8], 0
        self._futures: dict[str, Any] = {}
        self._left_in_order: set[str] = set()
        self._completed = as_completed(loop=self._client.loop, with_results=True, raise_errors=False)
        self._client.subscribe_topic("all", self._note)

    def close(self) -> None:
        """Leave the cluster: what still runs there for us ends by itself within a second."""
        with contextlib.suppress(Exception):
            self._client.unsubscribe_topic("all")
            self._client.close(timeout=_CLOSE_SECONDS)
        if self._cluster is not None:
            with contextlib.suppress(Exception):
                self._cluster.close(timeout=_CLOSE_SECONDS)

    def _note(self, event: tuple[float, Any]) -> None:
        message = event[1]
        if isinstance(message, dict) and message.get("action") == "remove-worker" and message.get("expected"):
            self._left_in_order.add(message["worker"])

    @contextlib.contextmanager
    def _alive(self) -> Iterator[None]:
        """Say in a sentence that the scheduler is gone, however Dask puts it."""
        lost = ClusterError(
            f"the connection to the scheduler at {self._address!r} was lost; what was finished is kept. "
            "Start it and its workers again and run the same command to go on"
        )
        try:
            yield
        except Exception as error:
            if self._client.status == "running" and not isinstance(error, OSError):
                raise
            raise lost from error
        if self._client.status != "running":
            raise lost

    def workers(self) -> dict[str, int]:
        """Return the threads of every worker that there is, by its address."""
        with self._alive():
            return dict(self._client.nthreads())

    def names(self) -> dict[str, str]:
        """Return the name of every worker that there is, by its address."""
        with self._alive():
            known = self._client.scheduler_info()["workers"]
        return {address: str(worker["name"]) for address, worker in known.items()}

    def left_in_order(self, address: str) -> bool:
        """Whether a worker that is gone had said that it would go."""
        return address in self._left_in_order

    def send(self, address: str, step: Step, request: str) -> str:
        """Send a request to a worker and return the name under which its answer will come."""
        self._count += 1
        key = f"fnbench-{self._run}-{self._count}"
        with self._alive():
            self._futures[key] = self._client.submit(
                eval,
                _RUN,
                {"step": step, "request": request},
                key=key,
                workers=[address],
                allow_other_workers=False,
                pure=False,
            )
            self._completed.add(self._futures[key])
        return key

    def drop(self, requests: Collection[str]) -> None:
        """Forget requests: no answer to them will come, and what runs for them ends."""
        futures = [self._futures.pop(key) for key in requests if key in self._futures]
        if futures:
            with self._alive():
                self._client.cancel(futures)

    def answers(self, patience: float) -> list[Answer]:
        """Return what has come back since the last time; wait for it at most `patience` seconds."""
        with self._completed.thread_condition:
            if not self._completed.has_ready():
                self._completed.thread_condition.wait(patience)
        with self._alive():
            batch = self._completed.next_batch(block=False)
        # A future that was dropped comes back too.
        return [
            _answer_of(future.key, future.status, result)
            for future, result in batch
            if self._futures.pop(future.key, None) is not None
        ]


def _answer_of(key: str, status: str, result: Any) -> Answer:
    if status == "finished":
        return Answer(key, **json.loads(result))
    return Answer(key, error=result[1] if status == "error" else None)
