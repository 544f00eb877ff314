"""Chooses the engine that trains a network: the fastest that can, the plain loop if none else can."""

from collections.abc import Callable, Mapping
from dataclasses import replace

# The first torch optimiser pulls this in, which takes longer than many a fit: not while one is timed.
import torch._dynamo  # noqa: F401

from models.trainer import loop, stack, traced
from models.trainer.trained import Job, Trained, Unsuitable

# From fast and particular to slow and general.
ENGINES: Mapping[str, Callable[[Job], list[Trained]]] = {
    "stack": stack.train,
    "traced": traced.train,
    "loop": loop.train,
}


def train(job: Job) -> list[Trained]:
    """Train all seeds of a job; each result says which engine trained it and why.

    Raises:
        Unsuitable: the recipe asks for one engine, and that one cannot train this network.
    """
    if job.recipe.engine != "auto":
        return [replace(trained, reason="the recipe asks for it") for trained in ENGINES[job.recipe.engine](job)]
    refusals: list[str] = []
    for name, engine in ENGINES.items():
        try:
            found = engine(job)
        except Unsuitable as refusal:
            refusals.append(f"not {name}: {refusal}")
        else:
            return [replace(trained, reason="; ".join(refusals) or "the first choice") for trained in found]
    raise AssertionError("the loop refuses nothing")
