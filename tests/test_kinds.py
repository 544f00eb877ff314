"""The words for the kinds of a function, on functions of which it is known without a computer."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmark.cell.dataset import population
from benchmark.cell.kinds import Known, kinds
from benchmark.cell.metrics import rmse
from benchmark.cell.references import references
from tasks.base import FloatArray, Task
from tasks.domains import Box, DiffusionPaths
from tasks.formula.making import formula_task
from tasks.widening import WideningBox

Columns = Callable[..., FloatArray]


def kinds_of(task: Task) -> set[str]:
    inside, outside = population(task, inner=0, outer=1), population(task, inner=1, outer=2)
    found = references(task, inside).items()
    errors = {name: (rmse(f(inside.X), inside.y), rmse(f(outside.X), outside.y)) for name, (_, f) in found}
    return set(kinds(task, Known(inside, outside, errors)))


def by_hand(function: Columns, domain: Any, **fields: Any) -> Task:
    known: dict[str, Any] = {
        "name": "made",
        "title": "Made",
        "formula": "f(x)",
        "source": "me",
        "function": lambda X: function(*X.T),
        "domain": domain,
        "n_train": 200,
        "set_shape": (1, domain.n_features),
        "n_reference": 2**12,
    }
    return Task(**(known | fields))


def box(d: int, low: float = -1.0, high: float = 1.0) -> Box:
    return Box(n_features=d, low=low, high=high)


@pytest.mark.parametrize(
    ("function", "domain", "holds", "fails"),
    [
        (lambda a, b: a + b**3, box(2), "low-d additive odd", "multiplicative interacting symmetric even kink jump"),
        (lambda a, b: a * b**3, box(2), "multiplicative even homogeneous-4", "additive interacting odd"),
        (lambda a, b: a * b + 1, box(2), "interacting symmetric even", "additive multiplicative"),
        (lambda a, b: a / b, box(2, 1, 3), "multiplicative homogeneous-0", "even symmetric"),
        # Turned over it lies beyond its range.
        (lambda a: a**2, box(1, 1, 3), "1d homogeneous-2 quadratic-inside", "even additive"),
        (lambda a, b, c: a - b + 0 * c, box(3), "additive distractors line-holds odd homogeneous-1", "symmetric"),
        (lambda a: np.abs(a - 0.3), box(1), "kink", "jump"),
        (lambda a: np.abs(a - 1.3), box(1), "kink line-holds-not nearly-linear-inside", "jump line-holds"),
        (lambda a: np.cbrt(a - 0.3), box(1), "kink", "jump"),
        (lambda a: np.where(a > 0.3, 1.0, 0.0), box(1), "jump flat-outside bounded-outside", "kink"),
        (lambda a: np.sqrt(a + 2), box(1), "", "kink jump"),
        (lambda a, b: np.hypot(a, b), box(2), "kink homogeneous-1 even symmetric", "jump"),
        (lambda a: np.sin(2 * np.pi * a), box(1), "waves-inside waves-outside bounded-outside odd", "growing-outside"),
        (lambda a: np.sin(np.pi * a / 2), box(1), "", "waves-inside waves-outside"),
        (lambda a: np.sin(1000 * a), box(1), "waves-inside waves-outside", "kink jump"),
        (lambda a: np.tanh(4 * a), box(1), "flat-outside bounded-outside", "growing-outside"),
        (lambda a: np.exp(4 * a), box(1), "growing-outside exploding-outside", "bounded-outside flat-outside"),
        (lambda a: np.cos(3 * np.pi * a), box(1), "no-linear-trend even", "nearly-linear-inside"),
    ],
)
def test_properties_are_found_of_functions_that_are_written_by_hand(
    function: Columns, domain: Any, holds: str, fails: str
) -> None:
    found = kinds_of(by_hand(function, domain))
    assert set(holds.split()) - {"line-holds-not"} <= found
    assert not set(fails.split()) & found


def test_the_classes_are_those_of_the_tree_and_breaks_are_those_that_are_seen() -> None:
    def made(formula: str, training: str = "-1:1", outer: str = "-2:2") -> set[str]:
        domain = WideningBox.read(training, outer)
        return kinds_of(
            formula_task(
                name="made", title="m", formula=formula, source="m", domain=domain, n_train=50,
                set_shape=(1, domain.n_features), ladder_end=2.0, n_reference=2**12,
            )
        )  # fmt: skip

    assert {"polynomial", "few-rows"} <= made("x1**3 - x1")
    assert {"rational", "1d"} <= made("1/(1 + x1**2)")
    assert {"periodic", "exponential"} <= made("exp(x1)*sin(x1)")
    # Its kink lies at 5.
    assert "piecewise" in made("abs(x1 - 5)")
    assert "kink" not in made("abs(x1 - 5)")
    assert "kink" in made("abs(x1 - 1.5)")
    assert "chirp" in made("sin(9*x1**2)")
    assert "chirp" not in made("sin(9*x1)")
    assert "sided-outside" in made("x1**2", "0:1", "0:2")
    assert "sided-outside" not in made("x1**2", "0:1", "-1:2")


def test_sizes_noise_and_whole_numbers_are_said() -> None:
    whole = WideningBox.read("(1:12)^4", "(1:24)^4", whole=True)
    found = kinds_of(by_hand(lambda a, b, c, d: a + b + c % 2 + d, whole, noise_std=0.5, ladder_end=2.0))
    assert {"mid-d", "integers", "noisy", "sided-outside"} <= found
    assert not {"few-rows", "all-outside", "waves-inside", "jump"} & found
    beyond = WideningBox.read("(1:2)^2", "(2:6)^2", law="all outside")
    assert "all-outside" in kinds_of(by_hand(lambda a, b: a * b, beyond, ladder_end=2.0))


def test_what_is_inert_inside_alone_is_no_distractor() -> None:
    edge = by_hand(lambda a, b: a + np.maximum(b - 1, 0), box(2))
    assert "distractors" not in kinds_of(edge)


def test_a_domain_without_a_box_has_no_words_for_its_sides() -> None:
    paths = DiffusionPaths(n_paths=4, drift=0.0, volatility=1.0)
    found = kinds_of(by_hand(lambda *x: sum(each**2 for each in x), paths))
    assert {"additive", "symmetric", "even", "homogeneous-2", "quadratic-inside"} <= found
    assert not {"kink", "sided-outside", "waves-inside", "flat-outside"} & found
