"""Penalties and constraints of a module: every engine that takes them trains as plain torch does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.base import FloatArray, Problem
from models.deep_sets import deep_sets
from models.mlp import tanh_mlp
from models.training.engines import choice as engine
from models.training.engines.full_batch import SCALE
from models.training.job import Job, Unsuitable, WrongNetwork
from models.training.network import NetworkRegressor
from models.training.recipe import Factory, Recipe
from models.training.scaling import batches
from tests.nets import PAIR, job, layer_norm, linear, plain, without_bias

RECIPE = Recipe(steps=12, batch_size=32, dtype="float64")


class Held(nn.Module):
    """Pays for its weights in the second half of training, and holds them in a range that shrinks."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.hidden, self.out = nn.Linear(problem.n_features, 8), nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.out(torch.tanh(self.hidden(x)))
        return output

    def penalty(self, progress: Tensor) -> Tensor:
        return torch.where(progress < 0.5, 0.0, progress) * self.hidden.weight.abs().sum()

    def constrain(self, progress: Tensor) -> None:
        size = 0.4 - 0.2 * progress
        self.hidden.weight.copy_(torch.minimum(torch.maximum(self.hidden.weight, -size), size))


def _by_plain_torch(one: Job) -> nn.Module:
    """Return the first seed's module after training in the words of torch's own tutorials."""
    torch.manual_seed(one.seeds[0])
    module = Held(one.problem).double()
    X, y = torch.tensor(one.inputs[0]), torch.tensor(one.targets[0])
    optimizer = torch.optim.Adam(module.parameters())
    steps = one.recipe.steps
    for step, rows in enumerate(batches(one.recipe, len(X), one.seeds[0])):
        optimizer.param_groups[0]["lr"] = float(one.recipe.rates()[step])
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(module(X[rows]).squeeze(1), y[rows])
        if step / steps >= 0.5:
            loss = loss + step / steps * module.hidden.weight.abs().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        size = 0.4 - 0.2 * step / steps
        module.hidden.weight.data.clamp_(-size, size)
    return module


@pytest.mark.parametrize("name", ["traced", "loop"])
def test_a_penalty_and_a_constraint_are_what_plain_torch_makes_of_them(name: str) -> None:
    one = job(Held, [3], RECIPE)
    (ours,), theirs = engine.ENGINES[name](one), _by_plain_torch(one)
    for (what, weights), expected in zip(ours.module.named_parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(weights.detach(), expected.detach(), rtol=1e-9, atol=1e-12, err_msg=what)


def test_a_seeds_bits_do_not_depend_on_its_company_with_a_penalty_and_a_constraint() -> None:
    recipe = replace(RECIPE, dtype="float32")
    said = set()
    for company in ([4], [9, 4, 0]):
        one = job(Held, company, recipe)
        slot = company.index(4)
        said.add(engine.ENGINES["traced"](one)[slot].predict(one.inputs[slot]).tobytes())
    assert len(said) == 1


def test_a_stack_with_a_penalty_of_its_own_is_not_trained_in_closed_form() -> None:
    def penalised(problem: Problem) -> nn.Module:
        module = plain(problem)
        weight = next(module.parameters())
        module.penalty = lambda progress: progress * weight.square().sum()  # type: ignore[assignment]
        return module

    with pytest.raises(Unsuitable, match="it has a penalty or a constraint of its own"):
        engine.ENGINES["stack"](job(penalised, [0], RECIPE))


class Branching(Held):
    def penalty(self, progress: Tensor) -> Tensor:
        return self.hidden.weight.abs().sum() if progress > 0.5 else progress


class Counting(Held):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.calls = 0

    def constrain(self, progress: Tensor) -> None:
        self.calls += 1
        self.hidden.weight.clamp_(-1 / self.calls, 1 / self.calls)


class ConstrainedOtherwise(Held):
    """Constrains otherwise where many seeds are constrained at once."""

    def constrain(self, progress: Tensor) -> None:
        self.hidden.weight.mul_(0.5 if torch._C._functorch.is_batchedtensor(self.hidden.weight) else 1.0)


@pytest.mark.parametrize(
    ("factory", "reason"),
    [
        (ConstrainedOtherwise, "its recorded constraint on 'hidden.weight' is not the one of plain autograd"),
        (Branching, "it reads a tensor's value as a number"),
        (Counting, "its attribute 'calls' changes with its calls"),
    ],
)
def test_a_schedule_that_a_record_cannot_hold_is_left_to_the_loop(
    factory: Callable[[Problem], nn.Module], reason: str
) -> None:
    (trained,) = engine.train(job(factory, [0], RECIPE))
    assert trained.engine == "loop"
    assert reason in trained.reason


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (0.5, "the module's penalty is a float, expected a tensor with one real number"),
        (torch.zeros(2), r"the module's penalty is of shape \(2,\), expected"),
        (torch.zeros(1, dtype=torch.cfloat), "the module's penalty is complex, expected"),
    ],
)
def test_a_penalty_that_is_no_number_is_refused(given: object, said: str) -> None:
    class Wrong(Held):
        def penalty(self, progress: Tensor) -> Tensor:
            return given  # type: ignore[return-value]

    with pytest.raises(WrongNetwork, match=said):
        engine.train(job(Wrong, [0], RECIPE))


