"""Measures again how far stamps lie apart under noise and under change: `python -m tests.stamps FOLDER`.

Prints the tables of docs/stamps-measured.md. What each processor observes is kept in FOLDER, as one file a processor,
and is not observed again: some ten minutes on one core.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from benchmark.catalogue.registry import describe, load_model, load_task, rooms
from benchmark.cell.practice import model_stamp, task_stamp
from benchmark.store.stamp import MODEL, TASK, Stamp, Tolerance, distance
from models.base import Model
from tasks.base import Task
from tests.changes import NETWORK, Edit, edited, edits_of, recipe, stamps_of_changes
from tests.processors import base_processor, features_beyond_base

# A shape is enough to see a change, and this one every model learns; the other shapes can only show more.
SHAPE = "2 numbers"
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _processors() -> dict[str, dict[str, str]]:
    """Return the environments that make of this processor older ones; torch's kernels and its libraries take part."""
    avx512 = [name for name in features_beyond_base() if name == "X86_V4" or name.startswith("AVX512")]
    sse = {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41", "MKL_CBWR": "COMPATIBLE"}
    avx2 = {"NPY_DISABLE_CPU_FEATURES": " ".join(avx512), "OPENBLAS_CORETYPE": "Haswell"}
    avx2 |= {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}
    return {
        "this": {},
        "again": {},
        "AVX2": avx2,
        "SSE": base_processor() | sse | {"MKL_ENABLE_INSTRUCTIONS": "SSE4_2"},
    }


def _tasks_and_models() -> Iterator[Task | Model]:
    for origin in rooms():
        for entry in describe(origin):
            yield load_task(origin, entry.name) if entry.kind == "task" else load_model(origin, entry.name)


def _observe(place: Path) -> None:
    stamps = {
        thing.name: task_stamp(thing) if isinstance(thing, Task) else model_stamp(thing)
        for thing in _tasks_and_models()
    }
    place.write_text(json.dumps(stamps), encoding="utf-8")


def _observed(folder: Path) -> dict[str, dict[str, Stamp]]:
    found = {}
    for name, environment in _processors().items():
        place = folder / f"{name}.json"
        if not place.exists():
            command = [sys.executable, "-m", "tests.stamps", "--observe", str(place)]
            subprocess.run(command, env=os.environ | _ONE_THREAD | environment, check=True)
        kept = json.loads(place.read_text(encoding="utf-8"))
        found[name] = {thing: Stamp.model_validate_json(json.dumps(stamp)) for thing, stamp in kept.items()}
    return found


def _alone(stamp: Stamp) -> Stamp:
    """Return the stamp with a shape of its own for each problem."""
    return Stamp(answers={name.replace(",", ""): answer for name, answer in stamp.answers.items()})


def _largest(kept: Stamp, now: Stamp, tolerance: Tolerance) -> float:
    """Return the deviation of the one number that is farthest off, which by itself decides nothing."""
    return distance(_alone(kept), _alone(now), replace(tolerance, share=0.0))


def _noise(name: str, seen: Mapping[str, Mapping[str, Stamp]], tolerance: Tolerance) -> dict[str, float]:
    this = seen["this"][name]
    found = {other: distance(this, stamps[name], tolerance) for other, stamps in seen.items() if other != "this"}
    return found | {"one number": max(_largest(this, stamps[name], tolerance) for stamps in seen.values())}


def _after(model: Model, edit: Edit, kept: Stamp) -> float:
    return distance(kept, Stamp.model_validate(model_stamp(edited(model, edit), [SHAPE])), MODEL)


def _of_model(model: Model, seen: Mapping[str, Mapping[str, Stamp]]) -> dict[str, float]:
    edits = edits_of(model)
    found = _noise(model.name, seen, MODEL)
    kept = Stamp(answers={name: a for name, a in seen["this"][model.name].answers.items() if name.startswith(SHAPE)})
    if edits.keys() <= NETWORK.keys() and "seed" in edits:
        found["loop"] = _after(model, recipe(engine=lambda _: "loop"), kept)
    return found | {change: _after(model, edit, kept) for change, edit in edits.items()}


def _of_task(task: Task, seen: Mapping[str, Mapping[str, Stamp]]) -> dict[str, float]:
    changes = stamps_of_changes(task).items()
    kept = seen["this"][task.name]
    return _noise(task.name, seen, TASK) | {change: distance(kept, now, TASK) for change, now in changes}


def _figure(value: float | None) -> str:
    return "" if value is None else "0" if value == 0 else f"{value:.1e}".replace("e-0", "e-").replace("e+0", "e+")


def _table(rows: Mapping[str, Mapping[str, float]], first: str) -> str:
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    lines = [[first, *columns], ["---", *["---:"] * len(columns)]]
    lines += [[f"`{name}`", *(_figure(row.get(column)) for column in columns)] for name, row in rows.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Observe on this processor, or measure and print the tables."""
    if sys.argv[1] == "--observe":
        _observe(Path(sys.argv[2]))
        return
    seen = _observed(Path(sys.argv[1]))
    tasks, models = {}, {}
    for thing in _tasks_and_models():
        print(thing.name, file=sys.stderr)
        if isinstance(thing, Task):
            tasks[thing.name] = _of_task(thing, seen)
        else:
            models[thing.name] = _of_model(thing, seen)
    print(f"limit {_figure(TASK.relative)}\n\n{_table(tasks, 'task')}\n")
    print(f"limit {_figure(MODEL.relative)}\n\n{_table(models, 'model')}")


if __name__ == "__main__":
    main()
