"""The doors between the rooms, held by reading every import."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("tasks", "models", "findings", "calibration", "benchmark")
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


RECORDS = (
    *("benchmark.store.record.", "benchmark.store.shape.", "benchmark.store.stamp.", "benchmark.store.timings."),
    "benchmark.words.",
)
# What the files of a room may see besides the room itself, from the narrowest on.
SEEN: dict[str, tuple[str, ...]] = {
    "findings/*/tasks.py": ("tasks.", "findings.sources.", "findings.sizes."),
    "findings/sizes.py": ("tasks.base.",),
    "findings/*/models.py": ("models.", "findings.sources.", "findings.keras."),
    "findings/keras.py": ("models.",),
    "findings/**.py": (
        "findings.",
        *RECORDS,
        "benchmark.board.behaviour.",
        "benchmark.board.solving.",
        "benchmark.board.statistics.",
    ),
    "calibration/*/tasks.py": ("tasks.", "calibration.sources."),
    "calibration/*/models.py": ("models.", "calibration.sources.", "calibration.arithmetic.units."),
    "calibration/*/units.py": ("models.layers.",),
    "calibration/sources.py": ("findings.sources.",),
    "calibration/**.py": ("calibration.", "findings.", *RECORDS, "benchmark.board.statistics."),
    "tasks/**.py": (),
    "models/**.py": (),
    # What a formula is, its tree says.
    "benchmark/cell/written.py": ("tasks.base.", "tasks.formula."),
    "benchmark/cell/simplified.py": ("tasks.base.", "tasks.formula."),
    "benchmark/cell/recovery.py": ("benchmark.store.record.", "benchmark.cell.", "tasks.base.", "tasks.formula."),
    "benchmark/cell/**.py": (
        *RECORDS,
        "benchmark.catalogue.registry.",
        "benchmark.environment.",
        "tasks.base.",
        "models.base.",
    ),
    "benchmark/workers/**.py": (
        *(*RECORDS, "benchmark.cell.", "benchmark.catalogue.", "benchmark.environment.", "benchmark.errors."),
        *("models.base.", "tasks.base."),
    ),
    # What is published of the curves of all seeds is what the board draws of them.
    "benchmark/store/published/folder.py": ("benchmark.store.", "benchmark.board.curves."),
    # What a name is, and what kinds of function there are, tasks say.
    "benchmark/store/record.py": (
        *("benchmark.store.", "benchmark.words."),
        *("tasks.base.NAME_PATTERN.", "tasks.base.CLASSES."),
    ),
    # What is a variant of a task, its name says.
    "benchmark/store/publish.py": (
        *("benchmark.store.", "benchmark.environment.", "benchmark.errors.", "benchmark.words.", "tasks.variant."),
    ),
    "benchmark/board/varied.py": (*RECORDS, "benchmark.board.", "tasks.variant."),
    "benchmark/store/**.py": ("benchmark.environment.", "benchmark.errors.", "benchmark.words."),
    "benchmark/board/**.py": (*RECORDS, "benchmark.errors."),
    "benchmark/show/**.py": (*RECORDS, "benchmark.board.", "findings.", "calibration.", "benchmark.errors."),
    "**.py": ("benchmark.", "tasks", "models", "findings", "calibration"),
}


def allowed(path: Path) -> tuple[str, ...]:
    """Return what the names begin with that a file may import."""
    place = path.relative_to(ROOT).as_posix()
    pattern = next(each for each in SEEN if re.fullmatch(each.replace("**", ".*").replace("/*/", "/[^/]+/"), place))
    own = "" if "*/" in pattern or not pattern.endswith("/**.py") else pattern.removesuffix("**.py").replace("/", ".")
    return (*SEEN[pattern], *filter(None, (own,)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_imports_only_what_its_room_may_see(path: Path) -> None:
    strangers = [name for name in ours(path) if not f"{name}.".startswith(allowed(path))]
    assert strangers == []


def test_tasks_need_numpy_only() -> None:
    foreign = {name.split(".")[0] for path in (ROOT / "tasks").rglob("*.py") for name in imported(path)}
    # Where a special function is none that numpy has, its file says so.
    assert [path.stem for path in (ROOT / "tasks").rglob("*.py") if "scipy.special" in imported(path)] == [
        "kan_special"
    ]
    own = {
        "scipy",
        "importlib",
        "pkgutil",
        "collections",
        "dataclasses",
        "difflib",
        "fractions",
        "functools",
        "hashlib",
        "html",
        "itertools",
        "math",
    }
    assert foreign <= {"tasks", "numpy", "operator", "re", "types", "typing", *own}


def test_a_worker_cannot_write_results() -> None:
    seen, waiting = set(), [ROOT / "benchmark" / "workers" / "calls.py"]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        names = {name for full in ours(path) for name in (full, full.rpartition(".")[0])}
        paths = {ROOT / f"{name.replace('.', '/')}.py" for name in names}
        waiting += [other for other in paths if other.is_file() and other not in seen]
    assert {ROOT / "benchmark" / "cell" / f"{name}.py" for name in ("scoring", "fitting")} <= seen
    assert ROOT / "benchmark" / "store" / "local.py" not in seen


@pytest.mark.parametrize(
    ("effect", "owners"),
    [
        ("print(", {"benchmark/cli.py", "benchmark/progress.py"}),
        ("default_rng(", {"models/settings.py", "models/training/scaling.py", "tasks/domains.py", "tasks/table.py"}
         | {"benchmark/board/statistics.py", "benchmark/board/ranks.py", "findings/evidence.py"}),
        ("import time\n", {"benchmark/progress.py", "benchmark/pipeline.py", "benchmark/workers/isolation.py"}
         | {"benchmark/workers/keeper.py", "benchmark/workers/server.py", "benchmark/workers/timing.py"}
         | {"benchmark/workers/cluster.py"}),
        ("from distributed import", {"benchmark/workers/cluster.py", "benchmark/workers/remote.py"}),
    ],
)  # fmt: skip
def test_an_effect_stays_with_its_owner(effect: str, owners: set[str]) -> None:
    users = {path.relative_to(ROOT).as_posix() for path in FILES if effect in path.read_text(encoding="utf-8")}
    assert users <= owners


def test_a_file_is_no_longer_than_can_be_read() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {path: n for path, n in lengths.items() if n > 500} == {}
