"""What a factory may return, and that a fresh module's weights are a function of its seed alone."""

import random
from collections.abc import Callable
from typing import cast

import numpy as np
import pytest
import torch
from torch import nn

from models.base import Problem
from models.training import Factory
from models.training.engines import choice as engine
from models.training.fresh import initial_module, initial_modules
from models.training.job import WrongNetwork
from models.training.recipe import Recipe
from tests.nets import PAIR, ComplexWeights, job, layer_norm, plain

BRIEF = Recipe(steps=3, batch_size=32)
ONE = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 1))
HEAD = nn.Linear(8, 1)
VALUES = torch.zeros(8, 6)


def _with_one_head(problem: Problem) -> nn.Module:
    return nn.Sequential(nn.Linear(6, 8), nn.Tanh(), HEAD)


def _with_one_memory(problem: Problem) -> nn.Module:
    first = nn.Linear(6, 8)
    first.weight = nn.Parameter(VALUES)
    return nn.Sequential(first, nn.Tanh(), nn.Linear(8, 1))


def _from_own_stream(problem: Problem) -> nn.Module:
    module = nn.Linear(6, 1)
    with torch.no_grad():
        module.weight.copy_(torch.from_numpy(np.random.default_rng().normal(size=(1, 6))))
    return module


def _frozen(problem: Problem) -> nn.Module:
    return plain(problem).requires_grad_(False)


def _unused_lazy(problem: Problem) -> nn.Module:
    module = nn.Linear(6, 1)
    module.extra = nn.LazyLinear(3)
    return module


REFUSED: dict[str, tuple[Callable[[Problem], object], str]] = {
    "one module": (lambda problem: ONE, "'<lambda>' returned the same module twice; every seed trains weights of its"),
    "one head": (_with_one_head, "'_with_one_head' returned two modules that share '2.weight'; every seed trains"),
    "one memory": (
        _with_one_memory,
        r"returned two modules that share '0.weight'; .*: build a new module at",
    ),
    "own stream": (_from_own_stream, "gave two different modules for one seed: 'weight' differs; draw from the global"),
    "None": (lambda problem: None, "returned None, expected an nn.Module; is a return missing?"),
    "a class": (lambda problem: nn.ReLU, "returned the class ReLU, expected an instance of it"),
    "an array": (lambda problem: np.zeros(3), "returned an object of type ndarray, expected an nn.Module"),
    "no parameter": (lambda problem: nn.ReLU(), "returned a ReLU without a parameter to train"),
    "all frozen": (_frozen, "returned a Sequential without a parameter to train"),
    "unused lazy": (_unused_lazy, "never calls its lazy layer of 'extra.weight', so that it has no shape"),
}


@pytest.mark.parametrize("name", ["auto", "stack", "traced", "loop"])
@pytest.mark.parametrize("kind", REFUSED)
def test_what_no_seed_can_train_is_refused_by_every_engine(kind: str, name: str) -> None:
    factory, words = REFUSED[kind]
    recipe = Recipe(steps=3, batch_size=32, engine=name)  # type: ignore[arg-type]
    for seeds in ([0], [0, 1]):
        with pytest.raises(WrongNetwork, match=words):
            engine.train(job(cast(Factory, factory), seeds, recipe))


def test_a_pool_of_modules_is_refused_though_two_calls_differ() -> None:
    pool = [plain(PAIR) for _ in range(3)]
    calls = iter(range(100))
    with pytest.raises(WrongNetwork, match="returned the same module twice"):
        initial_modules(job(lambda problem: pool[next(calls) % 3], range(4), BRIEF))


def _from_numpy_and_python(problem: Problem) -> nn.Module:
    module = nn.Linear(6, 1)
    with torch.no_grad():
        module.weight.copy_(torch.from_numpy(np.random.randn(1, 6)))  # noqa: NPY002
        module.bias.fill_(random.random())  # noqa: S311
    return module


