"""How much places move when tasks or seeds are others, for several scores: `python -m tests.simulations.scores`.

The records are the published ones of the core tasks. A rule is tried by the places that it gives when one task is left
out, when all tasks of a class are left out, and when the seeds are drawn again. Printed are the mean and the largest
number of ranks that a model moves, over all models, both regions and all tries.
"""

from collections.abc import Callable, Iterator

import numpy as np
from tabulate import tabulate

from benchmark.board.scores import constant_rmse
from benchmark.board.solving import REGIONS
from benchmark.board.statistics import log_score
from benchmark.board.votes import votes_of
from benchmark.catalogue.suites import core
from benchmark.environment import RESULTS
from benchmark.store import archive
from benchmark.store.record import Record, TaskCard

Rule = Callable[[np.ndarray], np.ndarray]


def interquartile_mean(scores: np.ndarray) -> np.ndarray:
    """Return the mean of the middle half of all scores (n_tasks, n_models, n_seeds) of each model (n_models,)."""
    flat = np.sort(scores.transpose(1, 0, 2).reshape(scores.shape[1], -1), axis=1)
    n = flat.shape[1]
    middle: np.ndarray = flat[:, n // 4 : n - n // 4].mean(axis=1)
    return middle


def clipped(low: float, high: float, rule: Rule) -> Rule:
    """Return a rule of scores clipped to [low, high]."""
    return lambda scores: rule(np.clip(scores, low, high))


def mean(scores: np.ndarray) -> np.ndarray:
    """Return the mean over seeds, then tasks (n_models,)."""
    found: np.ndarray = scores.mean(axis=2).mean(axis=0)
    return found


def median(scores: np.ndarray) -> np.ndarray:
    """Return the median over tasks of the median over seeds (n_models,)."""
    return np.asarray(np.median(np.median(scores, axis=2), axis=0))


RULES: dict[str, Rule] = {
    "mean, clipped to [-3, 2]": clipped(-3, 2, mean),
    "mean, clipped to [-6, 3]": clipped(-6, 3, mean),
    "interquartile mean, [-3, 2]": clipped(-3, 2, interquartile_mean),
    "interquartile mean, [-6, 3]": clipped(-6, 3, interquartile_mean),
    "median of medians": clipped(-6, 3, median),
}


def _errors(record: Record, region: str) -> list[float]:
    name = "interpolation_rmse" if region == "inside" else "extrapolation_rmse"
    return [getattr(seed, name) if seed.status == "ok" else float("nan") for seed in record.seeds]


def tables() -> Iterator[tuple[np.ndarray, list[tuple[str, ...]]]]:
    """Yield for each region the scores (n_tasks, n_models, n_seeds) of models that meet all, and the tasks' classes."""
    contents, suite = archive.read(RESULTS), core()
    cards: dict[str, TaskCard] = {task: contents.cards[task] for task in suite.tasks}
    met = {model: {task for task, other in contents.records if other == model} for _, model in contents.records}
    models = sorted(model for model, tasks in met.items() if tasks >= {*suite.tasks})
    for i, region in enumerate(REGIONS):
        voting = votes_of(cards, dict.fromkeys(suite.tasks, suite.name), region).tasks
        rows = [
            [
                log_score(np.array(_errors(contents.records[task, model], region)), constant_rmse(cards[task])[i])
                for model in models
            ]
            for task in voting
        ]
        applies = [
            any(s.status != "not-applicable" for s in contents.records[t, m].seeds) for m in models for t in voting
        ]
        whole = np.array(applies).reshape(len(models), len(voting)).all(axis=1)
        yield np.array(rows)[:, whole], [cards[task].classes for task in voting]


def places(values: np.ndarray) -> np.ndarray:
    """Return the place of each model (n_models,), equal ones in their order."""
    return np.argsort(np.argsort(values.round(2), kind="stable"))


def moves(rule: Rule, scores: np.ndarray, classes: list[tuple[str, ...]]) -> dict[str, list[np.ndarray]]:
    """Return how far each model moves in each try, by the kind of try."""
    rng = np.random.default_rng(0)
    whole = places(rule(scores))
    found: dict[str, list[np.ndarray]] = {"one task less": [], "one class less": [], "other seeds": []}
    for task in range(len(scores)):
        found["one task less"].append(np.abs(places(rule(np.delete(scores, task, axis=0))) - whole))
    for name in sorted({name for some in classes for name in some}):
        kept = [name not in some for some in classes]
        found["one class less"].append(np.abs(places(rule(scores[kept])) - whole))
    for _ in range(200):
        seeds = rng.integers(scores.shape[2], size=(len(scores), 1, scores.shape[2]))
        found["other seeds"].append(np.abs(places(rule(np.take_along_axis(scores, seeds, axis=2))) - whole))
    return found


def main() -> None:
    """Print the table."""
    rows = []
    every = list(tables())
    for title, rule in RULES.items():
        each = [moves(rule, scores, classes) for scores, classes in every]
        row = [title]
        for kind in each[0]:
            moved = np.concatenate([np.concatenate(found[kind]) for found in each])
            row += [f"{moved.mean():.2f}", f"{moved.max()}"]
        rows.append(row)
    headers = ["score", *(word for kind in ("a task", "a class", "seeds") for word in (f"{kind}: mean", "most"))]
    print(tabulate(rows, headers, tablefmt="github"))


if __name__ == "__main__":
    main()
