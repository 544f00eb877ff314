"""How often the interval of a share holds the true one, and how wide it is: `python -m tests.simulations.shares`.

Each family of tasks has a rate at which seeds solve it, drawn from a beta law: mostly near 0 or 1, or in between. The
true share is the mean of this law. Beside the board's interval, Wilson's of as many draws as there are families, stands
the bootstrap that one would think of first: families are drawn again, and in each its seeds.
"""

import numpy as np
from tabulate import tabulate

from benchmark.board.statistics import share_interval

SEEDS, BOARDS, DRAWS = 10, 1_000, 400


def bootstrapped(solved: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    """Return the percentile interval of the mean share, given how many seeds solve each family (n_families,)."""
    families = rng.integers(len(solved), size=(DRAWS, len(solved)))
    drawn = rng.binomial(SEEDS, solved[families] / SEEDS).mean(axis=1) / SEEDS
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def row(n_families: int, a: float, b: float) -> list[str]:
    """Return the row of so many families whose rates follow the beta law of a and b."""
    rng = np.random.default_rng(0)
    true = a / (a + b)
    found: dict[str, list[tuple[float, float]]] = {"board": [], "bootstrap": []}
    for _ in range(BOARDS):
        solved = rng.binomial(SEEDS, rng.beta(a, b, size=n_families))
        found["board"].append(share_interval(float(solved.mean()) / SEEDS, n_families))
        found["bootstrap"].append(bootstrapped(solved, rng))
    cells = [str(n_families), f"{100 * true:.0f} %", "0 or 1" if a + b < 1 else "in between"]
    for intervals in map(np.array, found.values()):
        holds = ((intervals[:, 0] <= true) & (true <= intervals[:, 1])).mean()
        cells += [f"{100 * holds:.0f} %", f"{100 * np.diff(intervals).mean():.0f} %"]
    return cells


def main() -> None:
    """Print the table."""
    laws = [(0.01, 0.19), (0.1, 0.1), (0.5, 9.5), (2.0, 2.0)]
    rows = [row(n, *law) for n in (6, 50, 300) for law in laws]
    headers = ["families", "true share", "rates", "holds it", "width", "bootstrap holds it", "width of it"]
    print(tabulate(rows, headers, tablefmt="github"))


if __name__ == "__main__":
    main()
