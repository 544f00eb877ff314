"""Tasks of the literature as rows of a table: a formula, a range, sizes, and what there is to say.

A table is text, a line a task, with `|` between its columns:

    name | formula | trained on | outer box | rows | more | remarks

The formula is read by `tasks.formula`, the two ranges by `tasks.notation`. `more` holds words and settings with spaces
between them:

    whole               whole numbers
    all-outside         outside, every variable is beyond its training range; the outer box is where these rows lie
    ladder=2.5          the ladder of distances ends there, since the function is not defined or has a pole beyond
    noise=0.1           sd of the noise in the training targets, in the units of y; 5% means of sd(y)
    published=20        the source has so many training rows, or the points of a grid: E[-1,1,0.1]
    published-noise=5%  the source has this noise too
    test=E[0,5,0.1]     the source tests on this grid, or on U[-1,2,500]^2, which is 500 rows of a square
    set=10x1            a row is a set of ten elements with one feature each
    held=0,0.5          on the slice for pictures x2 stays at 0.5; a variable that moves has no number: held=,0.5
    family=waves        near copies share it
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType

import numpy as np

from tasks.base import FloatArray, Quantity, Task
from tasks.drawing import uniform_numbers
from tasks.formula.making import formula_task
from tasks.training_law import Grid, TrainingLaw
from tasks.widening import Law, WideningBox

Function = Callable[[FloatArray], FloatArray]
COLUMNS = ("name", "formula", "trained on", "outer box", "rows", "more", "remarks")
WORDS = ("whole", "all-outside")
SETTINGS = ("ladder", "noise", "published", "published-noise", "test", "set", "held", "family")
PUBLISHED_ERROR = "published_rmse"
_UNIFORM = re.compile(r"U\[([^,\]]+),([^,\]]+),(\d+)\](?:\^(\d+))?")
# References are over so many rows, and over fewer where a row has very many numbers.
N_REFERENCE, N_REFERENCE_WIDE, WIDE = 2**17, 2**14, 50
# Of the draws that are the rows of a published test.
_TEST_STREAM = 0


def titled(name: str) -> str:
    """Return a task's title, made of its name: "Nguyen 1"."""
    return name.replace("-", " ").capitalize()


@dataclass(frozen=True)
class Row:
    """A row of a table, and what all rows of it share: the words of the source, and how titles are made."""

    name: str
    formula: str
    training: str
    outer: str
    n_train: int
    more: Mapping[str, str]
    remarks: str
    source: str
    titled: Callable[[str], str] = field(default=titled, repr=False)
    # What a formula in words means, where no grammar reads it.
    function: Function | None = field(default=None, repr=False)

    @property
    def _law(self) -> Law:
        return "all outside" if "all-outside" in self.more else "ring"

    @property
    def _tags(self) -> tuple[str, ...]:
        """What nothing but the table knows: that rows are sets, and what a function is that no grammar reads."""
        return (*(("sets",) if "set" in self.more else ()), *(("special",) if self.function else ()))

    def _domain(self, training_law: TrainingLaw | None = None) -> WideningBox:
        box = WideningBox.read(
            self.training,
            self.outer,
            law=self._law,
            whole="whole" in self.more,
            training_law=training_law,
            task=self.name,
        )
        held = tuple(float(value) if value else None for value in self.more.get("held", "").split(","))
        return replace(box, held=held) if "held" in self.more else box

    def _noise(self, text: str) -> dict[str, float]:
        return {"noise": float(text[:-1]) / 100} if text.endswith("%") else {"noise_std": float(text)}

    def _made(self, domain: WideningBox, **changes: object) -> Task:
        elements, _, features = self.more.get("set", f"1x{domain.n_features}").partition("x")
        ladder = float(self.more.get("ladder", 4))
        fields: dict[str, object] = {
            "name": self.name,
            "title": self.titled(self.name),
            "source": f"{self.source}; {self.remarks}" if self.remarks else self.source,
            "n_train": self.n_train,
            "n_reference": N_REFERENCE if domain.n_features < WIDE else N_REFERENCE_WIDE,
            "set_shape": (int(elements), int(features)),
            "ladder_end": ladder,
            "family": self.more.get("family", ""),
            "tags": self._tags,
            **self._noise(self.more.get("noise", "0")),
        } | changes
        fields |= {"formula": self.formula, "domain": domain}
        task = Task(function=self.function, **fields) if self.function else formula_task(**fields)  # type: ignore[arg-type]
        if "test" not in self.more:
            return task
        rows = rows_of_test(self.more["test"])
        return replace(task, quantities=(_published(rows, task.targets, self.more["test"]),))

    def task(self) -> Task:
        """Return the task at its standard size.

        Raises:
            ValueError: something in the row is wrong; the message has the task's name.
        """
        return self._made(self._domain())

    def as_published(self) -> Iterator[Task]:
        """Yield the task as its source has it, where that is with few rows, on a grid or with noise.

        Raises:
            ValueError: something in the row is wrong; the message has the task's name.
        """
        family = self.more.get("family", "") or self.name
        if "published" in self.more:
            law = Grid.read(self.more["published"]) if self.more["published"].startswith("E") else None
            n = law.n_rows if law else int(self.more["published"])
            yield self._made(
                self._domain(law),
                name=f"{self.name}-{n}-rows",
                title=f"{self.titled(self.name)}, its {n} published rows",
                n_train=n,
                family=family,
                tags=(*self._tags, "few-rows"),
            )
        if "published-noise" in self.more:
            yield self._made(
                self._domain(),
                name=f"{self.name}-noisy",
                title=f"{self.titled(self.name)}, with the published noise",
                family=family,
                **self._noise(self.more["published-noise"]),
            )


