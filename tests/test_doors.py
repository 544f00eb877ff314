"""The doors between the rooms, held by reading every import."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("tasks", "models", "benchmark")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports name their room"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def ours(path: Path) -> Iterator[str]:
    yield from (name for name in imported(path) if name.split(".")[0] in ROOMS)


def allowed(path: Path) -> tuple[str, ...]:
    place = path.relative_to(ROOT).as_posix()
    if place.startswith("tasks/"):
        return ("tasks.",)
    if place.startswith("models/"):
        return ("models.",)
    if place.startswith("benchmark/report/"):
        inner = ("benchmark.report.", "benchmark.record.", "benchmark.errors.", "benchmark.words.")
        return (*inner, "benchmark.shape.", "benchmark.stamp.")
    if place.startswith("benchmark/run/"):
        inner = ("benchmark.run.", "benchmark.record.", "benchmark.errors.", "benchmark.registry.")
        return (*inner, "benchmark.shape.", "benchmark.stamp.", "tasks.base.", "models.base.")
    return ("benchmark.", "tasks", "models")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_imports_only_what_its_room_may_see(path: Path) -> None:
    strangers = [name for name in ours(path) if not f"{name}.".startswith(allowed(path))]
    assert strangers == []


def test_tasks_need_numpy_only() -> None:
    foreign = {name.split(".")[0] for path in (ROOT / "tasks").glob("*.py") for name in imported(path)}
    assert foreign <= {"tasks", "numpy", "collections", "dataclasses", "hashlib", "math", "re", "typing"}


def test_a_worker_cannot_write_results() -> None:
    seen, waiting = set(), [ROOT / "benchmark" / "run" / "calls.py"]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        names = {name for full in ours(path) for name in (full, full.rpartition(".")[0])}
        paths = {ROOT / f"{name.replace('.', '/')}.py" for name in names}
        waiting += [other for other in paths if other.is_file() and other not in seen]
    assert {ROOT / "benchmark" / "run" / f"{name}.py" for name in ("scoring", "fitting")} <= seen
    assert ROOT / "benchmark" / "store.py" not in seen


@pytest.mark.parametrize(
    ("effect", "owners"),
    [
        ("print(", {"benchmark/cli.py", "benchmark/progress.py"}),
        ("default_rng(", {"models/training.py", "tasks/base.py", "benchmark/report/statistics.py"}
         | {"benchmark/report/ties.py", "benchmark/report/claims/evidence.py"}),
        ("import time\n", {"benchmark/progress.py", "benchmark/pipeline.py", "benchmark/run/isolation.py"}
         | {"benchmark/run/keeper.py", "benchmark/run/server.py", "benchmark/run/timing.py"}
         | {"benchmark/run/cluster.py", "benchmark/run/remote.py"}),
        ("from distributed import", {"benchmark/run/connection.py"}),
    ],
)  # fmt: skip
def test_an_effect_stays_with_its_owner(effect: str, owners: set[str]) -> None:
    users = {path.relative_to(ROOT).as_posix() for path in FILES if effect in path.read_text(encoding="utf-8")}
    assert users <= owners


def test_a_file_is_no_longer_than_can_be_read() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {path: n for path, n in lengths.items() if n > 500} == {}
