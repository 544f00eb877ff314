"""The functions and constants that a formula may name: what they compute, and what kind of function each makes.

Values are float64: (n, 1) for one number a row, (n, k) for several, a scalar where no input is named.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType
from typing import Any

import numpy as np

from tasks.formula import special

CONSTANTS: Mapping[str, float] = MappingProxyType({"pi": np.pi, "e": np.e})


@dataclass(frozen=True)
class Function:
    """A function, the number of its arguments, and the kinds that it makes of a formula.

    One of `many` takes any number of arguments and makes one number of all of them, x1..x10 among them; the others work
    number by number. It is `commutative` where the order of its arguments is nothing to it.
    """

    name: str
    apply: Callable[..., Any]
    n_arguments: int | None
    kinds: tuple[str, ...] = ()
    commutative: bool = False

    @property
    def many(self) -> bool:
        """Whether it makes one number of many."""
        return self.n_arguments is None

    @property
    def usage(self) -> str:
        """How it is written."""
        if self.name == "where":
            return "where(a < b, c, d)"
        inner = "a, b, ... or x1..x3" if self.n_arguments is None else ", ".join("abc"[: self.n_arguments])
        return f"{self.name}({inner})"


def _gcd(a: Any, b: Any) -> Any:
    finite = np.isfinite(a) & np.isfinite(b)
    whole = [np.where(finite, each, 0).astype(np.int64) for each in (a, b)]
    return np.where(finite, np.gcd(*whole).astype(np.float64), np.nan)


def _together(arguments: tuple[Any, ...]) -> Any:
    """Return all numbers of the arguments side by side (n, k)."""
    rows = max(np.shape(each)[0] if np.ndim(each) else 1 for each in arguments)
    columns = [np.broadcast_to(np.atleast_2d(each), (rows, np.atleast_2d(each).shape[1])) for each in arguments]
    return columns[0] if len(columns) == 1 else np.concatenate(columns, axis=1)


def _folded(step: Any) -> Callable[..., Any]:
    """Return a function of many that reduces every argument and then folds the results, with no copy of them."""

    def fold(*arguments: Any) -> Any:
        several = (np.ndim(one) and np.shape(one)[1] > 1 for one in arguments)
        pairs = zip(arguments, several, strict=True)
        return reduce(step, [step.reduce(one, axis=1, keepdims=True) if many else one for one, many in pairs])

    return fold


def _gathered(apply: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return a function of many, from one that takes them side by side (n, k) and returns (n,)."""
    return lambda *arguments: np.asarray(apply(_together(arguments)), dtype=np.float64)[:, None]


def _first_of_its_kind(ordered: Any) -> Any:
    return np.concatenate([np.ones((len(ordered), 1), dtype=bool), np.diff(ordered, axis=1) != 0], axis=1)


def _distinct(rows: Any) -> Any:
    return _first_of_its_kind(np.sort(rows, axis=1)).sum(axis=1)


def _sum_distinct(rows: Any) -> Any:
    ordered = np.sort(rows, axis=1)
    return np.where(_first_of_its_kind(ordered), ordered, 0).sum(axis=1)


def _many(name: str, apply: Callable[..., Any], *kinds: str, commutative: bool = True) -> Function:
    return Function(name, apply, None, kinds, commutative)


_FUNCTIONS = (
    Function("sin", np.sin, 1, ("periodic",)),
    Function("cos", np.cos, 1, ("periodic",)),
    Function("tan", np.tan, 1, ("periodic",)),
    Function("sinc", np.sinc, 1, ("periodic",)),
    Function("asin", np.arcsin, 1, ("inverse-trig",)),
    Function("acos", np.arccos, 1, ("inverse-trig",)),
    Function("atan", np.arctan, 1, ("inverse-trig",)),
    # The angle of a point jumps by a turn behind the origin.
    Function("atan2", np.arctan2, 2, ("inverse-trig", "jump")),
    Function("sinh", np.sinh, 1, ("exponential",)),
    Function("cosh", np.cosh, 1, ("exponential",)),
    Function("tanh", np.tanh, 1, ("exponential",)),
    Function("exp", np.exp, 1, ("exponential",)),
    Function("log", np.log, 1, ("logarithmic",)),
    Function("sqrt", np.sqrt, 1, ("root",)),
    Function("harmonic", special.harmonic, 1, ("special",)),
    Function("besselj0", special.besselj0, 1, ("special",)),
    Function("abs", np.abs, 1, ("kink",)),
    Function("sign", np.sign, 1, ("jump",)),
    Function("floor", np.floor, 1, ("jump",)),
    Function("mod", np.mod, 2, ("jump",)),
    Function("gcd", _gcd, 2, ("jump",), commutative=True),
    Function("where", np.where, 3, ("piecewise",)),
    _many("sum", _folded(np.add)),
    _many("prod", _folded(np.multiply)),
    _many("max", _folded(np.maximum), "kink"),
    _many("min", _folded(np.minimum), "kink"),
    _many("mean", _gathered(lambda rows: rows.mean(axis=1))),
    _many("var", _gathered(lambda rows: rows.var(axis=1))),
    _many("std", _gathered(lambda rows: rows.std(axis=1)), "root"),
    _many("median", _gathered(lambda rows: np.median(rows, axis=1)), "kink"),
    _many("secondmax", _gathered(lambda rows: np.sort(rows, axis=1)[:, -2]), "kink"),
    # The position of the largest, from 0.
    _many("argmax", _gathered(lambda rows: rows.argmax(axis=1)), "jump", commutative=False),
    _many("distinct", _gathered(_distinct), "jump"),
    _many("sumdistinct", _gathered(_sum_distinct), "jump"),
)
FUNCTIONS: Mapping[str, Function] = MappingProxyType({each.name: each for each in _FUNCTIONS})
# How others write the same.
ALIASES: Mapping[str, str] = MappingProxyType(
    {"ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2", "maximum": "max"}
    | {"minimum": "min", "heaviside": "where", "piecewise": "where", "fabs": "abs", "product": "prod", "pow": "**"}
    | {"average": "mean", "power": "**", "e": "exp"}
)
