"""What calls of fresh modules show: outputs that do not fit, and training that would not be a seed's own."""

import itertools
import random
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.base import Problem
from models.training import Factory
from models.training.engines import choice as engine
from models.training.engines.probe import probe
from models.training.job import WrongNetwork
from models.training.recipe import Recipe
from tests.nets import Counting, batch_norm, dropout, job, plain

BRIEF = Recipe(steps=3, batch_size=32)
CALLS = 0
STREAM = np.random.default_rng(0)
NUMBERS = (number for number in itertools.count())
NORM = nn.BatchNorm1d(8, affine=False)


def _times(factor: Callable[[], float]) -> Factory:
    """Return a factory of a line that is multiplied by what a function gives at each call."""

    class Line(nn.Module):
        def __init__(self, problem: Problem) -> None:
            super().__init__()
            self.out = nn.Linear(problem.n_features, 1)

        def forward(self, x: Tensor) -> Tensor:
            output: Tensor = self.out(x) * factor()
            return output

    return Line


def _count() -> float:
    global CALLS
    CALLS += 1
    return CALLS


def _enclosing_once() -> Factory:
    calls: list[int] = []

    def count() -> float:
        calls.append(1)
        return len(calls)

    return _times(count)


def _one_norm(problem: Problem) -> nn.Module:
    return nn.Sequential(nn.Linear(6, 8), NORM, nn.Linear(8, 1))


SHARED: dict[str, tuple[Factory, str]] = {
    "global": (_times(_count), "a call changes the global 'CALLS', which the modules of all seeds share; keep what"),
    "stream": (_times(lambda: STREAM.random()), "'STREAM', which the modules of all seeds share"),
    "enclosed": (_enclosing_once(), "a call changes the variable 'calls' of its function 'count', which the modules"),
    "buffer": (_one_norm, "a call changes its buffer '1.running_mean', which the modules of all seeds share"),
    "generator": (_times(lambda: next(NUMBERS)), "two modules of one seed give different outputs for the same rows"),
    "own stream": (_times(lambda: np.random.default_rng().random()), "outputs for the same rows; draw from"),
}


@pytest.mark.parametrize("name", ["auto", "traced", "loop"])
@pytest.mark.parametrize("kind", SHARED)
def test_what_seeds_would_share_is_refused_with_what_to_do(kind: str, name: str) -> None:
    factory, words = SHARED[kind]
    recipe = Recipe(steps=3, batch_size=32, engine=name)  # type: ignore[arg-type]
    with pytest.raises(WrongNetwork, match=words):
        engine.train(job(factory, (0, 1), recipe))


class Gives(nn.Module):
    """Gives the outputs of a layer as a function has them."""

    def __init__(self, how: Callable[[Tensor], object]) -> None:
        super().__init__()
        self.layer, self.how = nn.Linear(6, 2), how

    def forward(self, x: Tensor) -> object:
        return self.how(self.layer(x))


OUTPUTS: dict[str, tuple[Callable[[Tensor], object], str]] = {
    "two": (lambda h: h, r"the module returned \(32, 2\), expected \(32, 1\) or \(32,\)$"),
    "none a row": (lambda h: h.sum(), r"the module returned \(\), expected \(32, 1\) or \(32,\)$"),
    "a row of all": (lambda h: h[:, 0][None], r"the module returned \(1, 32\), expected \(32, 1\) or \(32,\)$"),
    "tuple": (lambda h: (h,), r"the module returned a tuple, expected \(32, 1\) or \(32,\), a tensor$"),
    "complex": (lambda h: torch.complex(h[:, 0], h[:, 1]), "returned complex numbers, expected real ones: take their"),
    "detached": (lambda h: h[:, 0].detach(), "the output of '<lambda>' depends on no weight"),
}


@pytest.mark.parametrize("name", ["auto", "traced", "loop"])
@pytest.mark.parametrize("kind", OUTPUTS)
def test_outputs_that_do_not_fit_are_refused_with_what_was_given(kind: str, name: str) -> None:
    how, words = OUTPUTS[kind]
    recipe = Recipe(steps=3, batch_size=32, engine=name)  # type: ignore[arg-type]
    with pytest.raises(WrongNetwork, match=words):
        engine.train(job(lambda problem: Gives(how), [0], recipe))


@pytest.mark.parametrize("draw", [lambda: np.random.rand(), random.random])  # noqa: NPY002
def test_noise_from_the_streams_of_numpy_and_python_is_the_seeds_own_in_the_loop(draw: Callable[[], float]) -> None:
    one = job(_times(draw), (0, 1), BRIEF)
    together = engine.train(one)
    (alone,) = engine.train(one.at([1]))
    assert alone.reason == "plain loop: it draws from the random stream of numpy or Python"
    assert np.array_equal(alone.predict(one.inputs[1]), together[1].predict(one.inputs[1]))
    state = np.random.get_state()[1].tolist(), random.getstate()  # type: ignore[index] # noqa: NPY002
    engine.train(one)
    assert (np.random.get_state()[1].tolist(), random.getstate()) == state  # type: ignore[index] # noqa: NPY002


@pytest.mark.parametrize("factory", [plain, batch_norm, dropout])
def test_buffers_and_chance_of_torch_are_no_reason(factory: Factory) -> None:
    assert probe(job(factory, [0], BRIEF)) is None


def test_a_count_is_a_reason() -> None:
    assert probe(job(Counting, [0], BRIEF)) == "its attribute 'calls' changes with its calls"
