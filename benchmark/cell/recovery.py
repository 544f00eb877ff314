"""Judges the formula that a fitted model says it has found: is it the true one, the same inside, or only near.

A formula is foreign: it is read in the closed grammar of `tasks.formula`, and never run. What counts is the simplest
formula near it, since constants that are fitted are never quite 2.
"""

from typing import NamedTuple

import numpy as np

from benchmark.cell.seeding import generator
from benchmark.cell.simplified import LEVELS, NOISY_LEVELS, shown, simpler
from benchmark.cell.written import formula_of
from benchmark.store.record import Recovery
from tasks.base import FloatArray, Task
from tasks.formula import Formula, FormulaError
from tasks.formula.printing import text as text_of
from tasks.formula.tree import Node
from tasks.formula.values import values

N_POINTS = 1_000
# At every point a value must be as near as this, in parts of its own size and of the standard deviation there.
EQUAL = 1e-6
# A formula that is farther from the predictions, in units of sd(y), is not what predicts.
_PREDICTS = 1e-3
# Symbols are compared where numbers cannot tell, and the text is short.
_MOST_LETTERS = 500
_LONGEST_SHOWN = 300


class Judged(NamedTuple):
    """What a formula is, how it is shown, and what is wrong with it; of these what there is."""

    recovery: Recovery | None = None
    shown: str = ""
    remark: str = ""


def _equal(tree: Node, X: FloatArray, y: FloatArray) -> bool:
    found = values(tree, X)
    sd = float(y.std()) or float(np.abs(y).max()) or 1.0
    return bool(np.isfinite(found).all() and (np.abs(found - y) <= EQUAL * (np.abs(y) + sd)).all())


def _rows(task: Task, where: str, *, inner: float, outer: float) -> tuple[FloatArray, FloatArray]:
    X = task.domain.draw(N_POINTS, generator(task.name, "recovery", where), inner=inner, outer=outer, even=False).X
    return X, task.targets(X)


def _same_symbols(tree: Node, task: Task) -> bool:
    truth = formula_of(task)
    if truth is None:
        return False
    try:
        return Formula(text_of(tree), task.domain.n_features).same_as(truth)
    except (FormulaError, OverflowError, RecursionError):
        return False


def judged(task: Task, text: str, X: FloatArray, predictions: FloatArray) -> Judged:
    """Return what a formula over x1..xd is of a task; it must give the predictions (n,) at rows X (n, d) inside.

    It is `exact` where it, or a simpler formula near it, equals the function at 1,000 points of the last step of the
    ladder, far outside, and inside; or where the two are one by their symbols. It is `equivalent inside` where that
    holds inside alone, otherwise an `approximation`.
    """
    try:
        formula = Formula(text, task.domain.n_features)
    except (FormulaError, RecursionError) as error:
        return Judged(remark=f"its expression cannot be read: {error}")
    inside, y = _rows(task, "inside", inner=0.0, outer=1.0)
    sd = float(y.std()) or 1.0
    off = float(np.sqrt(np.mean((formula.evaluate(X) - predictions) ** 2))) / sd
    if not off <= _PREDICTS:
        return Judged(
            remark=f"its expression is no expression of its predictions: inside they are {off:.2g} sd(y) apart, "
            f"and {_PREDICTS:g} is allowed"
        )
    far, y_far = _rows(task, "far", inner=task.ladder[-2], outer=task.ladder[-1])
    levels = NOISY_LEVELS if task.noise or task.noise_std else LEVELS
    found: dict[Recovery, list[str]] = {}
    for tree in simpler(formula.tree, inside, sd, levels):
        if _equal(tree, inside, y):
            everywhere = _equal(tree, far, y_far) or (len(text) <= _MOST_LETTERS and _same_symbols(tree, task))
            found.setdefault("exact" if everywhere else "equivalent inside", []).append(shown(tree))
    recovery: Recovery = next((each for each in ("exact", "equivalent inside") if each in found), "approximation")
    words = min(found.get(recovery, ()), key=len, default="") or shown(formula.tree)
    return Judged(recovery, words if len(words) <= _LONGEST_SHOWN else words[: _LONGEST_SHOWN - 3] + "...")
