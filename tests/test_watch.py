"""What is done between two steps: callbacks that are told the losses, and looks at rows held back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import inf, nan
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.base import Problem
from models.training import Factory
from models.training.engines import choice as engine
from models.training.engines.watch import CallbackError
from models.training.job import Job, Unsuitable, WrongNetwork
from models.training.recipe import Recipe
from models.training.validation import Stopped, look_every, patience
from tests.nets import Branching, Counting, batch_norm, dropouts, job, layer_norm, plain
from tests.plain_torch import COMPANIES, ENGINES, GENERAL, RECIPE, adam, steps


class Told:
    """A callback that keeps what it is told."""

    def __init__(self) -> None:
        self.said: list[tuple[int, dict[int, float]]] = []

    def __call__(self, step: int, losses: Mapping[int, float]) -> None:
        self.said.append((step, dict(losses)))


@pytest.mark.parametrize(("name", "factory"), ENGINES)
def test_a_callback_is_told_every_step_and_the_loss_of_each_seed(name: str, factory: Factory) -> None:
    told = Told()
    one = job(factory, [3, 5], replace(RECIPE, callback=told))
    engine.ENGINES[name](one)
    for seed in (3, 5):
        theirs = [loss for _, loss in steps(one.at([one.seeds.index(seed)]), adam)]
        ours = [(step, losses[seed]) for step, losses in told.said if seed in losses]
        assert [step for step, _ in ours] == list(range(12))
        assert [loss for _, loss in ours] == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize(("name", "factory"), [*ENGINES, ("traced", dropouts), ("loop", dropouts)])
def test_a_callback_changes_no_bit(name: str, factory: Factory) -> None:
    def drawing(step: int, losses: Mapping[int, float]) -> None:
        torch.rand(3)
        np.random.rand(3)  # noqa: NPY002 - what an author may draw from

    one = job(factory, [3, 5], replace(RECIPE, dtype="float32"))
    watched = replace(one, recipe=replace(one.recipe, callback=drawing))
    for ours, theirs, X in zip(engine.ENGINES[name](watched), engine.ENGINES[name](one), one.inputs, strict=True):
        assert np.array_equal(ours.predict(X), theirs.predict(X))


@pytest.mark.parametrize(("name", "factory"), ENGINES)
def test_a_callback_can_change_nothing_and_its_error_says_where(name: str, factory: Factory) -> None:
    def meddling(step: int, losses: Mapping[int, float]) -> None:
        if step == 3:
            losses[3] = 0.0  # type: ignore[index]

    said = r"^the callback 'meddling' raised at step 3: TypeError: 'mappingproxy' object does not support item"
    with pytest.raises(CallbackError, match=said):
        engine.ENGINES[name](job(factory, [3], replace(RECIPE, callback=meddling)))


@pytest.mark.parametrize("name", ["stack", "traced", "loop"])
def test_a_seed_that_diverges_is_told_once_and_no_more(name: str) -> None:
    told = Told()
    one = job(plain, [3, 5], replace(RECIPE, dtype="float32", batch_size=160, callback=told))
    one = replace(one, targets=[np.full(160, 1e30), one.targets[1]])
    trained = engine.ENGINES[name](one)
    assert [each.diverged_at for each in trained] == [0, None]
    assert [(step, losses[3]) for step, losses in told.said if 3 in losses] == [(0, inf)]
    assert [step for step, losses in told.said if 5 in losses] == list(range(12))


def _stopping(factory: Factory, seeds: list[int], recipe: Recipe, *, noise: float = 1.0) -> Job:
    """Return the job of learning noisy targets, with 40 rows of each seed held back."""
    one = job(factory, seeds, recipe)
    rows = []
    noisy = []
    for seed, y in zip(one.seeds, one.targets, strict=True):
        rng = np.random.default_rng((seed, 1))
        X = rng.standard_normal((40, one.problem.n_features))
        rows.append((X, np.sin(X[:, 0]) + X[:, 1] * X[:, -1] + noise * rng.standard_normal(40)))
        noisy.append(y + noise * rng.standard_normal(len(y)))
    return replace(one, targets=noisy, held_back=rows)


def _by_plain_torch(one: Job) -> tuple[dict[str, Tensor], Stopped]:
    """Return the first seed's best weights by a look after every step, and when that was."""
    assert one.held_back is not None
    X, y = (torch.tensor(each) for each in one.held_back[0])
    best, least, best_step, count = {}, inf, 0, 0
    for count, (module, _) in enumerate(steps(one, adam), 1):
        with torch.no_grad():
            loss = nn.functional.mse_loss(module.eval()(X).squeeze(1), y).item()
        module.train()
        if loss < least:
            best, least, best_step = {n: w.clone() for n, w in module.state_dict().items()}, loss, count
        elif count - best_step >= 20:
            break
    return best, Stopped(best_step, count, least)


