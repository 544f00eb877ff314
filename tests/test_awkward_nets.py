"""What ordinary modules may do, and few do: each trains as in the plain loop, and a seed as it does alone."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.base import Problem
from models.training import Factory
from models.training.engines import choice as engine
from models.training.engines import loop
from models.training.recipe import Recipe
from tests.nets import Overwriting, job, plain

EXACT = Recipe(steps=40, batch_size=32, dtype="float64")


class Net(nn.Module):
    """A hidden layer of tanh; what a test changes is in its subclasses."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.hidden, self.out = nn.Linear(problem.n_features, 8), nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.out(self.inner(torch.tanh(self.hidden(x))))
        return output

    def inner(self, hidden: Tensor) -> Tensor:
        return hidden


class Masked(Net):
    """A buffer of truth values."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.mask: Tensor
        self.register_buffer("mask", torch.arange(8) % 3 > 0)

    def inner(self, hidden: Tensor) -> Tensor:
        return hidden * self.mask


class Expanded(Net):
    """A buffer of one number, eight times."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.shift: Tensor
        self.register_buffer("shift", torch.full((1,), 0.3, dtype=torch.float64).expand(8))

    def inner(self, hidden: Tensor) -> Tensor:
        return hidden + self.shift


class Growing(Net):
    """A constraint that puts another tensor in the place of a buffer."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.size: Tensor
        self.register_buffer("size", torch.ones(()))

    def inner(self, hidden: Tensor) -> Tensor:
        return self.size * hidden

    def constrain(self, progress: Tensor) -> None:
        self.size = 1 + progress


class Moving(Growing):
    """A constraint that reads and moves a buffer in place, beside a buffer that every call moves."""

    def inner(self, hidden: Tensor) -> Tensor:
        if self.training:
            self.size.add_(0.1)
        return self.size * hidden

    def constrain(self, progress: Tensor) -> None:
        self.size.mul_(0.9)
        self.out.weight.mul_(self.size)


class Orthogonal(Net):
    """A constraint that multiplies matrices: a step of Newton towards an orthogonal one."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        # Nine numbers fill no vector register.
        self.turn = nn.Parameter(torch.eye(9) + 0.1 * torch.randn(9, 9))

    def inner(self, hidden: Tensor) -> Tensor:
        return hidden @ self.turn[:8, :8]

    def constrain(self, progress: Tensor) -> None:
        self.turn.copy_(1.5 * self.turn - 0.5 * self.turn @ self.turn.T @ self.turn)


def shared_memory(problem: Problem) -> nn.Module:
    """Two weights in the same memory."""
    first, second = nn.Linear(6, 6).double(), nn.Linear(6, 6).double()
    second.weight.data = first.weight.data
    return nn.Sequential(first, nn.Tanh(), second, nn.Tanh(), nn.Linear(6, 1))


def shared_memory_in_a_record(problem: Problem) -> nn.Module:
    """The same with an activation that only a record trains."""
    layers = shared_memory(problem).children()
    return nn.Sequential(*(nn.GELU() if type(each) is nn.Tanh else each for each in layers))


def hooked_after_accumulation(problem: Problem) -> nn.Module:
    """Gradients are cut after they were added up, by a hook."""

    def cut(parameter: Tensor) -> None:
        assert parameter.grad is not None
        parameter.grad.clamp_(-0.01, 0.01)

    module = plain(problem)
    for parameter in module.parameters():
        parameter.register_post_accumulate_grad_hook(cut)  # type: ignore[no-untyped-call]
    return module


class Unregistered(Net):
    """A layer in a list, of which nobody is told; it stays as the seed has drawn it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.layers = [nn.Linear(8, 8)]

    def inner(self, hidden: Tensor) -> Tensor:
        layer = self.layers[0]
        return nn.functional.linear(hidden, layer.weight.to(hidden.dtype), layer.bias.to(hidden.dtype))


class Frozen(Unregistered):
    """The same, of which autograd is not told either."""

    def inner(self, hidden: Tensor) -> Tensor:
        with torch.no_grad():
            weight = self.layers[0].weight.to(hidden.dtype) * 2
        return hidden + weight[0]


class SharedMatrix(Net):
    """A matrix that all seeds have in common, and no buffer."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.basis = torch.linspace(-1, 1, 64, dtype=torch.float64).reshape(8, 8)

    def inner(self, hidden: Tensor) -> Tensor:
        return hidden @ self.basis


class Enormous(Net):
    """Constants whose square no number holds, and whose quotient is 0."""

    def inner(self, hidden: Tensor) -> Tensor:
        return hidden + 1 / ((hidden * 1e200) ** 2 + 1) + (hidden * 1e-200) ** 2


class DrawnLast(Net):
    """A draw at the end of every step that nothing reads."""

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.out(torch.tanh(self.hidden(x)) * torch.rand_like(x[:, :1]))
        torch.randn_like(output)
        return output


class Scheduled(Net):
    """A penalty whose weight is a constant times the progress, which all seeds share."""

    def penalty(self, progress: Tensor) -> Tensor:
        return (0.01 * progress) * self.hidden.weight.square().sum() + (0.3 * progress) * self.out.weight.abs().sum()


