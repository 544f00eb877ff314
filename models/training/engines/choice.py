"""Chooses the engine that trains a network: the fastest that can, the plain loop if none else can."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace

# The first torch optimiser pulls this in, which takes longer than many a fit: not while one is timed.
import torch._dynamo  # noqa: F401

from models.training.engines import loop, stack, traced
from models.training.fresh import initial_module
from models.training.job import Job, Trained, Unsuitable
from models.training.state import structure

# From fast and particular to slow and general.
ENGINES: Mapping[str, Callable[[Job], list[Trained]]] = {
    "stack": stack.train,
    "traced": traced.train,
    "loop": loop.train,
}


# What a record says of the engine, and why not the one before.
_WORDS: Mapping[str, str] = {"stack": "the first choice", "traced": "general engine: {}", "loop": "plain loop: {}"}


def train(job: Job) -> list[Trained]:
    """Train all seeds of a job; each result says which engine trained it and why.

    Seeds whose modules differ in more than their weights' numbers are trained apart: an engine is chosen for what
    a seed's own module is, never for its company.

    Raises:
        Unsuitable: the recipe asks for one engine, and that one cannot train this network.
        WrongNetwork: no engine can train it rightly.
    """
    trained: dict[int, Trained] = {}
    for group in _alike(job):
        part = job.at(group)
        if job.recipe.engine == "auto":
            found = _by_first_that_can(part, list(ENGINES), "")
        else:
            found = [replace(each, reason="the recipe asks for it") for each in ENGINES[job.recipe.engine](part)]
        trained |= zip(group, found, strict=True)
    return [trained[position] for position in range(len(job.seeds))]


def _alike(job: Job) -> Iterable[list[int]]:
    """Return the positions of the job's seeds, in groups whose modules have one structure."""
    if len(job.seeds) == 1:
        return [[0]]
    groups: dict[Hashable, list[int]] = {}
    for position, seed in enumerate(job.seeds):
        groups.setdefault(structure(initial_module(job, seed)), []).append(position)
    return groups.values()


def _by_first_that_can(job: Job, names: Sequence[str], why_not: str) -> list[Trained]:
    """Train the job by the first of these engines that can; `why_not` says why the one before could not."""
    name = names[0]
    try:
        return [replace(each, reason=_WORDS[name].format(why_not)) for each in ENGINES[name](job)]
    except Unsuitable as refusal:
        refused = refusal.positions or range(len(job.seeds))
        reason = str(refusal)
    trained = dict(zip(refused, _by_first_that_can(job.at(refused), names[1:], reason), strict=True))
    others = [position for position in range(len(job.seeds)) if position not in trained]
    if others:
        trained |= zip(others, _by_first_that_can(job.at(others), names, why_not), strict=True)
    return [trained[position] for position in range(len(job.seeds))]