def rows_of_test(text: str) -> FloatArray:
    """Return the rows (n, d) of a published test: the points of a grid, or fixed draws of U[low,high,n]^d.

    Raises:
        ValueError: the text names neither.
    """
    uniform = _UNIFORM.fullmatch(text)
    if uniform is None:
        grid = Grid.read(text.replace("]xE", "] x E"))
        return grid.rows(grid.n_rows, np.random.default_rng(_TEST_STREAM))
    low, high, n, d = float(uniform[1]), float(uniform[2]), int(uniform[3]), int(uniform[4] or 1)
    rows: FloatArray = low + (high - low) * uniform_numbers(n, d, np.random.default_rng(_TEST_STREAM), even=True)
    return rows


def _measured(truth: FloatArray, X: FloatArray, predictions: FloatArray) -> dict[str, float]:
    return {PUBLISHED_ERROR: float(np.sqrt(np.mean((predictions - truth) ** 2)))}


def _published(rows: FloatArray, function: Callable[[FloatArray], FloatArray], words: str) -> Quantity:
    return Quantity(
        error=PUBLISHED_ERROR,
        title=f"RMSE on the test rows of the source, {words}: inside and outside together",
        rows=lambda _: rows,
        measure=partial(_measured, function(rows)),
    )


def _settings(text: str) -> dict[str, str]:
    """Return the words and settings of a cell of the table, words with nothing."""
    found: dict[str, str] = {}
    for word in text.split():
        name, equals, value = word.partition("=")
        known = SETTINGS if equals else WORDS
        if name not in known:
            kind = "setting" if equals else "word"
            raise ValueError(f"{word!r} is no {kind}; write one of {', '.join(known)}")
        if name in found:
            raise ValueError(f"{name!r} stands there twice; take one away")
        found[name] = value
    return found


def read_rows(
    table: str,
    *,
    source: str,
    titled: Callable[[str], str] = titled,
    functions: Mapping[str, Function] = MappingProxyType({}),
) -> tuple[Row, ...]:
    """Return the rows of a table, whose first line names its columns.

    `functions` are those of X (n, d) by the names of tasks whose formulas no grammar reads.

    Raises:
        ValueError: a row has another number of columns, or one of them cannot be read; the message has its name.
    """
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    if tuple(lines[0]) != COLUMNS:
        raise ValueError(f"the columns of a table are {' | '.join(COLUMNS)}, got {' | '.join(lines[0])}")
    rows = []
    for cells in lines[1:]:
        if len(cells) != len(COLUMNS):
            raise ValueError(
                f"task {cells[0]!r} has {len(cells)} columns in its table, and there are {len(COLUMNS)}: "
                f"{' | '.join(COLUMNS)}; leave one empty where there is nothing to say"
            )
        name, formula, training, outer, n_train, said, remarks = cells
        try:
            more = _settings(said)
            function = functions.get(name)
            rows.append(Row(name, formula, training, outer, int(n_train), more, remarks, source, titled, function))
        except ValueError as error:
            raise ValueError(f"task {name!r}: {error}") from error
    return tuple(rows)


def tasks_of(rows: tuple[Row, ...]) -> tuple[Task, ...]:
    """Return the tasks of rows at their standard sizes.

    Raises:
        ValueError: something in a row is wrong; the message has the task's name.
    """
    return tuple(row.task() for row in rows)
