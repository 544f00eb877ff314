"""What a module remembers is found wherever it is kept, and what it does not remember is not held against it."""

import functools
import itertools
import logging
import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.training.state import BUFFER, difference, snapshot, structure, unseen
from tests.nets import PAIR, Attention, ComplexWeights, Recurrent, batch_norm, dropout, layer_norm, plain

CALLS = 0
RECORD: list[int] = []
COUNTER = itertools.count()
SCALES = {"a": 2.0}


class Remembers(nn.Module):
    """Keeps a thing, and does something with it in every call."""

    def __init__(self, kept: Any, use: Callable[[Any], object]) -> None:
        super().__init__()
        self.kept, self.use = kept, use

    def forward(self, x: Tensor) -> Tensor:
        self.use(self.kept)
        return x


class Box:
    """An object with attributes."""

    def __init__(self) -> None:
        self.n = 0


class Slotted:
    """An object with slots."""

    __slots__ = ("n",)

    def __init__(self) -> None:
        self.n = 0


class Named(list[int]):
    """A list with an attribute."""

    n = 0


def _more(box: Any) -> None:
    box.n += 1


def _add_one(array: Any) -> None:
    array += 1


class OnItsClass(nn.Module):
    """Counts on its class."""

    calls = 0

    def forward(self, x: Tensor) -> Tensor:
        type(self).calls += 1
        return x


class InAGlobal(nn.Module):
    """Counts in a global number."""

    def forward(self, x: Tensor) -> Tensor:
        global CALLS
        CALLS += 1
        return x


def _helper() -> None:
    RECORD.append(1)


class InAHelper(nn.Module):
    """Counts in a list that a function which it calls knows."""

    def forward(self, x: Tensor) -> Tensor:
        _helper()
        return x


class InAnIterator(nn.Module):
    """Counts by a global iterator."""

    def forward(self, x: Tensor) -> Tensor:
        next(COUNTER)
        return x


class OnItsFunction(nn.Module):
    """Counts on a function."""

    def forward(self, x: Tensor) -> Tensor:
        on_function.calls = getattr(on_function, "calls", 0) + 1  # type: ignore[attr-defined]
        return x


def on_function() -> None:
    """Be counted on."""


