"""How a network chooses its steps on training rows that are held back, and what the choice must not touch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from torch import nn

from models.base import Diverged, FloatArray, Model, Problem
from models.mlp import MODELS
from models.training import Factory, network
from models.training.engines import choice as engine
from models.training.job import Job, Trained
from models.training.network import NetworkRegressor
from models.training.recipe import Recipe
from models.training.scaling import batches, split
from models.training.validation import (
    DIVERGED,
    FEW_ROWS,
    LARGE_ERROR,
    LEAST_GAIN,
    LEAST_HELD_BACK,
    PARTS,
    ROUNDING,
    SMALL_ERROR,
    TOO_FEW,
    budgets,
    choice_of,
    nothing_to_choose,
)
from tests import noisy
from tests.conftest import ROOT
from tests.nets import PAIR, Branching, layer_norm, linear, plain

Rows = tuple[FloatArray, FloatArray]


def test_the_full_number_of_steps_comes_first_and_none_comes_twice() -> None:
    assert budgets(4_000) == (4_000, 1_333, 400, 133)
    assert budgets(5) == (5, 1)
    assert budgets(1) == (1,)


@pytest.mark.parametrize(("n_rows", "share", "n_held_back"), [(750, 0.2, 150), (50, 0.2, 10), (20, 0.99, 19)])
def test_a_split_takes_every_row_once_and_is_of_the_seed_alone(n_rows: int, share: float, n_held_back: int) -> None:
    parts = split(n_rows, share, 3)
    assert len(parts.held_back) == n_held_back
    assert sorted([*parts.kept, *parts.held_back]) == list(range(n_rows))
    assert np.array_equal(parts.held_back, split(n_rows, share, 3).held_back)
    assert not np.array_equal(parts.held_back, split(n_rows, share, 4).held_back)


@pytest.mark.parametrize(
    ("n_rows", "error", "reason"),
    [
        (5, 1.0, TOO_FEW),
        (47, 1.0, TOO_FEW),
        (48, 0.0, None),
        (1_999, 0.0, None),
        (2_000, 0.024, SMALL_ERROR),
        (2_000, 0.026, None),
        (50_000, 0.024, SMALL_ERROR),
        (50_000, None, None),
    ],
)
def test_a_network_chooses_where_rows_are_few_or_noise_could_explain_what_is_left(
    n_rows: int, error: float | None, reason: str | None
) -> None:
    y = np.where(np.arange(n_rows) < n_rows // 2, 10.0, 20.0)
    errors = None if error is None else np.full(n_rows, error * y.std())
    assert nothing_to_choose(y, errors, 0.2) == reason


@pytest.mark.parametrize(
    ("full", "short", "chosen"),
    [
        # Gains of 3, 5 and 4 in the squares: 4 on average, with a standard error of 0.58.
        ([2.0, 3.0, 2.0], [1.0, 2.0, 0.0], 10),
        # Gains of 8 and -6: 1 on average, with a standard error of 7.
        ([3.0, 1.0], [1.0, 7**0.5], 100),
        # Gains of 0.009 and 0.011 each: sure, and of use to nobody.
        ([1.0, 1.0], [0.991**0.5, 0.993**0.5], 100),
        ([1.0, 1.0], [0.981**0.5, 0.983**0.5], 10),
        ([1.0, 1.0], [1.0, 1.0], 100),
        # What is left is rounding.
        ([9e-5, 9e-5], [0.0, 1e-5], 100),
        ([2e-4, 2e-4], [0.0, 1e-5], 10),
        (None, [5.0, 5.0], 10),
        ([np.inf, 1.0], [5.0, 5.0], 10),
        ([5.0, 5.0], None, 100),
        ([5.0, 5.0], [np.nan, 0.0], 100),
        (None, None, 100),
    ],
)
def test_the_full_training_stands_unless_a_shorter_one_is_clearly_better(
    full: list[float] | None, short: list[float] | None, chosen: int
) -> None:
    errors = {100: None if full is None else np.array(full), 10: None if short is None else np.array(short)}
    assert choice_of(errors, np.array([-1.0, 1.0])).steps == chosen


def test_of_two_shorter_trainings_the_longer_stands_unless_the_other_is_clearly_better() -> None:
    full, longer = np.array([3.0, 3.0]), np.array([1.0, 1.0])
    y = np.array([-1.0, 1.0])
    # Gains of 0.9 and -0.5 over the longer one: 0.2 on average, with a standard error of 0.7.
    assert choice_of({90: full, 30: longer, 9: np.array([0.1**0.5, 1.5**0.5])}, y).steps == 30
    assert choice_of({90: full, 30: longer, 9: np.array([0.1**0.5, 0.5**0.5])}, y).steps == 9


def test_where_the_longest_diverge_the_first_that_does_not_stands_until_one_is_clearly_better() -> None:
    errors = {90: None, 30: None, 9: np.array([2.0, 2.0]), 3: np.array([2.0, 2.0])}
    assert choice_of(errors, np.array([-1.0, 1.0])).steps == 9


def test_of_shorter_trainings_the_best_is_taken() -> None:
    errors = {steps: np.array([error, error, error]) for steps, error in ((90, 4.0), (30, 2.0), (9, 1.0), (3, 3.0))}
    found = choice_of(errors, np.array([-2.0, 2.0]))
    halves = {
        "held_back_error_90": "2",
        "held_back_error_30": "1",
        "held_back_error_9": "0.5",
        "held_back_error_3": "1.5",
    }
    assert found.notes == {"steps_chosen": "9", "steps_chosen_by": "rows held back"} | halves
    assert choice_of(errors | {3: None}, np.array([0.0, 0.0])).held_back[3] == np.inf


def test_the_rule_that_is_written_down_is_the_one_of_the_code() -> None:
    page = " ".join((ROOT / "docs" / "validation.md").read_text(encoding="utf-8").split())
    assert f"where fewer than {LEAST_HELD_BACK} rows would be held back" in page
    assert f"{FEW_ROWS:,} rows or more and leaves an error of at most {100 * LARGE_ERROR:g} % of sd(y)" in page
    assert f"standard error of the paired differences, and by more than {100 * LEAST_GAIN:g} %." in page
    assert f"leaves only rounding ({100 * ROUNDING:g} % of sd(y))" in page
    assert PARTS == (3, 10, 30)
    assert "the full number of steps, a third, a tenth and a thirtieth of it" in page
    in_short = " ".join((ROOT / "docs" / "scores.md").read_text(encoding="utf-8").split())
    assert f"few (below {FEW_ROWS:,})" in in_short
    assert f"is more than {100 * LARGE_ERROR:g} % of sd(y)" in in_short


def _data(seed: int, n_rows: int, *, noise: float, d: int = PAIR.n_features) -> Rows:
    rng = np.random.default_rng((seed, n_rows))
    X = rng.standard_normal((n_rows, d))
    return X, _truth(X) + noise * rng.standard_normal(n_rows)


def _truth(X: FloatArray) -> FloatArray:
    truth: FloatArray = np.sin(X[:, 0]) + 0.5 * X[:, 1]
    return truth


def _networks(factory: Factory, seeds: Sequence[int], **recipe: Any) -> list[NetworkRegressor]:
    build = network(factory, **recipe)
    found = [build(PAIR, seed) for seed in seeds]
    return [regressor for regressor in found if isinstance(regressor, NetworkRegressor)]


def _fitted(factory: Factory, data: Mapping[int, Rows], **recipe: Any) -> list[NetworkRegressor]:
    """Return networks trained together, of these seeds on these rows."""
    regressors = _networks(factory, list(data), **recipe)
    NetworkRegressor.fit_many(regressors, list(data.values()))
    return regressors


def _wide(problem: Problem) -> nn.Module:
    return nn.Sequential(nn.Linear(problem.n_features, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))


def _error(regressor: NetworkRegressor) -> float:
    X, _ = _data(99, 2_000, noise=0.0)
    return float(np.sqrt(np.mean((regressor.predict(X) - _truth(X)) ** 2)))


def test_few_noisy_rows_are_learned_better_with_the_steps_that_they_choose() -> None:
    data = {seed: _data(seed, 200, noise=1.0) for seed in (0, 1, 2)}
    chosen, fixed = _fitted(_wide, data, steps=900, validation=0.2), _fitted(_wide, data, steps=900)
    for ours, theirs in zip(chosen, fixed, strict=True):
        assert int(ours.fit_info_["steps_chosen"]) < 900
        assert _error(ours) < 0.7 * _error(theirs)


def test_what_a_seed_learns_is_what_a_recipe_of_the_chosen_steps_gives_on_all_rows() -> None:
    data = {4: _data(4, 200, noise=1.0)}
    (ours,) = _fitted(_wide, data, steps=300, validation=0.2)
    (theirs,) = _fitted(_wide, data, steps=int(ours.fit_info_["steps_chosen"]))
    X, _ = data[4]
    assert theirs.recipe.steps < 300
    assert np.array_equal(ours.predict(X), theirs.predict(X))


def test_where_the_full_training_is_best_every_bit_is_as_without_a_choice() -> None:
    data = {seed: _data(seed, 160, noise=0.0) for seed in (0, 1, 2)}
    chosen, fixed = _fitted(plain, data, steps=300, validation=0.2), _fitted(plain, data, steps=300)
    for ours, theirs, (X, _) in zip(chosen, fixed, data.values(), strict=True):
        assert ours.fit_info_["steps_chosen"] == "300"
        assert ours.fit_info_["steps_chosen_by"] == "rows held back"
        assert float(ours.fit_info_["held_back_error_300"]) < float(ours.fit_info_["held_back_error_10"])
        assert np.array_equal(ours.predict(X), theirs.predict(X))


@pytest.mark.parametrize("none", [None, 0, 0.0, np.float64(0)])
def test_without_a_share_nothing_is_chosen_or_said(none: float | None) -> None:
    data = {0: _data(0, 200, noise=1.0)}
    (ours,), (theirs,) = _fitted(_wide, data, steps=90, validation=none), _fitted(_wide, data, steps=90)
    assert ours.fit_info_.keys() == {"engine", "engine_reason"}
    assert ours.get_params() == theirs.get_params()
    assert np.array_equal(ours.predict(data[0][0]), theirs.predict(data[0][0]))


@pytest.mark.parametrize("n_rows", [1, 5, 47])
def test_too_few_rows_to_hold_any_back_leave_the_full_training(n_rows: int) -> None:
    data = {0: _data(0, n_rows, noise=1.0)}
    (ours,), (theirs,) = _fitted(plain, data, steps=30, validation=0.2), _fitted(plain, data, steps=30)
    assert {name: ours.fit_info_[name] for name in ours.fit_info_ if name.startswith(("steps", "held"))} == {
        "steps_chosen": "30",
        "steps_chosen_by": "too few rows to hold any back",
    }
    assert np.array_equal(ours.predict(data[0][0]), theirs.predict(data[0][0]))


def test_many_rows_that_are_learned_well_cost_no_second_training(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = _spied(monkeypatch)
    X, _ = _data(0, 2_000, noise=0.0)
    (ours,) = _fitted(linear, {0: (X, X[:, 0])}, steps=900, validation=0.2)
    assert ours.fit_info_["steps_chosen_by"] == "a small error on the training rows"
    assert len(jobs) == 1


def _spied(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Return the list of jobs that are trained from now on."""
    jobs: list[Job] = []
    original: Callable[[Job], list[Trained]] = engine.train

    def train(job: Job) -> list[Trained]:
        jobs.append(job)
        return original(job)

    monkeypatch.setattr(engine, "train", train)
    return jobs