LBFGS = Recipe(steps=5, optimizer="lbfgs", dtype="float64")


def _by_plain_lbfgs(factory: Factory, one: Job) -> FloatArray:
    torch.manual_seed(one.seeds[0])
    module = factory(one.problem).double()
    X, y = torch.tensor(one.inputs[0]), torch.tensor(one.targets[0])
    optimizer = torch.optim.LBFGS(
        module.parameters(), max_iter=5, max_eval=10, tolerance_change=0.0, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = SCALE * nn.functional.mse_loss(module(X).squeeze(1), y)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    predicted: FloatArray = module(X).squeeze(1).detach().numpy()
    return predicted


@pytest.mark.parametrize("factory", [plain, linear, without_bias, deep_sets, layer_norm])
@pytest.mark.parametrize("name", ["auto", "loop"])
def test_lbfgs_is_what_plain_torch_makes_of_all_rows(factory: Factory, name: Literal["auto", "loop"]) -> None:
    recipe = replace(LBFGS, engine=name)
    one = job(factory, (1, 0), recipe)
    trained = engine.train(one)
    closed = name == "auto" and factory is not layer_norm
    assert [each.engine for each in trained] == ["stack" if closed else "loop"] * 2
    np.testing.assert_allclose(trained[0].predict(one.inputs[0]), _by_plain_lbfgs(factory, one), rtol=1e-9, atol=1e-12)
    (alone,) = engine.train(job(factory, [1], recipe))
    assert np.array_equal(alone.predict(one.inputs[0]), trained[0].predict(one.inputs[0]))


def test_lbfgs_says_why_no_faster_engine_took_it() -> None:
    (trained,) = engine.train(job(layer_norm, [0], LBFGS))
    assert trained.reason.endswith("L-BFGS searches along lines, one seed by itself")


def test_lbfgs_still_gains_where_the_loss_is_small() -> None:
    """Curvature below 1e-10 is none to torch: without a scale this training ends at 3.4e-4, however long it is."""
    X = np.linspace(-1.7, 1.7, 100)[:, np.newaxis]
    y = X[:, 0] ** 2
    problem = Problem(n_features=1, n_elements=1, n_element_features=1, n_train=100)
    regressor = NetworkRegressor(tanh_mlp, problem, 0, replace(LBFGS, steps=1_000)).fit(X, y)
    assert np.sqrt(np.mean((regressor.predict(X) - y) ** 2)) < 5e-5


@pytest.mark.parametrize("factory", [plain, layer_norm])
def test_lbfgs_notes_divergence_and_shows_no_batches(factory: Factory) -> None:
    one = job(factory, [0], LBFGS)
    struck = replace(one, targets=[np.full(PAIR.n_train, 1e200)])
    (trained,) = engine.train(struck)
    assert trained.diverged_at is not None
    settings = NetworkRegressor(plain, PAIR, 0, LBFGS).get_params()
    assert [settings[name] for name in ("batch_size", "learning_rate", "schedule")] == [None] * 3


def test_lbfgs_refuses_what_changes_while_a_line_is_searched() -> None:
    with pytest.raises(WrongNetwork, match="L-BFGS trains no module with a penalty or a constraint"):
        engine.train(job(Held, [0], LBFGS))


@pytest.mark.parametrize(("factory", "numbers"), [(plain, 6 * 16 + 16 + 16 + 1), (Held, 6 * 8 + 8 + 8 + 1)])
def test_a_regressor_says_how_many_numbers_were_trained(factory: Callable[[Problem], nn.Module], numbers: int) -> None:
    one = job(factory, [0], Recipe())
    regressor = NetworkRegressor(factory, PAIR, 0, replace(RECIPE, steps=2)).fit(one.inputs[0], one.targets[0])
    assert regressor.parameters() == numbers
    assert not hasattr(regressor, "expression")
