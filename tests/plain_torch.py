"""Training in the words of torch's own tutorials: what every option of a recipe is compared with."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import torch
from torch import Tensor, nn

from models.training import Factory
from models.training.engines.choice import ENGINES as ENGINE
from models.training.job import Job
from models.training.recipe import Recipe
from models.training.scaling import batches
from tests.nets import job, layer_norm, plain

RECIPE = Recipe(steps=12, batch_size=32, dtype="float64")
# Each engine that trains in batches, with a network of its kind.
ENGINES = [("stack", plain), ("traced", plain), ("traced", layer_norm), ("loop", layer_norm)]
GENERAL = ENGINES[1:]
COMPANIES = ([4], [3, 4], [9, 4, 0], [0, 1, 2, 3, 9, 8, 4])

Optimizer = Callable[[Iterable[nn.Parameter]], torch.optim.Optimizer]
Loss = Callable[[Tensor, Tensor], Tensor]


def steps(
    one: Job, optimizer: Optimizer, *, loss: Loss = nn.functional.mse_loss, clip_norm: float | None = None
) -> Iterator[tuple[nn.Module, float]]:
    """Yield the first seed's module after every step of its training, and the loss of that step."""
    torch.manual_seed(one.seeds[0])
    module = one.factory(one.problem).to(one.dtype)
    X, y = torch.tensor(one.inputs[0], dtype=one.dtype), torch.tensor(one.targets[0], dtype=one.dtype)
    updates = optimizer(module.parameters())
    for step, rows in enumerate(batches(one.recipe, len(X), one.seeds[0])):
        for group in updates.param_groups:
            group["lr"] = float(one.recipe.rates()[step])
        updates.zero_grad()
        said = loss(module(X[rows]).squeeze(1), y[rows])
        said.backward()  # type: ignore[no-untyped-call]
        if clip_norm is not None:
            nn.utils.clip_grad_norm_(module.parameters(), clip_norm)
        updates.step()
        yield module, said.item()


def trained(
    one: Job, optimizer: Optimizer, *, loss: Loss = nn.functional.mse_loss, clip_norm: float | None = None
) -> nn.Module:
    """Return the first seed's module after its training."""
    *_, (module, _) = steps(one, optimizer, loss=loss, clip_norm=clip_norm)
    return module


def adam(parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    return torch.optim.Adam(parameters)


def assert_same_weights(ours: nn.Module, theirs: nn.Module) -> None:
    """Raise unless two modules have the same weights, but for rounding in double precision."""
    for (name, weights), expected in zip(ours.named_parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(weights.detach(), expected.detach(), rtol=1e-7, atol=1e-10, err_msg=name)


def distinct_bits_of_seed_4(factory: Factory, recipe: Recipe, name: str) -> int:
    """Return how many different predictions seed 4 makes in several companies: 1 where these are of no account."""
    said = set()
    for company in COMPANIES:
        one, slot = job(factory, company, recipe), company.index(4)
        said.add(ENGINE[name](one)[slot].predict(one.inputs[slot]).tobytes())
    return len(said)
