"""Our references and kinds against those of a catalogue of the literature's tasks, which were computed by other code.

`catalogue.csv` holds the ranges of 420 tasks, the errors of their references over 100,000 independent rows, how much a
score over 5,000 rows varies, and words for their kinds. `formulas.csv` holds what is written of them.
"""

import csv
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from benchmark.cell.dataset import Rows, population
from benchmark.cell.kinds import Known, kinds
from benchmark.cell.metrics import rmse
from benchmark.cell.references import references
from benchmark.store.record import ReferenceName
from tasks.base import Task
from tasks.formula import formula_task
from tasks.widening import WideningBox
from tests.formulas import known_formulas

with Path(__file__).with_name("catalogue.csv").open(encoding="utf-8", newline="") as file:
    CATALOGUE = {row["name"]: row for row in csv.DictReader(file)}
FORMULAS = {known.name: known.text for known in known_formulas()}
# What no formula can say is left out for as long as nobody has written it by hand.
NAMES = [name for name in CATALOGUE if name in FORMULAS]
# So many rows here, in so many parts, and so many of the catalogue's; fewer of 100 inputs.
N, N_PARTS, N_THEIRS = 2**14, 8, 100_000
# A difference is allowed so many standard errors, and the last of six digits.
ERRORS, DIGITS = 5.0, 1e-5
# The sd of an error that is rounding, in units of sd(y).
ROUNDING = 1e-9
COLUMNS: dict[ReferenceName, str] = {"constant": "constant", "line": "line", "quadratic": "poly2", "clamp": "clamp"}


@cache
def task_named(name: str) -> Task:
    row = CATALOGUE[name]
    domain = WideningBox.read(
        row["train_box"],
        row["outside_box"],
        law="all outside" if row["outside_law"] == "all outside" else "ring",
        whole=row["whole"] == "yes",
        task=name,
    )
    return formula_task(
        name=name,
        title=name,
        formula=FORMULAS[name],
        source="the catalogue",
        domain=domain,
        n_train=int(row["n_train"]),
        set_shape=(1, domain.n_features),
        ladder_end=2.0,
        n_reference=N if domain.n_features <= 20 else N // 4,
    )


@dataclass(frozen=True)
class Made:
    inside: Rows
    outside: Rows
    errors: dict[ReferenceName, tuple[float, float]]


def errors_of(task: Task, inside: Rows, outside: Rows) -> dict[ReferenceName, tuple[float, float]]:
    found = references(task, inside).items()
    return {name: (rmse(f(inside.X), inside.y), rmse(f(outside.X), outside.y)) for name, (_, f) in found}


def part(rows: Rows, k: int) -> Rows:
    return Rows(*(array[k::N_PARTS].copy() for array in (rows.X, rows.y, rows.distance)))


@cache
def made(name: str) -> Made:
    task = task_named(name)
    inside, outside = population(task, inner=0, outer=1), population(task, inner=1, outer=2)
    return Made(inside, outside, errors_of(task, inside, outside))


@pytest.mark.parametrize("name", NAMES)
def test_the_references_are_those_of_the_catalogue_within_their_sampling_error(name: str) -> None:
    task, row, ours = task_named(name), CATALOGUE[name], made(name)
    n, sd = len(ours.inside.y), float(row["sd_inside"])
    listed = task.domain.every_row(inner=0, outer=1) is not None
    parts = [] if listed else [errors_of(task, part(ours.inside, k), part(ours.outside, k)) for k in range(N_PARTS)]
    # Both samples err; what is listed does not.
    scale = sqrt((0 if listed else 1 / n) + 1 / N_THEIRS)
    wrong = {}
    for reference, column in COLUMNS.items():
        for i, where in enumerate(("inside", "outside")):
            known = row.get(f"{column}_{where}", "")
            if not known:
                continue
            theirs, found = float(known), ours.errors[reference][i]
            varies = float(row["rmse_rel_sd_5000_inside" if i == 0 else "rmse_rel_sd_5000"]) * sqrt(5_000) * scale
            if parts:
                values = [each[reference][i] for each in parts]
                varies = max(varies, float(np.std(values, ddof=1)) / theirs / sqrt(N_PARTS) * sqrt(n) * scale)
            if abs(found - theirs) > (ERRORS * varies + DIGITS) * theirs + ROUNDING * sd:
                wrong[f"{reference} {where}"] = (found, theirs, abs(found / theirs - 1) / varies)
    assert not wrong


# Words that say what the source did, and not what the function is.
CLASSES = {
    *("linear", "polynomial", "rational", "periodic", "inverse-trig", "exponential", "logarithmic", "root", "power"),
    *("special", "piecewise", "constant", "few-rows"),
}
DIFFERENT: dict[str, tuple[str, str]] = {}


@pytest.mark.parametrize("name", NAMES)
def test_the_kinds_are_those_of_the_catalogue_or_the_difference_has_a_reason(name: str) -> None:
    ours = made(name)
    found = set(kinds(task_named(name), Known(ours.inside, ours.outside, ours.errors))) - CLASSES
    theirs = set(CATALOGUE[name]["tags"].split())
    words = " ".join([*(f"+{word}" for word in sorted(found - theirs)), *(f"-{word}" for word in sorted(theirs - found))])
    assert words == DIFFERENT.get(name, ("", ""))[0]
