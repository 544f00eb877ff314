"""What holds for every engine: seeds do not touch each other, and divergence is one seed's own."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.base import Problem
from models.training import Factory
from models.training.engines import choice as engine
from models.training.engines import traced
from models.training.job import Divergence, Job, WrongNetwork, one_thread
from models.training.network import NetworkRegressor
from models.training.recipe import Recipe
from models.training.scaling import batches
from tests.nets import (
    PAIR,
    Attention,
    ComplexWeights,
    Noise,
    RunningMean,
    batch_norm,
    convolution,
    dropout,
    dropouts,
    job,
    layer_norm,
    norms_of_odd_width,
    plain,
    registered,
)

REGISTERED = [pytest.param(regressor, id=name) for name, regressor in registered()]
RECIPE = Recipe(steps=30, batch_size=32)
SETS_OF_20 = replace(PAIR, n_features=20, n_elements=20, n_element_features=1, n_train=70)
COMPANIES = ([4], [4, 4], [3, 4], [9, 4, 0], [0, 1, 2, 3, 9, 8, 4], list(range(10)), list(range(24, -1, -1)))
"""Sets of seeds of sizes 1, 2, 3, 7, 10 and 25; all hold seed 4, in different slots."""
RECORDED = ([4], [3, 4], [9, 4, 0], [0, 1, 2, 3, 9, 8, 4])
"""Fewer of them where each is recorded anew, which takes longer than to train."""


def _digest(one: Job, name: str, seed: int) -> str:
    """Return the hash of one seed's predictions after training the job."""
    slot = list(one.seeds).index(seed)
    return hashlib.sha256(engine.ENGINES[name](one)[slot].predict(one.inputs[slot]).tobytes()).hexdigest()


@pytest.mark.parametrize("name", ["stack", "traced"])
@pytest.mark.parametrize("regressor", REGISTERED)
def test_a_seeds_bits_do_not_depend_on_its_company(regressor: NetworkRegressor, name: str) -> None:
    companies = COMPANIES if name == "stack" else (*RECORDED, COMPANIES[-1])
    digests = {_digest(job(regressor.factory, company, RECIPE), name, 4) for company in companies}
    assert len(digests) == 1


@pytest.mark.parametrize("regressor", REGISTERED)
def test_a_seeds_bits_do_not_depend_on_its_company_in_sets_of_20(regressor: NetworkRegressor) -> None:
    recipe = replace(RECIPE, steps=6, batch_size=70)
    digests = {
        _digest(job(regressor.factory, company, recipe, problem=SETS_OF_20), "stack", 4) for company in COMPANIES
    }
    assert len(digests) == 1


@pytest.mark.parametrize("name", ["stack", "traced"])
def test_a_seeds_bits_do_not_depend_on_its_company_with_rmsprop(name: str) -> None:
    recipe = replace(RECIPE, optimizer="rmsprop")
    companies = COMPANIES if name == "stack" else (*RECORDED, COMPANIES[-1])
    assert len({_digest(job(plain, company, recipe), name, 4) for company in companies}) == 1