@pytest.mark.parametrize(("name", "factory"), [*GENERAL, ("traced", batch_norm), ("loop", batch_norm)])
def test_the_weights_of_the_best_look_are_restored(name: str, factory: Factory) -> None:
    one = _stopping(factory, [3, 5], replace(RECIPE, steps=90, learning_rate=0.1))
    ours, _ = engine.ENGINES[name](one)
    best, stopped = _by_plain_torch(one)
    assert ours.stopped is not None
    assert (ours.stopped.best_step, ours.stopped.ended_at) == (stopped.best_step, stopped.ended_at)
    assert ours.stopped.best_step < ours.stopped.ended_at < 90
    assert ours.stopped.loss == pytest.approx(stopped.loss, rel=1e-6)
    for what, tensor in ours.module.state_dict().items():
        np.testing.assert_allclose(tensor, best[what], rtol=1e-6, atol=1e-9, err_msg=what)


@pytest.mark.parametrize(("name", "factory"), [("traced", layer_norm), ("traced", batch_norm), ("loop", dropouts)])
def test_what_a_seed_keeps_does_not_depend_on_its_company(name: str, factory: Factory) -> None:
    recipe = replace(RECIPE, steps=60, learning_rate=0.1, dtype="float32")
    said = set()
    for company in COMPANIES:
        one = _stopping(factory, company, recipe)
        found = engine.ENGINES[name](one)[company.index(4)]
        said.add((found.predict(one.inputs[company.index(4)]).tobytes(), found.stopped))
    assert len(said) == 1


def test_seeds_stop_at_steps_of_their_own_and_the_callback_hears_of_each_until_then() -> None:
    told = Told()
    one = _stopping(layer_norm, [3, 4, 5], replace(RECIPE, steps=90, learning_rate=0.1, callback=told))
    stopped = [each.stopped for each in engine.ENGINES["traced"](one)]
    ends = [each.ended_at for each in stopped if each is not None]
    assert len(set(ends)) > 1
    for seed, ended_at in zip(one.seeds, ends, strict=True):
        assert [step for step, losses in told.said if seed in losses] == list(range(ended_at))


def test_looks_come_after_each_hundredth_and_after_the_last_step() -> None:
    assert (look_every(4_000), patience(4_000)) == (40, 800)
    assert (look_every(250), patience(250)) == (2, 40)
    assert (look_every(7), patience(7)) == (1, 20)
    (found,) = engine.ENGINES["loop"](_stopping(plain, [3], replace(RECIPE, steps=251), noise=0.0))
    assert found.stopped is not None
    assert found.stopped.ended_at == 251
    assert found.stopped.best_step in range(200, 252)


@pytest.mark.parametrize("name", ["traced", "loop"])
def test_a_training_that_diverges_after_a_look_keeps_its_best_weights(name: str) -> None:
    one = _stopping(plain, [3], replace(RECIPE, dtype="float32", batch_size=16))
    targets = one.targets[0].copy()
    # A row that the first epoch of ten batches reads in its last one.
    targets[np.random.default_rng((3, 0)).permutation(160)[-1]] = 1e30
    (found,) = engine.ENGINES[name](replace(one, targets=[targets]))
    assert (found.diverged_at, found.stopped and found.stopped.ended_at) == (None, 9)
    assert np.isfinite(found.predict(one.inputs[0])).all()


@pytest.mark.parametrize("name", ["traced", "loop"])
def test_a_training_that_diverges_before_the_first_look_has_diverged(name: str) -> None:
    one = _stopping(plain, [3], replace(RECIPE, dtype="float32", batch_size=160))
    (found,) = engine.ENGINES[name](replace(one, targets=[np.full(160, 1e30)]))
    assert (found.diverged_at, found.stopped) == (0, Stopped(0, 0, inf))


def test_what_a_module_counts_is_restored_with_its_weights() -> None:
    (found,) = engine.train(_stopping(Counting, [3], replace(RECIPE, steps=60, learning_rate=0.1)))
    assert isinstance(found.module, Counting)
    assert found.stopped is not None
    assert found.module.calls == found.stopped.best_step


def test_early_stopping_has_no_closed_form() -> None:
    one = _stopping(plain, [3], RECIPE)
    with pytest.raises(Unsuitable, match="it stops early"):
        engine.ENGINES["stack"](one)
    assert engine.train(one)[0].reason == "general engine: it stops early"


class Uncopyable(Branching):
    def __deepcopy__(self, memo: Any) -> nn.Module:
        raise TypeError("there is one of me")


def test_a_module_that_cannot_be_copied_is_refused_with_what_to_do() -> None:
    said = r"this Uncopyable cannot be copied: there is one of me; leave early_stopping out"
    with pytest.raises(WrongNetwork, match=said):
        engine.train(_stopping(Uncopyable, [3], RECIPE))


class NothingAtLast(nn.Module):
    """Gives no number in evaluation."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.out = nn.Linear(problem.n_features, 1)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.out(x)
        return output if self.training else output * nan


def test_without_a_finite_look_the_last_weights_stand() -> None:
    (found,) = engine.train(_stopping(NothingAtLast, [3], RECIPE))
    assert found.stopped == Stopped(12, 12, inf)


def test_a_callback_may_be_any_callable() -> None:
    said: list[int] = []
    callback: Callable[..., object] = lambda *given: said.append(given[0])  # noqa: E731 - any callable
    engine.train(job(plain, [3], replace(RECIPE, steps=2, callback=callback)))
    assert said == [0, 1]
