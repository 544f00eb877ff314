"""A formula as a value: read once, then computed, printed, drawn, classed and compared."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tasks.base import FloatArray
from tasks.formula import mathml, printing, sameness, structure
from tasks.formula.algebra import expanded
from tasks.formula.reading import read
from tasks.formula.tree import Node, Number, Several, Variable, children, variables
from tasks.formula.values import values
from tasks.formula.words import FormulaError


def _must_be_finite(text: str, node: Node) -> None:
    """Check the value of a part that names no input."""
    value = values(node, np.empty((1, 0)))[0]
    if not np.isfinite(value):
        raise FormulaError(
            f"formula {text!r}: its part {printing.text(node)!r} is {value}, no finite number; write another constant"
        )


def _check_constants(text: str, node: Node) -> bool:
    """Check the largest parts of a tree that name no input; return whether all of it is one."""
    if isinstance(node, Variable | Several):
        return False
    parts = children(node)
    constant = [_check_constants(text, part) for part in parts]
    if all(constant):
        return True
    for part, known in zip(parts, constant, strict=True):
        # A number alone is finite as it is read.
        if known and not isinstance(part, Number):
            _must_be_finite(text, part)
    return False


@dataclass(frozen=True)
class Formula:
    """The text of a function of x1..xd; without d, of as many inputs as it names.

    Raises:
        FormulaError: the text is no formula; the message says where and what to do.
    """

    text: str
    d: int = 0

    def __post_init__(self) -> None:
        if isinstance(self.d, bool) or not isinstance(self.d, int) or self.d < 0:
            raise FormulaError(f"formula {self.text!r}: d is the number of inputs, 1 or more, got {self.d!r}")
        if _check_constants(self.text, self.tree):
            _must_be_finite(self.text, self.tree)

    def __str__(self) -> str:
        return printing.text(self.tree)

    @cached_property
    def tree(self) -> Node:
        """The tree of what is written."""
        return read(self.text, self.d or None)

    @property
    def n_inputs(self) -> int:
        """How many columns X has: d, or the last input that is named."""
        return self.d or max(self.variables, default=1)

    @property
    def variables(self) -> tuple[int, ...]:
        """The indices of the inputs that are named, from 1, ascending."""
        return variables(self.tree)

    @cached_property
    def structure(self) -> structure.Structure:
        """Its classes, its degree and its inert inputs."""
        return structure.structure(self._expanded, self.n_inputs)

    @property
    def mathml(self) -> str:
        """Presentation MathML, one `math` element."""
        return mathml.mathml(self.tree)

    @cached_property
    def _expanded(self) -> Node:
        return expanded(self.tree)

    def evaluate(self, X: FloatArray) -> FloatArray:
        """Return the values (n,) at X (n, n_inputs), float64; not finite where the function is not defined."""
        X = np.asarray(X, dtype=np.float64)
        if X.ndim != 2 or X.shape[1] != self.n_inputs:
            raise FormulaError(f"formula {str(self)!r} takes X of shape (n, {self.n_inputs}), got {X.shape}")
        return values(self.tree, X)

    def same_as(self, other: "Formula") -> bool:
        """Return whether both are the same function; `tasks.formula.sameness` says how that is decided."""
        return sameness.same(self._expanded, other._expanded)