@pytest.mark.parametrize(
    "factory",
    [
        *(layer_norm, convolution, Attention, ComplexWeights),
        *(batch_norm, norms_of_odd_width, RunningMean, dropouts, Noise),
    ],
)
def test_a_recorded_seeds_bits_do_not_depend_on_its_company(factory: Factory) -> None:
    digests = {_digest(job(factory, company, RECIPE), "traced", 4) for company in RECORDED}
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("factory", "n_slots"), [(layer_norm, 1), (ComplexWeights, 1), (dropouts, 1), (convolution, 2)]
)
def test_one_seed_alone_is_computed_twice_only_where_its_bits_would_else_be_others(
    factory: Factory, n_slots: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For grouped convolutions torch takes other routines with one group than with many."""
    widths: list[int] = []

    def stacked(one: Job, modules: list[nn.Module]) -> object:
        widths.append(len(modules))
        return original(one, modules)

    original = traced._stacked
    monkeypatch.setattr(traced, "_stacked", stacked)
    traced.train(job(factory, [4], RECIPE))
    assert widths == [1, 2, n_slots]


_IN_A_FRESH_PROCESS = """
import sys
from tests.nets import job, registered
from tests.test_trained import RECIPE, _digest
print(*(_digest(job(regressor.factory, [4], RECIPE), "stack", 4) for _, regressor in registered()))
"""


def test_a_seeds_bits_are_the_same_in_another_process() -> None:
    root = Path(__file__).parents[1]
    run = [sys.executable, "-c", _IN_A_FRESH_PROCESS]
    fresh = subprocess.run(run, cwd=root, capture_output=True, text=True, check=True).stdout.split()
    here = [_digest(job(regressor.factory, COMPANIES[4], RECIPE), "stack", 4) for _, regressor in registered()]
    assert fresh == here


def _with_an_enormous_row(one: Job, slot: int) -> Job:
    """Return the job with a target in one seed's rows whose square is beyond float32."""
    targets = [y.copy() for y in one.targets]
    targets[slot][7] = 1e30
    return replace(one, targets=targets)


@pytest.mark.parametrize("name", ["stack", "traced", "loop"])
def test_divergence_is_noted_with_its_step_and_leaves_the_others_bits_alone(name: str) -> None:
    seeds = (0, 1, 2)
    healthy = job(plain, seeds, RECIPE)
    struck = _with_an_enormous_row(healthy, 1)
    trained = engine.ENGINES[name](struck)
    reads_the_row = (batches(RECIPE, PAIR.n_train, 1) == 7).any(axis=1)
    assert [each.diverged_at for each in trained] == [None, int(np.argmax(reads_the_row)), None]
    for slot, undisturbed in enumerate(engine.ENGINES[name](healthy)):
        same = np.array_equal(trained[slot].predict(healthy.inputs[slot]), undisturbed.predict(healthy.inputs[slot]))
        assert same == (slot != 1)


@pytest.mark.parametrize("name", ["stack", "traced"])
def test_training_ends_once_every_seed_has_diverged(name: str) -> None:
    alone = _with_an_enormous_row(job(plain, [0], replace(RECIPE, batch_size=160)), 0)
    assert engine.ENGINES[name](alone)[0].diverged_at == 0


def test_divergence_keeps_the_first_step_of_each_seed() -> None:
    divergence = Divergence(2)
    assert not divergence.everywhere(0, np.array([[1.0, 1.0], [1.0, np.nan], [2.0, 1.0]]))
    assert divergence.everywhere(3, np.array([[np.inf, np.nan]]))
    assert [each.diverged_at for each in divergence.trained([torch.nn.Identity()] * 2, "stack")] == [3, 1]


def test_chance_in_training_is_a_function_of_the_seed_and_leaves_the_global_stream_alone() -> None:
    torch.manual_seed(99)
    state = torch.get_rng_state()
    together, alone = job(dropout, (0, 1), RECIPE), job(dropout, [1], RECIPE)
    assert _digest(together, "loop", 1) == _digest(alone, "loop", 1)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("name", ["traced", "loop"])
def test_chance_that_goes_on_after_training_is_the_same_in_every_prediction(name: str) -> None:
    one = job(Noise, (0, 1), RECIPE)
    for trained, X in zip(engine.ENGINES[name](one), one.inputs, strict=True):
        torch.rand(3)
        first, second = trained.predict(X), trained.predict(X)
        assert np.array_equal(first, second)


class CountsInEvaluation(nn.Module):
    """Multiplies by the number of its calls."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.calls, self.out = 0, nn.Linear(problem.n_features, 1)

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        output: Tensor = self.out(x) * self.calls
        return output


def test_a_prediction_does_not_depend_on_those_before_it() -> None:
    one = job(CountsInEvaluation, [0], RECIPE)
    (trained,) = engine.train(one)
    assert np.array_equal(trained.predict(one.inputs[0]), trained.predict(one.inputs[0]))


class WiderInEvaluation(nn.Module):
    """One number a row in training and two of them afterwards."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.out = nn.Linear(problem.n_features, 1)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.out(x)
        return output if self.training else torch.cat([output, output], dim=1)


def test_outputs_that_do_not_fit_are_refused_in_predictions_too() -> None:
    (trained,) = engine.train(job(WiderInEvaluation, [0], RECIPE))
    with pytest.raises(WrongNetwork, match=r"the module returned \(5, 2\), expected \(5, 1\) or \(5,\)"):
        trained.predict(np.zeros((5, 6)))


def test_one_thread_computes_on_one_and_restores_the_number() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with one_thread():
            assert torch.get_num_threads() == 1
            assert (torch.tensor([1e-40]) * 0.5).item() == 0.0
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_one_thread_flushes_denormals_and_gives_them_back() -> None:
    smallest = torch.tensor(5e-324, dtype=torch.float64)
    with one_thread():
        assert smallest * 1 == 0
        with one_thread():
            assert smallest * 1 == 0
        assert smallest * 1 == 0
    assert smallest * 1 > 0
