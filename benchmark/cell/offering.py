"""Asks a fitted model what it offers besides predictions: a formula, a number of parameters, standard deviations.

All of it is optional. What is wrong with it becomes a sentence, and costs the model nothing.
"""

import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmark.cell.dataset import Block
from benchmark.cell.metrics import wrong_form
from benchmark.environment import public
from benchmark.store.record import LETTERS
from models.base import FloatArray, Regressor

# What a sentence of a plugin's own may take of a remark.
_MOST_LETTERS = 200


@dataclass
class Offered:
    """What a fitted model offers; `sd` are its standard deviations (n,) at each of some blocks, () of none."""

    expression: str = ""
    n_parameters: int | None = None
    sd: tuple[FloatArray, ...] = ()
    remarks: list[str] = field(default_factory=list)


def _asked(offered: Offered, what: str, ask: Callable[[], Any]) -> Any:
    """Return what a model answers; where it raises, None, and a remark."""
    try:
        return ask()
    except Exception as error:
        said = ": ".join(filter(None, (type(error).__name__, public(error)[:_MOST_LETTERS])))
        offered.remarks.append(f"its {what} raised {said}")
        return None


def _expression(offered: Offered, given: object) -> str:
    if given is None:
        return ""
    if not isinstance(given, str):
        offered.remarks.append(f"its expression() returned a {type(given).__name__}; return a text over x1, x2, ...")
        return ""
    if len(given) > LETTERS["expression"]:
        offered.remarks.append(
            f"its expression has {len(given):,} letters, and {LETTERS['expression']:,} are allowed; return a simpler "
            "one, or None"
        )
        return ""
    return given


def _parameters(offered: Offered, given: object) -> int | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < 0:
        offered.remarks.append(f"its parameters() returned {public(given)[:50]!r}; return a whole number of at least 0")
        return None
    return int(given)


def knows_sd(regressor: Regressor) -> bool:
    """Whether a regressor says that it takes `predict(X, return_std=True)`."""
    try:
        return "return_std" in inspect.signature(regressor.predict).parameters
    except (TypeError, ValueError):
        return False


def wrong_sd(values: FloatArray) -> str:
    """Return what is wrong with standard deviations (n,), "" where nothing is."""
    if not np.isfinite(values).all():
        return f"has {int(np.count_nonzero(~np.isfinite(values))):,} numbers that are NaN or infinite"
    return f"is negative, down to {values.min():.3g}" if values.size and values.min() < 0 else ""


def _sd(offered: Offered, regressor: Any, block: Block) -> FloatArray | None:
    answer = _asked(offered, "predict(X, return_std=True)", lambda: regressor.predict(block.X, return_std=True))
    if answer is None:
        return None
    if not isinstance(answer, tuple) or len(answer) != 2:
        offered.remarks.append(
            f"its predict(X, return_std=True) returned a {type(answer).__name__}; return (predictions, sd), each (n,)"
        )
        return None
    try:
        values = np.asarray(answer[1])
    except Exception:
        values = np.array(None)
    form = wrong_form(values, len(block.X))
    wrong = f"has {form[0]}, expected {form[1]}" if form else wrong_sd(values.astype(np.float64))
    if wrong:
        offered.remarks.append(f"its standard deviation on the {block.where} rows {wrong}")
        return None
    return values.astype(np.float64)


def offered_by(regressor: Regressor, blocks: Sequence[Block]) -> Offered:
    """Return what a fitted regressor offers, with its standard deviations at these blocks."""
    offered = Offered()
    for name in ("expression", "parameters"):
        ask = getattr(regressor, name, None)
        if callable(ask):
            given = _asked(offered, f"{name}()", ask)
            if name == "expression":
                offered.expression = _expression(offered, given)
            else:
                offered.n_parameters = _parameters(offered, given)
    if knows_sd(regressor):
        for block in blocks:
            values = _sd(offered, regressor, block)
            if values is None:
                # Of one region alone nothing can be said.
                offered.sd = ()
                break
            offered.sd += (values,)
    return offered


def coverage(sd: FloatArray, predictions: FloatArray, y: FloatArray) -> float:
    """Return the share of rows whose truth lies within 1.96 standard deviations of its prediction."""
    return float(np.mean(np.abs(predictions - y) <= 1.96 * sd))


def typical(sd: FloatArray) -> float:
    """Return the root mean square of standard deviations (n,)."""
    return math.sqrt(float(np.mean(sd**2)))