CASES: dict[str, tuple[Factory, str, str]] = {
    "truth values": (Masked, "traced", ""),
    "expanded": (Expanded, "loop", "'shift' says one number of its memory several times"),
    "another buffer": (Growing, "loop", "its recorded constraint on 'size' is not the one of plain autograd"),
    "buffers moved twice": (Moving, "traced", ""),
    "products in a constraint": (Orthogonal, "traced", ""),
    "shared memory": (shared_memory, "loop", "'0.weight' and '2.weight' share memory"),
    "shared memory, recorded": (shared_memory_in_a_record, "loop", "'0.weight' and '2.weight' share memory"),
    "a hook": (hooked_after_accumulation, "loop", "its '0.weight' carries a hook"),
    "an unregistered layer": (Unregistered, "loop", "it multiplies by a matrix that is none of its own"),
    "an unregistered constant": (Frozen, "traced", ""),
    "a shared matrix": (SharedMatrix, "loop", "it multiplies by a matrix that is none of its own"),
    "enormous constants": (Enormous, "traced", ""),
    "a last draw": (DrawnLast, "traced", ""),
    "a schedule": (Scheduled, "traced", ""),
}


@pytest.mark.parametrize(("factory", "name", "reason"), CASES.values(), ids=CASES)
def test_it_trains_as_in_the_loop(factory: Factory, name: str, reason: str) -> None:
    one = job(factory, (0, 5), EXACT)
    for chosen, slow, X in zip(engine.train(one), loop.train(one), one.inputs, strict=True):
        assert chosen.engine == name, chosen.reason
        assert reason in chosen.reason
        np.testing.assert_allclose(chosen.predict(X), slow.predict(X), rtol=0, atol=1e-9)


@pytest.mark.parametrize("factory", [Moving, Orthogonal, Frozen, Scheduled, DrawnLast])
def test_a_seeds_bits_do_not_depend_on_its_company(factory: Factory) -> None:
    recipe = Recipe(steps=10, batch_size=32)
    said = set()
    for company in ([4], [3, 4], [4, 9, 0], [*range(8)], [*range(10)]):
        one = job(factory, company, recipe)
        trained = engine.train(one)[company.index(4)]
        said.add(trained.predict(one.inputs[company.index(4)]).tobytes())
    assert len(said) == 1


class DrawsInEvaluation(Net):
    """Draws only where it is asked for predictions."""

    def inner(self, hidden: Tensor) -> Tensor:
        return hidden if self.training else hidden + 0.1 * torch.randn_like(hidden)


def test_a_module_that_draws_in_evaluation_says_the_same_twice() -> None:
    one = job(DrawsInEvaluation, [0], EXACT)
    (trained,) = engine.train(one)
    assert trained.engine == "traced"
    assert np.array_equal(trained.predict(one.inputs[0]), trained.predict(one.inputs[0]))


class Unwritten(Overwriting):
    """`Overwriting` that leaves its rows as they are."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.clone())


def test_lbfgs_keeps_its_rows_from_a_module_that_writes_over_them() -> None:
    recipe = Recipe(steps=5, optimizer="lbfgs", dtype="float64")
    jobs = [job(factory, [0], recipe) for factory in (Overwriting, Unwritten)]
    first, second = (engine.train(one)[0].predict(one.inputs[0]) for one in jobs)
    assert np.array_equal(first, second)


@pytest.mark.parametrize("factory", [plain, Net], ids=["stack", "traced"])
def test_a_callback_is_not_called_after_every_seed_has_diverged(factory: Factory) -> None:
    seen: list[int] = []

    def note(step: int, losses: Any) -> None:
        max(losses.values())
        seen.append(step)

    trained = engine.train(job(factory, (0, 1), Recipe(steps=50, learning_rate=1e30, callback=note)))
    assert [each.diverged_at for each in trained] == [seen[-1]] * 2
    assert len(seen) < 10


class SeldomFinite(Net):
    """Says of rows held back what no loss is finite of, for about half of the seeds."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.loud: Tensor
        self.register_buffer("loud", (torch.rand(()) < 0.5).float())

    def inner(self, hidden: Tensor) -> Tensor:
        return hidden if self.training else hidden * torch.where(self.loud > 0, torch.inf, 1.0)


def test_a_seed_whose_looks_are_never_finite_ends_as_it_does_alone() -> None:
    one = job(SeldomFinite, range(6), Recipe(steps=200, batch_size=32, validation=0.2, early_stopping=True))
    one = replace(one, held_back=[(X[:40], y[:40]) for X, y in zip(one.inputs, one.targets, strict=True)])
    together = engine.train(one)
    assert {each.module.get_buffer("loud").item() for each in together} == {0.0, 1.0}
    for position, each in enumerate(together):
        (alone,) = engine.train(one.at([position]))
        assert alone.stopped == each.stopped
        for ours, expected in zip(each.module.parameters(), alone.module.parameters(), strict=True):
            assert torch.equal(ours, expected)