def test_weights_may_come_from_the_streams_of_numpy_and_python_which_stay_as_they_were() -> None:
    one = job(_from_numpy_and_python, [3], BRIEF)
    np.random.seed(1)  # noqa: NPY002
    random.seed(1)
    before = np.random.get_state()[1].tolist(), random.getstate()  # type: ignore[index] # noqa: NPY002
    first, second = (initial_module(one, seed).state_dict() for seed in (3, 4))
    assert (np.random.get_state()[1].tolist(), random.getstate()) == before  # type: ignore[index] # noqa: NPY002
    np.random.seed(2)  # noqa: NPY002
    random.seed(2)
    again = initial_module(one, 3).state_dict()
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not any(torch.equal(first[name], second[name]) for name in first)


def _always_the_same(problem: Problem) -> nn.Module:
    module = plain(problem)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.linspace(-1, 1, parameter.numel()).reshape(parameter.shape))
    return module


def test_weights_need_not_depend_on_the_seed() -> None:
    first, second = initial_modules(job(_always_the_same, (0, 1), BRIEF))
    assert torch.equal(next(first.parameters()), next(second.parameters()))


def _lazy(problem: Problem) -> nn.Module:
    return nn.Sequential(nn.LazyLinear(16), nn.Tanh(), nn.LazyLinear(1))


def _lazy_norm(problem: Problem) -> nn.Module:
    return nn.Sequential(nn.LazyLinear(16), nn.LazyBatchNorm1d(), nn.Dropout(0.5).eval(), nn.LazyLinear(1))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_lazy_layers_start_as_the_layers_that_they_become(dtype: str) -> None:
    recipe = Recipe(steps=3, dtype=dtype)  # type: ignore[arg-type]
    lazy, known = (initial_module(job(factory, [2], recipe), 2) for factory in (_lazy, plain))
    for (name, ours), theirs in zip(lazy.named_parameters(), known.parameters(), strict=True):
        assert ours.dtype is theirs.dtype, name
        assert torch.equal(ours, theirs), name
    (trained,) = engine.train(job(_lazy, [2], recipe))
    assert trained.engine == "stack"


def test_settling_lazy_layers_leaves_every_layers_mode_as_it_was() -> None:
    module = initial_module(job(_lazy_norm, [0], BRIEF), 0)
    assert [each.training for each in module] == [True, True, False, True]  # type: ignore[attr-defined]
    assert module.training
    assert module[1].num_batches_tracked == 0  # type: ignore[index]


def _compiled(problem: Problem) -> nn.Module:
    return cast(nn.Module, torch.compile(plain(problem)))


def _compiled_in_parts(problem: Problem) -> nn.Module:
    first, rest = nn.Linear(problem.n_features, 16), nn.Sequential(nn.Tanh(), nn.Linear(16, 1))
    return nn.Sequential(first, cast(nn.Module, torch.compile(rest)))


def _compiled_in_place(problem: Problem) -> nn.Module:
    module = plain(problem)
    module.compile()
    return module


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of torch's own compiler
@pytest.mark.parametrize("factory", [_compiled, _compiled_in_parts, _compiled_in_place])
def test_a_compiled_module_trains_as_the_plain_one_bit_for_bit(factory: Factory) -> None:
    (ours,), (plainly,) = (engine.train(job(each, [1], BRIEF)) for each in (factory, plain))
    X = job(plain, [1], BRIEF).inputs[0]
    assert ours.engine == "stack"
    assert np.array_equal(ours.predict(X), plainly.predict(X))


@pytest.mark.parametrize(("dtype", "kept"), [("float32", torch.complex64), ("float64", torch.complex128)])
def test_complex_weights_stay_complex(dtype: str, kept: torch.dtype) -> None:
    one = job(ComplexWeights, [0], Recipe(steps=2, dtype=dtype))  # type: ignore[arg-type]
    for name in ("traced", "loop"):
        (trained,) = engine.ENGINES[name](one)
        weight = trained.module.get_parameter("first")
        assert weight.dtype is kept
        assert weight.imag.abs().min() > 0


def test_a_module_of_other_layers_starts_as_its_factory_made_it() -> None:
    torch.manual_seed(7)
    expected = layer_norm(PAIR).state_dict()
    ours = initial_module(job(layer_norm, [7], BRIEF), 7).state_dict()
    assert all(torch.equal(ours[name], expected[name]) for name in expected)
