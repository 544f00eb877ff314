"""The seven tasks: formulas at points checked by hand, and the contract for every registered one."""

from dataclasses import dataclass, replace
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.catalogue.registry import Catalogue, describe, load_task, rooms
from benchmark.cell import card, samples
from benchmark.cell.card import description
from benchmark.cell.conformance import task_checks
from benchmark.cell.dataset import Rows, population
from benchmark.cell.practice import task_stamp
from tasks import core
from tasks.base import CLASSES, Domain, FloatArray, Task
from tasks.domains import Box, DiffusionPaths, GrowingSet, IntegerBox

TASKS = {task.name: task for task in core.TASKS}
# Those of the literature stand in tables, and are tried suite by suite in tests/test_literature.py.
ROOM = {
    entry.name: entry
    for origin in rooms()
    if origin.where == "tasks.core" or not origin.where.startswith("tasks.")
    for entry in describe(origin)
    if entry.kind == "task"
}
# Of the comparisons with published figures; these are near copies of tasks of the literature.
COMPARED = [name for name, entry in ROOM.items() if entry.origin.where.startswith("calibration.")]
OTHERS = [name for name in ROOM if name not in COMPARED]
# So many rows show that a task has references.
N_FEW = 2**12


@dataclass(frozen=True)
class _Mute:
    """A domain as they were before they had a unit."""

    domain: Domain

    def __getattr__(self, name: str) -> Any:
        if name == "horizon_unit":
            raise AttributeError(name)
        return getattr(self.domain, name)


@pytest.mark.parametrize(
    ("name", "x", "y"),
    [
        ("sum", [3, 4], 7),
        ("square", [12], 144),
        ("sinc", [0.25, 0.25], 2 / np.pi),
        ("sinc", [0, 0], 1),
        ("piecewise", [0.5, 0.25], 0.3125),
        ("piecewise", [0, 0.5], 0.25),
        ("piecewise", [-1e-9, 0.5], 1),
        ("smooth", [0.5, -1], 0.25 + 1 + 0.5 + np.tan(0.5)),
        ("pair-sum", [0.5, 2, 3, -0.5, 1, 4], 1 + 6 - 1 + 4),
        ("lambda-recovery", [2] * 10 + [0] * 10, 0.5),
    ],
)
def test_formula(name: str, x: list[float], y: float) -> None:
    assert TASKS[name].targets(np.array([x], dtype=float)) == pytest.approx([y], abs=1e-8)


def test_the_seven_core_tasks_are_registered(catalogue: Catalogue) -> None:
    core = {name for name, entry in catalogue.tasks.items() if "core" in entry.tags}
    assert core == {"sum", "square", "sinc", "piecewise", "smooth", "pair-sum", "lambda-recovery"}


