"""Runs cells in isolation, as the command does, for a model that lives in this process alone.

What was given travels as bytes into a plugin file of a folder that is removed afterwards: functions and classes of a
notebook by their value, those of a module by its name.
"""

import contextlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import cloudpickle

from benchmark.catalogue.registry import Entry, Origin
from benchmark.cell.outcome import CellSpec
from benchmark.errors import UsageError
from benchmark.run.options import RunOptions
from benchmark.workers.isolation import Call
from benchmark.workers.pool import run_calls
from models.base import Model

_BYTES, _FILE = "model.bytes", "given.py"
_PLUGIN = f'''"""What was given to benchmark.score."""

from pathlib import Path

import cloudpickle

MODELS = (cloudpickle.loads(Path(__file__).with_name("{_BYTES}").read_bytes()),)
'''


@contextlib.contextmanager
def _without_script() -> Iterator[None]:
    """Have no process started meanwhile run the script again that is running here."""
    main = sys.modules["__main__"]
    file, spec = getattr(main, "__file__", None), main.__spec__
    if file is not None:
        del main.__file__
    main.__spec__ = None
    try:
        yield
    finally:
        main.__spec__ = spec
        if file is not None:
            main.__file__ = file


def run_apart(
    tasks: Sequence[Entry], model: Model, seeds: Sequence[int], *, quick: bool, jobs: int
) -> Iterator[tuple[Entry, list[dict[str, object]]]]:
    """Yield each task with how each seed of its cell ended, in the order in which they end.

    Raises:
        UsageError: the model cannot be taken to another process.
    """
    try:
        taken = cloudpickle.dumps(model)
    except Exception as error:
        raise UsageError(
            f"model {model.name!r} cannot be taken to a process of its own ({type(error).__name__}: {error}); leave "
            "out isolate=True, or put it into a plugin file"
        ) from error
    with tempfile.TemporaryDirectory() as folder, _without_script():
        (Path(folder) / _BYTES).write_bytes(taken)
        plugin = Path(folder) / _FILE
        plugin.write_text(_PLUGIN, encoding="utf-8")
        origin = Origin("file", str(plugin))
        calls = [
            (number, Call("cell", CellSpec(task.name, task.origin, model.name, origin, tuple(seeds), quick)))
            for number, task in enumerate(tasks)
        ]
        for number, outcome in run_calls(calls, jobs=jobs, limits=RunOptions().limits):
            if outcome.status == "ok":
                yield tasks[number], list(outcome.answer)
            else:
                ended = {"status": outcome.status, "reason": outcome.reason}
                yield tasks[number], [{"seed": seed, **ended} for seed in seeds]
