"""How often ten seeds and a hundred have the same word, for several bounds: `python -m tests.simulations.words`."""

from itertools import product

import numpy as np
from scipy.stats import binom
from tabulate import tabulate

from benchmark.board.statistics import wilson_interval

BOUNDS = (0.5, 0.55, 0.59, 0.6, 2 / 3, 0.7)
SEEDS = (5, 6, 10, 20, 30, 100)
RATES = np.linspace(0.0005, 0.9995, 1000)


def words(n: int, bound: float) -> np.ndarray:
    """Return for 0 to n seeds that solve whether the word is yes (1), no (-1) or in part (0)."""
    ends = np.array([wilson_interval(k, n) for k in range(n + 1)])
    return np.where(ends[:, 0] >= bound, 1, np.where(ends[:, 1] <= 1 - bound, -1, 0))


def same_word(bound: float, weights: np.ndarray) -> tuple[float, float]:
    """Return how probable it is that 10 and 100 seeds have one word, and two opposite ones, over rates so weighed."""
    same = opposite = 0.0
    chances = {n: np.array([binom.pmf(np.arange(n + 1), n, rate) for rate in RATES]) for n in (10, 100)}
    for word, other in product((-1, 0, 1), repeat=2):
        both = [chances[n][:, words(n, bound) == w].sum(axis=1) for n, w in ((10, word), (100, other))]
        share = float(weights @ (both[0] * both[1]))
        same += share * (word == other)
        opposite += share * (word * other == -1)
    return same, opposite


def main() -> None:
    """Print the tables."""
    mostly_sure = 1 / np.sqrt(RATES * (1 - RATES))
    rows = []
    for bound in BOUNDS:
        least = [np.flatnonzero(words(n, bound) == 1) for n in SEEDS]
        needed = [f"{found[0]} of {n}" if found.size else "-" for found, n in zip(least, SEEDS, strict=True)]
        shares = []
        for weights in (mostly_sure / mostly_sure.sum(), np.full(len(RATES), 1 / len(RATES))):
            same, opposite = same_word(bound, weights)
            shares += [f"{100 * same:.0f} %", f"{100 * opposite:.2g} %"]
        rows.append([f"{bound:.2f}", *needed, *shares])
    headers = ["bound", *(f"{n} seeds" for n in SEEDS), "same", "opposite", "same (uniform)", "opposite (uniform)"]
    print(tabulate(rows, headers, tablefmt="github"))


if __name__ == "__main__":
    main()
