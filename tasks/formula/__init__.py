"""Functions that are given by the text of their formula."""

from tasks.formula.formula import Formula
from tasks.formula.making import formula_task
from tasks.formula.words import FormulaError

__all__ = ["Formula", "FormulaError", "formula_task"]
