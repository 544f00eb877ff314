"""What kind of function a task is, by the tree of its formula: of what it is made, and whether its waves change pace.

A function that is no formula has no tree, and of it nothing is said here.
"""

import numpy as np

from tasks.base import FloatArray, Task
from tasks.formula import Formula
from tasks.formula.algebra import expanded
from tasks.formula.functions import FUNCTIONS
from tasks.formula.structure import structure
from tasks.formula.tree import Call, Node, is_constant, walk
from tasks.formula.values import values

# What a tree says of breaks is left to `breaks`, where lines can be looked along: it says not where they are.
BREAKS = ("kink", "jump")
# Periods that the phase of a wave goes through over all rows, from which on its change of pace is seen.
PERIODS = 1.6


def formula_of(task: Task) -> Formula | None:
    """Return the formula that a task's function is, None where it is written by hand."""
    owner = getattr(task.function, "__self__", None)
    return owner if isinstance(owner, Formula) else None


def _changes_pace(node: Node, X: FloatArray) -> bool:
    """Whether a node is a wave of a phase that is no line, and no wave itself."""
    match node:
        case Call(name, (phase,)) if "periodic" in FUNCTIONS[name].kinds and not is_constant(phase):
            known = structure(phase, X.shape[1]).classes
            if {"linear", "constant", "periodic"} & set(known):
                return False
            angle = values(phase, X)
            angle = angle[np.isfinite(angle)]
            return bool(len(angle) and np.ptp(angle) >= PERIODS * 2 * np.pi)
        case _:
            return False


def written(task: Task, X: FloatArray, *, whole: bool) -> list[str]:
    """Return the classes of a formula, and "chirp" where a wave changes its pace over the rows X (n, n_features).

    Kinks and jumps are among them where all numbers are `whole`, since between these nothing is to be seen.
    """
    formula = formula_of(task)
    if formula is None:
        return []
    found = [word for word in formula.structure.classes if whole or word not in BREAKS]
    return found + ["chirp"] * any(_changes_pace(node, X) for node in walk(expanded(formula.tree)))
