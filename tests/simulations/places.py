"""How often equally good models seem to differ, and how often a true difference shows: run `tests.simulations.places`.

Beside the rule of the board stands the bootstrap that one would think of first: families are drawn again, and the pairs
are held by Benjamini and Hochberg.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import false_discovery_control
from tabulate import tabulate

from benchmark.board.ranks import FALSE_ALARMS, ahead, pairs_of
from benchmark.board.votes import Votes

DRAWS = 1000


@dataclass(frozen=True)
class Case:
    """A kind of board: sizes of its families, models, share of failing seeds, how many models have three seeds."""

    title: str
    families: tuple[int, ...]
    models: int
    boards: int
    failing: float = 0.0
    few: int = 0
    clusters: bool = True

    @property
    def votes(self) -> Votes:
        """Its votes; without `clusters` every task counts as a family of its own."""
        names = [f"family-{i}" for i, size in enumerate(self.families) for _ in range(size)]
        tasks = tuple(f"task-{i}" for i in range(len(names)))
        return Votes(tasks, ("core",) * len(names), tuple(names) if self.clusters else tasks)

    def board(self, rng: np.random.Generator, better: float = 0.0) -> np.ndarray:
        """Return the scores (n_tasks, n_models) of a board; the first model is better by so much on every task.

        Between families a model's score varies with sd 1 (in log10), within one with 0.2, between seeds with 0.3.
        """
        of_family = rng.normal(size=(len(self.families), self.models)).repeat(self.families, axis=0)
        of_task = of_family + 0.2 * rng.normal(size=of_family.shape)
        seeds = of_task[..., np.newaxis] + 0.3 * rng.normal(size=(*of_task.shape, 10))
        seeds[:, 0] -= better
        seeds = np.clip(np.where(rng.random(seeds.shape) < self.failing, 2.0, seeds), -3.0, 2.0)
        seeds[:, 1 : 1 + self.few, 3:] = np.nan
        scores: np.ndarray = np.nanmean(seeds, axis=2)
        return scores


def bootstrapped(scores: np.ndarray, votes: Votes, rng: np.random.Generator) -> np.ndarray:
    """Return which pairs (n_pairs,) a percentile bootstrap over families tells apart, held by false discoveries."""
    differences = pairs_of(scores, votes).differences
    counts = rng.multinomial(len(differences), np.full(len(differences), 1 / len(differences)), size=DRAWS)
    drawn = counts @ differences
    p = 2 * np.minimum((drawn <= 0).mean(axis=0), (drawn >= 0).mean(axis=0))
    apart: np.ndarray = false_discovery_control(np.clip(p, 0, 1)) <= FALSE_ALARMS
    return apart


def row(case: Case) -> list[str]:
    """Return the row of a case."""
    rng = np.random.default_rng(0)
    false, booted = [], []
    for _ in range(case.boards):
        scores = case.board(rng)
        false.append(ahead(pairs_of(scores, case.votes)).any())
        booted.append(bootstrapped(scores, case.votes, rng).any())
    powers = []
    for better in (0.5, 1.0, 2.0):
        found = [ahead(pairs_of(case.board(rng, better), case.votes))[0, 1:].mean() for _ in range(case.boards // 4)]
        powers.append(f"{100 * np.mean(found):.0f} %")
    return [case.title, f"{100 * np.mean(false):.1f} %", *powers, f"{100 * np.mean(booted):.0f} %"]


def main() -> None:
    """Print the table."""
    sizes = tuple(int(size) for size in np.random.default_rng(1).permutation([1] * 20 + [4] * 20 + [15] * 20))
    cases = [
        Case("7 tasks, 8 models", (1,) * 7, 8, 2000),
        Case("... a tenth of the seeds fails", (1,) * 7, 8, 2000, failing=0.1),
        Case("... four models with 3 seeds", (1,) * 7, 8, 2000, few=4),
        Case("20 tasks, 8 models", (1,) * 20, 8, 1000),
        Case("100 tasks, 8 models", (1,) * 100, 8, 1000),
        Case("400 tasks in 60 families, 30 models", sizes, 30, 200),
        Case("... a tenth of the seeds fails, ten with 3 seeds", sizes, 30, 200, failing=0.1, few=10),
        Case("... families ignored", sizes, 30, 100, clusters=False),
    ]
    headers = ["board", "false", *(f"{better} better" for better in (0.5, 1, 2)), "false by bootstrap"]
    print(tabulate([row(case) for case in cases], headers, tablefmt="github"))


if __name__ == "__main__":
    main()