def test_candidates_see_training_rows_alone_and_none_that_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = _spied(monkeypatch)
    data = {seed: _data(seed, 200, noise=1.0) for seed in (5, 6)}
    _fitted(_wide, data, steps=30, validation=0.2, divisors=(1.0, 1.0))
    full, *candidates = jobs[:5]
    assert [job.recipe.steps for job in candidates] == [30, 10, 3, 1]
    assert all(job.recipe == replace(full.recipe, steps=job.recipe.steps, validation=None) for job in candidates)
    for slot, (seed, (X, y)) in enumerate(data.items()):
        kept = split(200, 0.2, seed).kept
        assert len(kept) == 160
        assert np.array_equal(full.inputs[slot], X)
        for job in candidates:
            assert (job.seeds[slot], job.problem) == (seed, PAIR)
            assert np.array_equal(job.inputs[slot], X[kept])
            assert np.array_equal(job.targets[slot], y[kept])


def test_candidates_are_scaled_by_what_they_are_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = _spied(monkeypatch)
    _fitted(plain, {5: _data(5, 200, noise=1.0)}, steps=30, validation=0.2)
    for job in jobs[1:5]:
        assert job.inputs[0].mean(axis=0) == pytest.approx(np.zeros(6), abs=1e-12)
        assert job.targets[0].std() == pytest.approx(1.0)


