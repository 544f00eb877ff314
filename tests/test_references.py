"""The references against the exact values, which were derived by hand and are no measurement of ours."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmark.catalogue.registry import Catalogue, load_task
from benchmark.cell import samples
from benchmark.cell.card import task_card
from benchmark.cell.dataset import Rows, population
from benchmark.cell.metrics import rmse
from benchmark.cell.quadratic import best_quadratic
from benchmark.cell.references import best_line, references
from benchmark.store.record import ReferenceName, TaskCard
from benchmark.store.text import load
from tasks.base import FloatArray, Task
from tasks.domains import Box, IntegerBox
from tests import quadrature
from tests.test_tasks import TASKS

# sd of y on the training law; then RMSE inside and outside of constant, line and clamp.
# Relative, of the quadrature.
CLOSE = 2e-5
EXACT: dict[str, tuple[float, tuple[float, float], tuple[float, float], float | None]] = {
    "sum": (408.248, (408.248, 2041.241), (0, 0), 1081.049),
    "square": (298421.728, (298421.728, 2181755.22), (74535.413, 1157103.51), 1593058.48),
    "sinc": (0.438531, (0.438531, 0.46317), (0.438531, 0.46317), 0.35772),
    "piecewise": (1.24276, (1.24276, 3.26428), (0.408461, 0.757027), 1.51902),
    "smooth": (1.04271, (1.04271, 3.47716), (0.46372, 2.20689), 1.67873),
    "pair-sum": (1.105542, (1.105542, 2.146734), (0.783770, 2.885061), 1.268253),
    "lambda-recovery": (0.086184, (0.086184, 0.292579), (0.084224, 0.281245), None),
}
# Domains that can be listed whole have no sampling error.
LISTED = {"sum", "square"}
# As near as six digits come to an exact value.
CLOSE = 2e-5


@pytest.fixture(scope="module")
def cards(catalogue: Catalogue) -> dict[str, dict[str, object]]:
    with pytest.MonkeyPatch.context() as here:
        # What the rows of a seed know is for tests/test_samples.py; each seed looks at all rows.
        here.setattr(samples, "SEEDS", range(2))
        return {name: task_card(load_task(catalogue.tasks[name].origin, name)) for name in EXACT}


@pytest.mark.parametrize("name", EXACT)
def test_references_equal_the_exact_values(cards: dict[str, dict[str, object]], name: str) -> None:
    sd, constant, line, clamp = EXACT[name]
    # The population is 2^18 draws: they are the same every time, and this close.
    rel, absolute = (2e-6, 1e-6 * sd) if name in LISTED else (0.004, None)
    found = {r["name"]: (r["interpolation_rmse"], r["extrapolation_rmse"]) for r in cards[name]["references"]}  # type: ignore[attr-defined]
    assert cards[name]["target_sd"] == pytest.approx(sd, rel=rel, abs=absolute)
    assert found["truth"] == (0, 0)
    assert found["constant"] == pytest.approx(constant, rel=rel, abs=absolute)
    assert found["line"] == pytest.approx(line, rel=rel, abs=absolute)
    assert ("clamp" in found) is (clamp is not None)
    if clamp is not None:
        assert found["clamp"] == pytest.approx((0, clamp), rel=rel, abs=absolute)


@pytest.mark.parametrize("name", ["pair-sum", "piecewise", "sinc", "smooth"])
def test_the_exact_values_are_those_of_the_formula(name: str) -> None:
    task, (sd, constant, line, clamp) = TASKS[name], EXACT[name]
    X, weight = quadrature.region(task, 0.0, 1.0)
    outer, outer_weight = quadrature.region(task, 1.0, task.reach)
    y, outer_y = task.targets(X), task.targets(outer)
    mean, best = float(weight @ y), quadrature.line(X, y, weight)

    def errors(inside: FloatArray, outside: FloatArray) -> tuple[float, float]:
        return quadrature.error(inside, y, weight), quadrature.error(outside, outer_y, outer_weight)

    assert errors(np.full(len(X), mean), np.full(len(outer), mean)) == pytest.approx(constant, rel=CLOSE)
    assert constant[0] == sd
    assert errors(best[0] + X @ best[1:], best[0] + outer @ best[1:]) == pytest.approx(line, rel=CLOSE)
    assert errors(y, task.targets(np.clip(outer, -1, 1))) == pytest.approx((0, clamp), rel=CLOSE)
    # The references are these functions, but for what 2^18 draws know of mean and slopes.
    found = references(task, population(task, inner=0, outer=1))
    exactly: dict[ReferenceName, tuple[float, float | None]] = {"constant": constant, "line": line, "clamp": (0, clamp)}
    for reference, exact in exactly.items():
        function = found[reference][1]
        inside, outside = errors(function(X), function(outer))
        assert inside == pytest.approx(exact[0], rel=CLOSE)
        assert outside == pytest.approx(exact[1], rel=0.004)


def test_mean_line_and_sd_are_of_the_training_law_and_errors_of_the_regions_that_are_scored() -> None:
    # y = x^2 on 1..20, scored there and on 21..30; the training rows have noise, which is in none of it.
    square = replace(TASKS["square"], domain=IntegerBox(n_features=1, high=20), reach=1.5, noise_std=50.0)
    inside, outside = np.arange(1.0, 21), np.arange(21.0, 31)
    card = task_card(square)
    assert card["target_sd"] == pytest.approx((inside**2).std(), rel=1e-12)
    slope, at_0 = np.polyfit(inside, inside**2, 1)
    values = {
        "constant": [np.full(20, (inside**2).mean()), np.full(10, (inside**2).mean())],
        "line": [at_0 + slope * inside, at_0 + slope * outside],
        "clamp": [inside**2, np.full(10, 400.0)],
    }
    references = {each["name"]: each for each in card["references"]}  # type: ignore[attr-defined]
    for name, (within, beyond) in values.items():
        kept = references[name]
        assert kept["interpolation_rmse"] == pytest.approx(np.sqrt(np.mean((within - inside**2) ** 2)), rel=1e-9), name
        assert kept["extrapolation_rmse"] == pytest.approx(np.sqrt(np.mean((beyond - outside**2) ** 2)), rel=1e-9), name


@pytest.mark.parametrize("name", EXACT)
def test_a_card_can_be_kept(cards: dict[str, dict[str, object]], name: str) -> None:
    import json

    made: dict[str, object] = {
        "stamp": None,
        "environment": {
            "machine": "m",
            "cores": 1,
            "threads": 1,
            "versions": {},
            "commit": None,
            "modified": None,
        },
    }
    card = load(TaskCard, json.dumps({"schema_version": 2, **cards[name], **made}))
    assert len(card.slice.position) == len(card.references[0].slice) > 100
    assert len(card.references[0].shell_rmse) == len(card.ladder) - 1


def test_the_line_on_the_square_is_the_closed_form(catalogue: Catalogue) -> None:
    from tasks.core import TASKS

    n = 1000
    square = TASKS[1]
    inside, outside = population(square, inner=0, outer=1), population(square, inner=1, outer=2)
    line = best_line(inside)
    assert line(np.array([[0.0], [1.0]])) == pytest.approx([-(n + 1) * (n + 2) / 6, (n + 1) - (n + 1) * (n + 2) / 6])
    assert rmse(line(inside.X), inside.y) ** 2 == pytest.approx((n**2 - 1) * (n**2 - 4) / 180)
    assert rmse(line(outside.X), outside.y) ** 2 == pytest.approx(241 * n**4 / 180 - 13 * n**2 / 36 + 1 / 45)


def test_a_line_in_sample_lies_in_its_sampling_band() -> None:
    # 95 % of 1,000 random draws lie in 71960..76915; the question's 75777 is such a line.
    from tasks.core import TASKS

    square = TASKS[1]
    errors = []
    for seed in range(40):
        X = square.domain.draw(1000, np.random.default_rng(seed), inner=0, outer=1, even=False).X
        y = square.targets(X)
        slope, intercept = np.polyfit(X[:, 0], y, 1)
        errors.append(rmse(intercept + slope * X[:, 0], y))
    assert np.mean(errors) == pytest.approx(74438, abs=4 * 1265 / np.sqrt(40))
    assert np.std(errors) == pytest.approx(1265, rel=0.4)


def made(function: Any, domain: Any, **fields: Any) -> Task:
    return replace(
        TASKS["sinc"], name="made", function=function, domain=domain, set_shape=(1, domain.n_features), **fields
    )


def test_the_quadratic_is_exact_of_a_polynomial_of_degree_2_and_the_best_of_a_cubic() -> None:
    of_degree_2 = made(lambda X: 3 - X[:, 0] + 2 * X[:, 0] * X[:, 1] - X[:, 2] ** 2, Box(n_features=3, low=2, high=5))
    inside = population(of_degree_2, inner=0, outer=1, n=2**12)
    outside = population(of_degree_2, inner=1, outer=2, n=2**12)
    quadratic = best_quadratic(inside)
    assert rmse(quadratic(inside.X), inside.y) < 1e-12
    assert rmse(quadratic(outside.X), outside.y) < 1e-11
    # Of x^3 on [-1, 1] a parabola knows 3/5 x, as the line does; what is left is sqrt(1/7 - 3/25).
    cubic = made(lambda X: X[:, 0] ** 3, Box(n_features=1))
    rows = population(cubic, inner=0, outer=1)
    assert rmse(best_quadratic(rows)(rows.X), rows.y) == pytest.approx(np.sqrt(1 / 7 - 3 / 25), rel=1e-4)


def test_a_column_that_says_nothing_new_does_no_harm_to_the_quadratic() -> None:
    rng = np.random.default_rng(0)
    x = rng.choice([-1.0, 1.0], size=2000)
    X = np.stack([x, -x, np.full(2000, 7.0), rng.normal(size=2000)], axis=1)
    y = x + X[:, 3] ** 2
    assert rmse(best_quadratic(Rows(X, y, np.ones(2000)))(X), y) < 1e-12


def test_of_many_rows_a_quadratic_takes_as_many_as_it_can() -> None:
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (2**17, 20))
    y = (X**2).sum(axis=1)
    assert rmse(best_quadratic(Rows(X, y, np.ones(len(y))))(X), y) < 1e-12


def test_a_task_of_more_than_twenty_inputs_has_no_quadratic() -> None:
    for d, there in ((20, True), (21, False)):
        wide = made(lambda X: X[:, 0] * X[:, 1], Box(n_features=d), n_reference=2**10)
        found = references(wide, population(wide, inner=0, outer=1))
        assert ("quadratic" in found) is there


def test_a_line_of_a_hundred_inputs_is_that_of_least_squares() -> None:
    rng = np.random.default_rng(0)
    X = rng.uniform(1, 2, (30_000, 100))
    y = X[:, :30].sum(axis=1) * X[:, 20:50].sum(axis=1)
    found = best_line(Rows(X, y, np.ones(len(y))))
    exact, *_ = np.linalg.lstsq(np.column_stack([np.ones(len(y)), X]), y, rcond=None)
    assert found(X) == pytest.approx(exact[0] + X @ exact[1:], rel=1e-10)
    total = X.sum(axis=1)
    line = best_line(Rows(X.copy(), total, np.ones(len(y))))
    assert rmse(line(X), total) < 1e-11


def test_references_are_over_as_many_rows_as_the_task_says() -> None:
    few = made(lambda X: X[:, 0] ** 2, Box(n_features=1), n_reference=300)
    assert len(population(few, inner=0, outer=1).y) == 300
    assert len(population(replace(few, n_reference=2**18), inner=1, outer=2).y) == 2**18


def test_the_clamp_is_taken_a_step_within_where_a_corner_has_no_value() -> None:
    # sin(a - b) / (a - b) has no value at the corners where a = b, and all rows beyond them come there.
    def wave(X: FloatArray) -> FloatArray:
        with np.errstate(invalid="ignore"):
            values: FloatArray = np.sin(X[:, 0] - X[:, 1]) / (X[:, 0] - X[:, 1])
        return values

    task = made(wave, Box(n_features=2), n_reference=2**10)
    clamp = references(task, population(task, inner=0, outer=1))["clamp"][1]
    assert clamp(np.array([[1.5, 2.0], [-3.0, -1.5], [1.5, 0.0]])) == pytest.approx([1, 1, np.sin(1)], abs=1e-9)