@pytest.mark.parametrize("name", ROOM)
def test_every_registered_task_keeps_the_contract(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def few(task: Task, *, inner: float, outer: float, n: int = N_FEW) -> Rows:
        """All rows that are listed are drawn and have values, and some of them are looked at."""
        rows = population(task, inner=inner, outer=outer, n=min(n, N_FEW))
        some = slice(None, None, max(1, len(rows.y) // N_FEW))
        return Rows(rows.X[some], rows.y[some], rows.distance[some])

    # How near references come to the exact values is for tests/test_references.py; here they have to be there.
    monkeypatch.setattr(card, "population", few)
    monkeypatch.setattr(samples, "SEEDS", range(2))
    for _, check in task_checks(load_task(ROOM[name].origin, name)):
        check()


@pytest.mark.parametrize("task", TASKS.values(), ids=lambda task: task.name)
def test_the_ladder_has_the_standard_edges_cut_at_the_last(task: Task) -> None:
    end = 1.4 if task.name == "smooth" else 4.0
    assert task.ladder == (*[e for e in (1, 1.05, 1.1, 1.25, 1.5, 2, 3, 4) if e < end], end)
    assert all(a < b for a, b in pairwise(task.ladder))


def test_every_core_task_says_what_kind_of_function_it_is() -> None:
    classes = {name: [each for each in CLASSES if each in task.tags] for name, task in TASKS.items()}
    assert classes == {
        "sum": ["polynomial"],
        "square": ["polynomial"],
        "sinc": ["periodic"],
        "piecewise": ["jump"],
        "smooth": ["smooth"],
        "pair-sum": ["periodic", "sets"],
        "lambda-recovery": ["polynomial", "sets"],
    }


@pytest.mark.parametrize("family", ["Nguyen", "two words", "x" * 65, "nguyen\n", None, 3])
def test_a_family_is_a_name_or_none(family: object) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the words are compared
        replace(TASKS["square"], family=family)  # type: ignore[arg-type]
    assert str(refused.value) == (
        "task 'square': family must be '' (a family of its own) or 1 to 64 of a-z, 0-9 and '-', starting with a letter "
        f"or digit, got {family!r}; give near copies one name"
    )


@pytest.mark.parametrize("name", COMPARED)
def test_a_task_of_a_comparison_is_of_the_family_of_a_task_there_is_or_of_its_own(name: str) -> None:
    literature = [origin.where for origin in rooms() if origin.where.startswith("tasks.")]
    families = {each.family or each.name for where in literature for each in import_module(where).TASKS}
    assert load_task(ROOM[name].origin, name).family in {"", name, *families}


@pytest.mark.parametrize("name", OTHERS)
def test_near_copies_of_a_core_task_are_of_its_family_and_all_others_of_their_own(name: str) -> None:
    task = load_task(ROOM[name].origin, name)
    copied = [each.name for each in TASKS.values() if task.function is each.function and name != each.name]
    # One scores the core's sum by rounding, and is no copy of it.
    assert task.family == ("" if name == "sum-rounded" else "".join(copied))


def test_tags_and_family_move_no_stamp() -> None:
    square = TASKS["square"]
    assert square.tags
    assert task_stamp(square) == task_stamp(replace(square, tags=(), family="squares"))


def test_a_domain_says_what_its_distance_factors_are_measured_in() -> None:
    units = {name: task.horizon_unit for name, task in TASKS.items()}
    box, numbers = "times the half-width of the range", "times the largest number"
    assert units == {
        **dict.fromkeys(("sum", "square"), numbers),
        **dict.fromkeys(("sinc", "piecewise", "smooth", "pair-sum"), box),
        "lambda-recovery": "times the longest time",
    }
    assert replace(TASKS["square"], domain=GrowingSet(5), set_shape=(10, 2)).horizon_unit == "times the largest set"


def test_a_domain_need_not_know_its_unit() -> None:
    mute = replace(TASKS["square"], domain=_Mute(TASKS["square"].domain))
    assert mute.horizon_unit == ""
    assert description(mute)["horizon_unit"] == ""
    assert mute.domain.draw(3, np.random.default_rng(0), inner=0, outer=1, even=False).X.shape == (3, 1)


def test_smooth_is_never_sampled_near_the_pole_of_tan() -> None:
    assert TASKS["smooth"].ladder_end < 1.5
    assert np.abs(TASKS["smooth"].domain.slice(9, outer=1.4).X).max() <= 1.4


def test_both_coordinates_of_the_sum_lie_beyond_1000_outside() -> None:
    X = TASKS["sum"].domain.draw(500, np.random.default_rng(0), inner=1, outer=2, even=False).X
    assert X.min() >= 1001
    assert X.max() <= 2000


@given(
    d=st.integers(1, 6),
    low=st.floats(-100, 99),
    width=st.floats(0.1, 100),
    inner=st.sampled_from([0.0, 1.0, 1.05, 1.5, 2.0]),
    step=st.floats(0.01, 2),
)
@settings(max_examples=60, deadline=None)
def test_a_box_draws_inside_its_ring_and_nowhere_else(
    d: int, low: float, width: float, inner: float, step: float
) -> None:
    box = Box(n_features=d, low=low, high=low + width)
    sample = box.draw(100, np.random.default_rng(0), inner=inner, outer=inner + step)
    distance = np.abs(sample.X - (box.low + box.high) / 2).max(axis=1) / ((box.high - box.low) / 2)
    assert ((sample.distance > inner) & (sample.distance <= inner + step)).all()
    assert distance == pytest.approx(sample.distance)


def test_a_ring_is_uniform_by_area() -> None:
    # Of the square ring 1 < r <= 2 the part with r <= 1.5 is (1.5^2 - 1) / (2^2 - 1) = 0.41667.
    sample = Box(n_features=2).draw(40_000, np.random.default_rng(0), inner=1, outer=2)
    assert np.mean(sample.distance <= 1.5) == pytest.approx(1.25 / 3, abs=0.01)
    both_out = (np.abs(sample.X) > 1).all(axis=1)
    assert both_out.mean() == pytest.approx(4 / 12, abs=0.01)


@pytest.mark.parametrize("d", [1, 2, 3, 6])
@pytest.mark.parametrize("even", [False, True])
def test_a_ring_has_as_much_on_every_face(d: int, even: bool) -> None:
    box = Box(n_features=d, low=0, high=4)
    X = box.draw(40_000, np.random.default_rng(0), inner=1, outer=2, even=even).X - 2
    face = np.abs(X).argmax(axis=1)
    shares = [np.mean((face == i) & (sign * X[:, i] > 0)) for i in range(d) for sign in (-1, 1)]
    # Five standard errors of a share of 40,000 draws.
    assert shares == pytest.approx([1 / (2 * d)] * (2 * d), abs=5 * np.sqrt(1 / (2 * d) / 40_000))
    # On its face a row lies anywhere: the mean of every coordinate is the centre's.
    assert X.mean(axis=0) == pytest.approx(np.zeros(d), abs=5 * 2 / np.sqrt(40_000))


def test_integers_are_uniform_and_listed_whole() -> None:
    box = IntegerBox(n_features=2, high=20)
    every = box.every_row(inner=0, outer=1)
    assert every is not None
    assert len(np.unique(every, axis=0)) == len(every) == 400
    ring = box.every_row(inner=1, outer=2)
    assert ring is not None
    assert len(ring) == 40 * 40 - 400
    assert ring.max(axis=1).min() == 21


def test_diffusion_paths_have_the_moments_of_their_law() -> None:
    sample = DiffusionPaths(20, 0.1, 1.0).draw(50_000, np.random.default_rng(0), inner=0, outer=1)
    scaled = (sample.X - 0.1 * sample.distance[:, None]) / np.sqrt(sample.distance)[:, None]
    assert scaled.mean() == pytest.approx(0, abs=0.005)
    assert scaled.std() == pytest.approx(1, abs=0.005)
    assert sample.distance.mean() == pytest.approx(0.5, abs=0.01)


def test_a_perfect_model_recovers_lambda_and_z() -> None:
    rng = np.random.default_rng(0)
    (quantity,) = TASKS["lambda-recovery"].quantities
    X = rng.normal(size=(50, 20))
    assert quantity.measure(X, core.scaled_mean_square(X)) == pytest.approx({"lambda_hat": 0.25, "lambda_error": 0.0})
    assert quantity.measure(X, 2 * core.scaled_mean_square(X))["lambda_error"] == pytest.approx(0.25)
    (quantity,) = TASKS["pair-sum"].quantities
    X = quantity.rows(rng.uniform(-1, 1, size=(50, 6)))
    assert np.array_equal(X[:, :3], X[:, 3:])
    assert quantity.measure(X, core.pair_sum(X)) == pytest.approx({"recovered_z_rmse": 0}, abs=1e-15)
    assert quantity.measure(X, core.pair_sum(X) + 1)["recovered_z_rmse"] == pytest.approx(0.5)


def made(**changes: object) -> Task:
    fields: dict[str, object] = {
        "name": "made",
        "title": "made",
        "formula": "x",
        "source": "",
        "function": lambda X: X[:, 0],
        "domain": Box(n_features=1),
        "n_train": 10,
        "set_shape": (1, 1),
    }
    return Task(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "Not Good"}, "use 1 to 64 of a-z"),
        ({"name": "../up"}, "use 1 to 64 of a-z"),
        ({"n_train": 0}, "n_train must be a whole number >= 1, got 0"),
        ({"n_test": 2.5}, "n_test must be a whole number >= 1, got 2.5"),
        ({"set_shape": (2, 1)}, "its domain has 1 features"),
        ({"reach": 1.0}, "needs 1 < reach"),
        ({"reach": 5.0}, "needs 1 < reach <= ladder_end"),
        ({"noise_std": -1.0}, "noise_std must be finite and >= 0"),
        ({"noise_std": float("nan")}, "noise_std must be finite and >= 0"),
        ({"noise": -0.1}, "noise must be finite and >= 0"),
        ({"noise": 0.1, "noise_std": 1.0}, "its noise is given twice, noise=0.1 in units of sd"),
        ({"function": 3}, "function must be callable, got 3"),
    ],
)
def test_a_bad_field_is_refused_by_name(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        made(**changes)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda X: X, r"returned shape \(3, 1\), expected \(3,\)"),
        (lambda X: X[:, 0] * np.nan, "is not finite at"),
    ],
)
def test_a_function_must_return_one_finite_number_a_row(function: object, said: str) -> None:
    X: FloatArray = np.ones((3, 1))
    with pytest.raises(ValueError, match=said):
        made(function=function).targets(X)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Box(n_features=0),
        lambda: Box(n_features=1, low=1, high=1),
        lambda: Box(n_features=2, held=(None,)),
        lambda: IntegerBox(n_features=1, high=5),
        lambda: DiffusionPaths(0, 0.0, 1.0),
        lambda: DiffusionPaths(2, 0.0, 0.0),
    ],
)
def test_a_domain_refuses_sizes_that_make_no_sense(make: object) -> None:
    with pytest.raises(ValueError, match="needs"):
        make()  # type: ignore[operator]