_LEARNING: dict[str, Any] = {"steps": 90, "validation": 0.2, "batch_size": 16, "learning_rate": 0.1}


@pytest.mark.parametrize(
    ("factory", "seeds"), [(plain, (0, 1, 2, 3, 5)), (layer_norm, (0, 1)), (Branching, (0, 1, 2, 3, 5))]
)
def test_a_seeds_choice_and_bits_do_not_depend_on_its_company(factory: Factory, seeds: tuple[int, ...]) -> None:
    # Even ones learn without noise and stay with all steps, of the odd ones some choose fewer.
    data = {seed: _data(seed, 64, noise=3.0 * (seed % 2)) for seed in seeds}
    together = _fitted(factory, data, **_LEARNING)
    chosen = {int(each.fit_info_["steps_chosen"]): each for each in together}
    assert 90 in chosen
    assert len(chosen) > 1
    ours = chosen[min(chosen)]
    (alone,) = _fitted(factory, {ours.seed: data[ours.seed]}, **_LEARNING)
    assert alone.fit_info_ == ours.fit_info_
    assert np.array_equal(alone.predict(data[0][0]), ours.predict(data[0][0]))


def _with_an_enormous_row(seed: int, row: int) -> Rows:
    """Return rows of which one has a target whose square is beyond float32."""
    X, y = _data(seed, 160, noise=0.0)
    y[row] = 1e30
    return X, y