class OwnWeight(nn.Module):
    """Clamps its weight in every call."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2))

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            self.weight.mul_(0.5)
        return x


def _enclosing(factor: int) -> nn.Module:
    calls = [0]

    class Enclosed(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            calls[0] += factor
            return x

    return Enclosed()


def _hooked() -> nn.Module:
    calls = {"n": 0}

    def count(module: nn.Module, given: object, output: object) -> None:
        calls["n"] += 1

    module = nn.Identity()
    module.register_forward_hook(count)
    return module


def _twice(count: Callable[[], None]) -> nn.Module:
    return Remembers(count, lambda kept: kept())


REMEMBERING: dict[str, tuple[Callable[[], nn.Module], str]] = {
    "number": (lambda: Remembers(Box(), _more), "item 'n' of its attribute 'kept'"),
    "slot": (lambda: Remembers(Slotted(), _more), "item 'n' of its attribute 'kept'"),
    "list": (lambda: Remembers([], lambda kept: kept.append(1)), "its attribute 'kept'"),
    "list as long": (lambda: Remembers([1, 2], lambda kept: kept.reverse()), "item 0 of its attribute 'kept'"),
    "dict": (lambda: Remembers({}, lambda kept: kept.update(a=1)), "its attribute 'kept'"),
    "set": (lambda: Remembers(set(), lambda kept: kept.add(1)), "its attribute 'kept'"),
    "array": (lambda: Remembers(np.zeros(3), _add_one), "its attribute 'kept'"),
    "tensor": (lambda: Remembers(torch.zeros(3), _add_one), "its attribute 'kept'"),
    "iterator": (lambda: Remembers(itertools.count(), next), "its attribute 'kept'"),
    "stream of numpy": (
        lambda: Remembers(np.random.default_rng(0), lambda kept: kept.random()),
        "of its attribute 'kept'",
    ),
    "stream of Python": (
        lambda: Remembers(random.Random(0), lambda kept: kept.random()),  # noqa: S311
        "its attribute 'kept'",
    ),
    "stream of torch": (
        lambda: Remembers(torch.Generator(), lambda kept: torch.rand(1, generator=kept)),
        "its attribute 'kept'",
    ),
    "list with a name": (lambda: Remembers(Named(), _more), "its attribute 'kept'"),
    "in a list": (lambda: Remembers([[Box()]], lambda kept: _more(kept[0][0])), "item 'n' of item 0 of item 0 of its"),
    "in a partial": (lambda: _twice(functools.partial(_more, Box())), "item 'n' of item 1 of its attribute 'kept'"),
    "in a method": (lambda: _twice(Remembers([], lambda kept: kept.append(1)).use.__get__([])), "of its attribute"),
    "class": (OnItsClass, "the attribute 'calls' of its class 'OnItsClass'"),
    "global": (InAGlobal, "the global 'CALLS'"),
    "helper": (InAHelper, "the global 'RECORD'"),
    "global iterator": (InAnIterator, "the global 'COUNTER'"),
    "function": (OnItsFunction, "the attribute 'calls' of its function 'on_function'"),
    "weight": (OwnWeight, "its parameter 'weight'"),
    "enclosed": (lambda: _enclosing(1), "item 0 of the variable 'calls' of its function 'forward'"),
    "one of two alike": (
        lambda: nn.Sequential(_enclosing(1), _enclosing(0)),
        "item 0 of the variable 'calls' of its function 'forward'",
    ),
    "other of two alike": (
        lambda: nn.Sequential(_enclosing(0), _enclosing(1)),
        "item 0 of the variable 'calls' of its function 'forward' (2)",
    ),
    "hook": (_hooked, "item 'n' of the variable 'calls' of its function 'count'"),
    "inside": (lambda: nn.Sequential(nn.Identity(), Remembers(Box(), _more)), "item 'n' of its attribute '1.kept'"),
}


@pytest.mark.parametrize("kind", REMEMBERING)
def test_what_changes_with_a_call_is_found_and_named(kind: str) -> None:
    build, words = REMEMBERING[kind]
    module = build()
    before = snapshot(module)
    assert difference(before, snapshot(module)) is None
    module(torch.ones(1, 2))
    found = difference(before, snapshot(module))
    assert words in (found or "")
    assert unseen(before) is None


LOG = logging.getLogger(__name__)


class Uses(nn.Module):
    """Uses globals, a cache, a recursive function and its problem, and changes none of them."""

    def __init__(self) -> None:
        super().__init__()
        self.problem, self.act, self.scale = PAIR, torch.tanh, functools.partial(torch.mul, other=2.0)

    @torch.no_grad()
    def _mask(self, n: int) -> Tensor:
        return torch.eye(n)

    def forward(self, x: Tensor) -> Tensor:
        LOG.debug("called")
        factor = SCALES["a"] * math.sqrt(_fibonacci(5)) * _cached(3)
        output: Tensor = self.scale(self.act(x @ self._mask(x.shape[1]))) * factor
        return output


def _fibonacci(n: int) -> int:
    return n if n < 2 else _fibonacci(n - 1) + _fibonacci(n - 2)


@functools.lru_cache
def _cached(n: int) -> float:
    return 1.0 / n


INNOCENT: dict[str, Callable[[], nn.Module]] = {
    "plain": lambda: plain(PAIR),
    "layer norm": lambda: layer_norm(PAIR),
    "batch norm": lambda: batch_norm(PAIR),
    "dropout": lambda: dropout(PAIR),
    "attention": lambda: Attention(PAIR),
    "recurrent": lambda: Recurrent(PAIR),
    "complex": lambda: ComplexWeights(PAIR),
    "weight norm": lambda: nn.utils.parametrizations.weight_norm(nn.Linear(6, 1)),
    "transformer": lambda: nn.Sequential(nn.Linear(6, 8), nn.TransformerEncoderLayer(8, 2, 16)),
    "uses": Uses,
}


@pytest.mark.parametrize("kind", INNOCENT)
def test_a_module_that_remembers_nothing_is_not_suspected(kind: str) -> None:
    module = INNOCENT[kind]()
    before = snapshot(module)
    for _ in range(2):
        module(torch.randn(4, 6))
    assert difference(before, snapshot(module), ignored=[BUFFER]) is None
    assert unseen(before) is None


@pytest.mark.parametrize("kind", INNOCENT)
def test_two_modules_of_one_factory_have_one_structure(kind: str) -> None:
    assert structure(INNOCENT[kind]()) == structure(INNOCENT[kind]())


def test_another_width_activation_or_number_is_another_structure() -> None:
    kinds = [
        *(nn.Linear(6, 1), nn.Linear(6, 2), nn.Linear(6, 1, bias=False)),
        *(nn.Sequential(nn.Tanh()), nn.Sequential(nn.Sigmoid())),
        *(Remembers(1.0, print), Remembers(1.5, print), Remembers(torch.zeros(1), print)),
    ]
    assert len({structure(kind) for kind in kinds}) == len(kinds)


def test_what_cannot_be_read_is_said() -> None:
    def numbers() -> Iterator[int]:
        yield from range(3)

    found = snapshot(Remembers(numbers(), next))
    assert unseen(found) == "its attribute 'kept' is a generator, whose state cannot be read"


def test_too_much_is_said_too() -> None:
    found = snapshot(Remembers(list(range(60_000)), len))
    assert unseen(found) == "all that it holds is too much to compare"
