"""Levenberg and Marquardt's method: as a few lines of numpy have it, and to the last digit where that can be."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from models.base import FloatArray, Problem
from models.training import Factory, network
from models.training.engines import choice as engine
from models.training.engines import levenberg_marquardt
from models.training.job import Job, WrongNetwork
from models.training.network import NetworkRegressor
from models.training.recipe import Recipe
from tests.nets import PAIR, ComplexWeights, batch_norm, dropout, job, layer_norm, plain
from tests.test_phases import Held

RECIPE = Recipe(steps=6, optimizer="levenberg-marquardt", dtype="float64")


def _by_plain_torch(one: Job) -> FloatArray:
    """Return the first seed's predictions; derivatives row by row by backward, the rest in numpy."""
    torch.manual_seed(one.seeds[0])
    module = one.factory(one.problem).double()
    X, y = torch.tensor(one.inputs[0]), torch.tensor(one.targets[0])
    weights = list(module.parameters())

    def residuals(flat: FloatArray) -> torch.Tensor:
        nn.utils.vector_to_parameters(torch.tensor(flat), weights)
        found: torch.Tensor = module(X).squeeze(1) - y
        return found

    flat, mu = nn.utils.parameters_to_vector(weights).detach().numpy().copy(), 0.01
    for _ in range(one.recipe.steps):
        r = residuals(flat)
        rows = [torch.autograd.grad(each, weights, retain_graph=True) for each in r]
        J = np.array([np.concatenate([part.numpy().ravel() for part in row]) for row in rows])
        r_now = r.detach().numpy()
        while True:
            tried = flat - np.linalg.solve(J.T @ J + mu * np.eye(len(flat)), J.T @ r_now)
            if float(residuals(tried).square().sum().detach()) < float(r_now @ r_now):
                break
            mu *= 10
        flat, mu = tried, mu / 10
    residuals(flat)
    predicted: FloatArray = module(X).squeeze(1).detach().numpy()
    return predicted


@pytest.mark.parametrize("factory", [plain, layer_norm])
def test_it_is_what_plain_torch_and_numpy_make_of_it(factory: Factory) -> None:
    one = job(factory, [3, 0], RECIPE)
    ours, _ = engine.train(one)
    assert (ours.engine, ours.reason.rpartition(": ")[2]) == (
        "loop",
        "Levenberg-Marquardt damps its steps, one seed by itself",
    )
    with torch.no_grad():
        said = ours.module.train()(torch.tensor(one.inputs[0])).squeeze(1).numpy()
    np.testing.assert_allclose(said, _by_plain_torch(one), rtol=1e-6, atol=1e-8)


def _line(problem: Problem) -> nn.Module:
    return nn.Linear(problem.n_features, 1)


def test_a_line_is_found_in_steps_that_one_hand_can_count() -> None:
    one = job(_line, [0], RECIPE)
    one = replace(one, targets=[one.inputs[0] @ np.arange(1.0, 7.0) - 3])
    (found,) = engine.train(one)
    np.testing.assert_allclose(found.predict(one.inputs[0]), one.targets[0], rtol=1e-10, atol=1e-10)


def test_a_seeds_bits_do_not_depend_on_its_company() -> None:
    said = set()
    for company in ([4], [9, 4, 0]):
        one, slot = job(plain, company, RECIPE), company.index(4)
        said.add(engine.train(one)[slot].predict(one.inputs[slot]).tobytes())
    assert len(said) == 1


def test_it_ends_where_no_step_lowers_the_sum_of_squares_and_tells_every_step() -> None:
    told: list[tuple[int, float]] = []

    def tell(step: int, losses: Mapping[int, float]) -> None:
        told.append((step, losses[0]))

    one = job(plain, [0], replace(RECIPE, steps=10_000, callback=tell))
    one = replace(one, targets=[np.zeros(160)])
    (found,) = engine.train(one)
    assert [step for step, _ in told] == list(range(len(told)))
    assert 2 < len(told) < 10_000
    assert np.all(np.diff([loss for _, loss in told]) < 0)
    assert np.abs(found.predict(one.inputs[0])).max() < 1e-12


def test_it_stops_early_by_the_rows_held_back() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((200, 6)), rng.standard_normal(200)
    build = network(plain, steps=60, optimizer="levenberg-marquardt", validation=0.2, early_stopping=True)
    regressor = build(PAIR, 0).fit(X, y)
    assert isinstance(regressor, NetworkRegressor)
    assert int(regressor.fit_info_["best_step"]) < int(regressor.fit_info_["ended_at_step"]) < 60


def test_where_it_ends_by_itself_the_last_weights_are_looked_at_and_its_end_is_noted() -> None:
    told: list[int] = []
    rng = np.random.default_rng(0)
    X = rng.standard_normal((100, 6))
    options: dict[str, Any] = {"validation": 0.2, "early_stopping": True, "optimizer": "levenberg-marquardt"}
    build = network(_line, steps=1_000, dtype="float64", callback=lambda step, losses: told.append(step), **options)
    regressor = build(PAIR, 0).fit(X, X @ np.arange(1.0, 7.0))
    assert isinstance(regressor, NetworkRegressor)
    # A look comes after every tenth step, and a line takes fewer.
    assert 0 < len(told) < 10
    assert [regressor.fit_info_[name] for name in ("best_step", "ended_at_step")] == [str(len(told))] * 2
    assert float(regressor.fit_info_["held_back_loss"]) < 1e-20


def test_divergence_is_noted() -> None:
    one = replace(job(plain, [0], RECIPE), targets=[np.full(160, 1e200)])
    assert engine.train(one)[0].diverged_at == 0


@pytest.mark.parametrize(
    ("factory", "said"),
    [
        (Held, "Levenberg-Marquardt trains no module with a penalty or a constraint of its own; use optimizer='adam'"),
        (ComplexWeights, "Levenberg-Marquardt trains real weights, got complex ones; use optimizer='adam'"),
    ],
)
def test_what_it_cannot_train_is_refused(factory: Factory, said: str) -> None:
    with pytest.raises(WrongNetwork, match=said):
        engine.train(job(factory, [0], RECIPE))


def test_a_network_too_large_is_refused_with_the_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levenberg_marquardt, "MOST_NUMBERS", 20_000)
    said = "holds a derivative for each of 129 weights and 160 rows, .* at most 20,000 of either; use optimizer='lbfgs'"
    with pytest.raises(WrongNetwork, match=said):
        engine.train(job(plain, [0], RECIPE))


class _Opaque(torch.autograd.Function):
    """x itself, which cannot be followed along a direction."""

    @staticmethod
    def forward(context: Any, x: torch.Tensor) -> torch.Tensor:
        return x.clone()

    @staticmethod
    def backward(context: Any, *gradients: torch.Tensor) -> torch.Tensor:
        return gradients[0]


@pytest.mark.parametrize("factory", [batch_norm, dropout])
def test_what_differs_from_call_to_call_is_refused(factory: Factory) -> None:
    with pytest.raises(WrongNetwork, match="needs derivatives of every row, which this module refuses"):
        engine.train(job(factory, [0], RECIPE))


def test_a_module_without_derivatives_of_rows_is_refused() -> None:
    class Opaque(nn.Linear):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            found: torch.Tensor = _Opaque.apply(super().forward(x))  # type: ignore[no-untyped-call]
            return found

    with pytest.raises(WrongNetwork, match="needs derivatives of every row, which this module refuses"):
        engine.train(job(lambda problem: Opaque(problem.n_features, 1), [0], RECIPE))
