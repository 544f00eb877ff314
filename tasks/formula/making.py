"""Makes a task of a formula and a range."""

from typing import Any

from tasks.base import Domain, Task
from tasks.formula.division import check_divisions
from tasks.formula.formula import Formula
from tasks.formula.words import FormulaError


def formula_task(*, name: str, formula: str, domain: Domain, **fields: Any) -> Task:
    """Return a task whose function is its formula, over the inputs of its domain; `fields` are those of `Task`.

    Raises:
        ValueError: the formula cannot be read, it divides by an input whose range holds 0, or a field is wrong; the
            message has the task's name.
    """
    try:
        function = Formula(formula, domain.n_features)
        task = Task(name=name, formula=str(function), function=function.evaluate, domain=domain, **fields)
        check_divisions(function, domain, factor=task.ladder_end)
    except FormulaError as error:
        raise FormulaError(f"task {name!r}: {error}") from None
    return task
