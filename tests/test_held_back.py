"""What is done with training rows that are held back: early stopping, a choice of rates, and which rows these are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.base import FloatArray
from models.training import Factory, network
from models.training.engines import choice as engine
from models.training.job import Job, Trained
from models.training.network import NetworkRegressor
from models.training.recipe import Recipe
from models.training.scaling import Scaling, edge, parted, split
from models.training.validation import HELD_BACK, TOO_FEW, RateChoice, Stopped, rate_of
from tests.nets import PAIR, Branching, layer_norm, plain

Rows = tuple[FloatArray, FloatArray]
STOPPING: dict[str, Any] = {"steps": 90, "validation": 0.2, "early_stopping": True, "learning_rate": 0.1}
RATES: dict[str, Any] = {"steps": 30, "validation": 0.2, "learning_rates": (1e-4, 0.02, 3.0)}


def _data(seeds: Sequence[int], n_rows: int = 160) -> dict[int, Rows]:
    found = {}
    for seed in seeds:
        rng = np.random.default_rng((seed, n_rows))
        X = 5 + 3 * rng.standard_normal((n_rows, PAIR.n_features))
        found[seed] = X, 70 * np.sin(X[:, 0]) + 20 * X[:, 1] + 20 * rng.standard_normal(n_rows)
    return found


def _fitted(factory: Factory, data: Mapping[int, Rows], **recipe: Any) -> list[NetworkRegressor]:
    build = network(factory, batch_size=32, **recipe)
    regressors = [each for seed in data if isinstance(each := build(PAIR, seed), NetworkRegressor)]
    NetworkRegressor.fit_many(regressors, list(data.values()))
    return regressors


def _spied(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    jobs: list[Job] = []
    original = engine.train

    def train(job: Job) -> list[Trained]:
        jobs.append(job)
        return original(job)

    monkeypatch.setattr(engine, "train", train)
    return jobs


def test_the_edge_is_where_one_input_is_farthest_from_its_mean_in_units_of_its_sd() -> None:
    X = np.array([[0.0, 0.0], [1.0, 100.0], [-1.0, 0.0], [4.0, 0.0], [0.0, -100.0], [-4.0, 0.0]])
    # The first column has a sd of 2.4, the second of 57.7: rows 1 and 4 are 1.7 sd out, and so are 3 and 5.
    far = (np.abs(X - X.mean(axis=0)) / X.std(axis=0)).max(axis=1)
    assert sorted(np.argsort(far)[-4:]) == [1, 3, 4, 5]
    found = edge(X, 0.5)
    assert len(found.held_back) == 3
    assert {*found.held_back} < {1, 3, 4, 5}
    assert {0, 2} < {*found.kept}
    assert sorted([*found.kept, *found.held_back]) == list(range(6))


def test_the_edge_of_one_input_is_both_ends_and_a_constant_column_has_none() -> None:
    X = np.stack([np.arange(20.0), np.full(20, 7.0)], axis=1)
    assert edge(X, 0.2).held_back.tolist() == [0, 1, 18, 19]
    assert edge(X * 1e6, 0.2).held_back.tolist() == [0, 1, 18, 19]


def test_a_recipe_says_which_rows_are_held_back() -> None:
    X = np.random.default_rng(0).standard_normal((50, 3))
    at_random, at_edge = (parted(Recipe(validation=0.2, validation_rows=each), X, 3) for each in ("random", "edge"))
    assert np.array_equal(at_random.held_back, split(50, 0.2, 3).held_back)
    assert np.array_equal(at_edge.held_back, edge(X, 0.2).held_back)


@pytest.mark.parametrize("rows", ["random", "edge"])
def test_early_stopping_is_one_training_on_the_other_rows_by_their_own_scale(
    rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = _spied(monkeypatch)
    data = _data([5, 6])
    found = _fitted(layer_norm, data, validation_rows=rows, **STOPPING)
    (job,) = jobs
    for slot, (seed, (X, y)) in enumerate(data.items()):
        part = parted(found[0].recipe, X, seed)
        scaling = Scaling.of(X[part.kept], y[part.kept], (1, 6))
        assert np.array_equal(job.inputs[slot], scaling.inputs(X[part.kept]))
        assert np.array_equal(job.targets[slot], scaling.targets(y[part.kept]))
        assert job.held_back is not None
        assert np.array_equal(job.held_back[slot][0], scaling.inputs(X[part.held_back]))
        assert np.array_equal(job.held_back[slot][1], scaling.targets(y[part.held_back]))
        stopped = found[slot]._trained.stopped
        assert stopped is not None
        error = found[slot].predict(X[part.held_back]) - y[part.held_back]
        assert np.mean((error / scaling.y_sd) ** 2) == pytest.approx(stopped.loss, rel=1e-5)


def test_a_record_says_after_which_step_it_was_best_and_after_which_it_ended() -> None:
    (found,) = _fitted(plain, _data([5]), **STOPPING)
    notes = found.fit_info_
    assert notes.keys() == {"engine", "engine_reason", "best_step", "ended_at_step", "held_back_loss"}
    assert 0 < int(notes["best_step"]) <= int(notes["ended_at_step"]) <= 90
    assert Stopped(7, 27, 0.12345).notes == {"best_step": "7", "ended_at_step": "27", "held_back_loss": "0.1235"}


@pytest.mark.parametrize("factory", [plain, layer_norm, Branching])
@pytest.mark.parametrize("options", [STOPPING, RATES, RATES | {"early_stopping": True, "validation_rows": "edge"}])
def test_a_seeds_choice_and_bits_do_not_depend_on_its_company(options: dict[str, Any], factory: Factory) -> None:
    data = _data([0, 4, 7])
    _, together, _ = _fitted(factory, data, **options)
    (alone,) = _fitted(factory, {4: data[4]}, **options)
    assert alone.fit_info_ == together.fit_info_
    assert alone.predict(data[4][0]).tobytes() == together.predict(data[4][0]).tobytes()


def test_with_too_few_rows_all_are_trained_on_for_all_steps() -> None:
    data = _data([5], n_rows=47)
    (ours,), (theirs,) = _fitted(plain, data, **STOPPING), _fitted(plain, data, steps=90, learning_rate=0.1)
    assert ours.fit_info_["not_stopped_by"] == TOO_FEW
    assert ours.predict(data[5][0]).tobytes() == theirs.predict(data[5][0]).tobytes()
    (ours,) = _fitted(plain, data, **RATES)
    (theirs,) = _fitted(plain, data, steps=30, learning_rate=1e-4)
    assert (ours.fit_info_["learning_rate_chosen"], ours.fit_info_["learning_rate_chosen_by"]) == ("0.0001", TOO_FEW)
    assert ours.predict(data[5][0]).tobytes() == theirs.predict(data[5][0]).tobytes()


@pytest.mark.parametrize("more", [{}, {"early_stopping": True}, {"loss": "mae", "validation_rows": "edge"}])
def test_with_rates_to_choose_from_all_is_as_if_the_best_had_been_given(more: dict[str, Any]) -> None:
    data = _data([5, 6])
    chosen = _fitted(layer_norm, data, **RATES, **more)
    for ours, (seed, (X, y)) in zip(chosen, data.items(), strict=True):
        rate = float(ours.fit_info_["learning_rate_chosen"])
        options = {name: value for name, value in RATES.items() if name != "learning_rates"} | more
        (theirs,) = _fitted(layer_norm, {seed: (X, y)}, learning_rate=rate, **options)
        assert ours.predict(X).tobytes() == theirs.predict(X).tobytes()
        assert ours.fit_info_.items() > theirs.fit_info_.items()
        assert rate == 0.02
        assert ours.fit_info_["learning_rate_chosen_by"] == HELD_BACK


@pytest.mark.parametrize("loss", ["mse", "mae"])
def test_the_rates_are_compared_by_the_recipes_loss_on_the_rows_held_back(loss: Any) -> None:
    ((seed, (X, y)),) = _data([5]).items()
    (ours,) = _fitted(layer_norm, {seed: (X, y)}, loss=loss, **RATES)
    part = split(len(y), 0.2, seed)
    for rate in RATES["learning_rates"]:
        (trial,) = _fitted(layer_norm, {seed: (X[part.kept], y[part.kept])}, loss=loss, steps=30, learning_rate=rate)
        errors = (trial.predict(X[part.held_back]) - y[part.held_back]) / y[part.kept].std()
        expected = np.mean(errors**2) if loss == "mse" else np.mean(np.abs(errors))
        assert float(ours.fit_info_[f"held_back_loss_at_{rate:g}"]) == pytest.approx(expected, rel=1e-3)


def test_a_rate_that_diverges_is_not_chosen_and_where_all_do_the_first_stands() -> None:
    assert rate_of({1.0: np.inf, 0.1: 2.0, 0.01: 2.0}) == RateChoice(0.1, HELD_BACK, {1.0: np.inf, 0.1: 2.0, 0.01: 2.0})
    assert rate_of({1.0: np.inf, 0.1: np.inf}).rate == 1.0
    (found,) = _fitted(plain, _data([5]), **RATES | {"learning_rates": (1e30, 0.02)})
    assert found.fit_info_["held_back_loss_at_1e+30"] == "inf"
    assert found.fit_info_["learning_rate_chosen"] == "0.02"


def test_a_callback_hears_of_the_training_that_counts_and_of_no_trial() -> None:
    said: list[int] = []
    options = RATES | {"steps": 12, "callback": lambda step, losses: said.append(step)}
    (found,) = _fitted(plain, _data([5]), **options)
    steps = list(range(12))
    chosen = int(found.fit_info_["steps_chosen"])
    assert said == [*steps, *(range(chosen) if chosen < 12 else ())]
    said.clear()
    (found,) = _fitted(plain, _data([5]), **options, early_stopping=True)
    assert said == list(range(int(found.fit_info_["ended_at_step"])))


def test_the_choice_of_steps_may_be_made_at_the_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = _spied(monkeypatch)
    data = _data([5])
    _fitted(plain, data, steps=30, validation=0.2, validation_rows="edge", divisors=(1.0, 1.0))
    X, _ = data[5]
    for job in jobs[1:5]:
        assert np.array_equal(job.inputs[0], X[edge(X, 0.2).kept])
        assert job.recipe == replace(job.recipe, validation=None, validation_rows="random")


def test_practice_chooses_nothing_and_calls_nothing() -> None:
    recipe = Recipe(validation=0.2, early_stopping=True, learning_rates=(0.5, 0.1), callback=print)
    assert recipe.brief() == Recipe(learning_rate=0.5).brief()
    assert recipe.quick() == replace(recipe, steps=400)