@pytest.mark.parametrize("part", ["kept", "held_back"])
def test_where_the_full_training_diverges_a_shorter_one_is_taken(part: str) -> None:
    # On a row that it reads and the shorter ones do not, whether it is trained on to choose or not.
    order = batches(Recipe(steps=30, batch_size=4), 160, 0)
    late = set(order[10:].ravel()) - set(order[:10].ravel())
    data = {0: _with_an_enormous_row(0, int(min(late & set(getattr(split(160, 0.2, 0), part)))))}
    (fixed,) = _fitted(plain, data, steps=30, batch_size=4, divisors=(1.0, 1.0))
    with pytest.raises(Diverged):
        fixed.predict(data[0][0])
    (ours,) = _fitted(plain, data, steps=30, batch_size=4, divisors=(1.0, 1.0), validation=0.2)
    assert ours.fit_info_["steps_chosen"] in ("1", "3", "10")
    assert ours.fit_info_["held_back_error_30"] == "inf"
    assert np.isfinite(ours.predict(data[0][0])).all()


def test_where_every_training_diverges_the_full_one_says_so_as_ever() -> None:
    data = {0: _with_an_enormous_row(0, int(split(160, 0.2, 0).kept[0]))}
    (ours,) = _fitted(plain, data, steps=30, batch_size=160, divisors=(1.0, 1.0), validation=0.2)
    assert ours.fit_info_["steps_chosen"] == "30"
    with pytest.raises(Diverged, match=r"the loss was no longer finite at step 0$"):
        ours.predict(data[0][0])


def test_a_shorter_training_that_diverges_on_all_rows_leaves_the_full_one(monkeypatch: pytest.MonkeyPatch) -> None:
    original: Callable[[Job], list[Trained]] = engine.train

    def train(job: Job) -> list[Trained]:
        struck = job.n_rows == 200 and job.recipe.steps < 900
        return [replace(each, diverged_at=7) if struck else each for each in original(job)]

    monkeypatch.setattr(engine, "train", train)
    data = {0: _data(0, 200, noise=1.0)}
    (ours,), (theirs,) = _fitted(_wide, data, steps=900, validation=0.2), _fitted(_wide, data, steps=900)
    assert (ours.fit_info_["steps_chosen"], ours.fit_info_["steps_chosen_by"]) == ("900", DIVERGED)
    assert np.array_equal(ours.predict(data[0][0]), theirs.predict(data[0][0]))


def test_a_constant_target_is_no_trouble() -> None:
    X, y = _data(0, 100, noise=0.0)
    (ours,) = _fitted(plain, {0: (X, np.full_like(y, 7.0))}, steps=30, validation=0.2)
    assert ours.predict(X) == pytest.approx(7.0, abs=0.5)


def test_quick_chooses_too_and_brief_does_not() -> None:
    recipe = Recipe(validation=0.2)
    assert (recipe.quick().steps, recipe.quick().validation) == (400, 0.2)
    assert recipe.brief() == Recipe().brief()
    (ours,) = _networks(plain, [0], validation=0.2)
    assert ours.briefly().recipe.validation is None


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_friedman_1_comes_into_the_band_that_is_published_for_networks(model: Model) -> None:
    train, test = noisy.AS_PUBLISHED.drawn(0)
    regressor = model.build(noisy.AS_PUBLISHED.problem, 0)
    regressor.fit(*train)
    assert isinstance(regressor, NetworkRegressor)
    assert int(regressor.fit_info_["steps_chosen"]) < 4_000
    assert 0.21 <= noisy.published_figure(noisy.rmse(regressor, test)) <= 0.29
