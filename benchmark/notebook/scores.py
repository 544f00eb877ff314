"""The scores of a model: a table of seeds that shows itself as a table of tasks."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure

from benchmark.board.aggregate import Board, board_of
from benchmark.board.compare import Kept, comparison, median_rmse, of_model
from benchmark.board.curves import slice_band
from benchmark.board.failures import failure_word
from benchmark.board.solving import EXACT_NRMSE, REGIONS, Region
from benchmark.board.tolerance import Tolerance
from benchmark.board.window import window_of
from benchmark.catalogue.registry import Entry, unknown
from benchmark.environment import environment
from benchmark.run.made import kept_seed
from benchmark.show.figures.curves import STYLE, draw_band, svg
from benchmark.show.figures.palette import INK
from benchmark.store.local import Contents
from benchmark.store.record import OFF_BOARD, CellKey, Record, TaskCard
from benchmark.words import percent, visible
from models.base import Model

SEED_COLUMNS = (
    *("task", "model", "seed", "status", "reason", "training_rmse", "interpolation_rmse", "extrapolation_rmse"),
    *("interpolation_nrmse", "extrapolation_nrmse"),
)
SUMMARY_COLUMNS = ("task", "seeds", "inside", "outside", "verdict", "holds to", "place inside", "place outside")
_PANELS_A_ROW = 4


class Picture(Figure):
    """A figure that a notebook shows as it is, without pyplot."""

    def _repr_svg_(self) -> str:
        return svg(self)


@dataclass(frozen=True)
class _Standing:
    """One model's records beside all that is published of the same tasks."""

    model: str
    cards: Mapping[str, TaskCard]
    mine: Mapping[CellKey, Record]
    others: Mapping[CellKey, Record]
    quick: bool
    tolerance: Tolerance

    @cached_property
    def board(self) -> Board:
        """The board of these tasks with this model on it; with a small budget, of this model alone."""
        others = {} if self.quick else self.others
        return board_of(self.cards, {**others, **self.mine}, {}, tolerance=self.tolerance)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows of this model, one a task, in the order of the tasks."""
        cells = self.board.cells
        mine = cells[(cells["kind"] == "model") & (cells["model"] == self.model)].set_index("task")
        return mine.loc[[*self.cards]]

    def place(self, region: str) -> str:
        """Return the range of places among all models that did all of these tasks, "" where there is none."""
        overall = self.board.overall
        found = overall.loc[(overall["kind"] == "model") & (overall["model"] == self.model), f"{region}_rank"]
        return "" if self.quick or found.empty else str(found.iloc[0])

    @property
    def n_ranked(self) -> int:
        """How many models have a place."""
        return int((self.board.overall["ranked"] & (self.board.overall["kind"] == "model")).sum())

    def place_on(self, task: str, column: str) -> str:
        """Return how many models have a smaller median error on a task, plus one, "" where none is published."""
        cells = self.board.cells
        # Below this an error is that of rounding, and none is better than another.
        rounding = EXACT_NRMSE * self.cards[task].target_sd
        there = cells[(cells["task"] == task) & (cells["kind"] == "model") & (cells["n_counted"] > 0)]
        own = there.loc[there["model"] == self.model, column]
        if self.quick or len(there) < 2 or own.empty or not np.isfinite(own.iloc[0]):
            return ""
        n_better = int((there[column].clip(lower=rounding) < max(own.iloc[0], rounding)).sum())
        return f"{n_better + 1} of {len(there)}"


class Scores(pd.DataFrame):
    """A row for each task and seed; shown, a row for each task with medians over its seeds.

    Errors `*_rmse` are in the units of y, `*_nrmse` in sd of y on the training law. Of a seed that did not end well
    `status` and `reason` say why, and its errors are missing. What is made of it by pandas is a plain DataFrame.
    """

    _metadata = ("_standing",)
    _standing: _Standing

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    @property
    def summary(self) -> pd.DataFrame:
        """A row for each task: medians in sd of y, the verdict, how far it holds, and its places on the task.

        A place is by the median error. It says nothing of how sure it is; `caption` has the places over all tasks, with
        their ranges.
        """
        standing, rows = self._standing, self._standing.rows
        table = []
        for task, row in rows.iterrows():
            card = standing.cards[str(task)]
            inside, outside = row["interpolation_rmse"], row["extrapolation_rmse"]
            table.append(
                (
                    task,
                    f"{row['seeds']} of {row['n_seeds']}",
                    inside / card.target_sd,
                    outside / card.target_sd,
                    row["verdict_text"],
                    row["horizon"],
                    standing.place_on(str(task), "interpolation_rmse"),
                    standing.place_on(str(task), "extrapolation_rmse"),
                )
            )
        return pd.DataFrame(table, columns=[*SUMMARY_COLUMNS])

    @property
    def caption(self) -> str:
        """What the table shows, and the places over all of its tasks, in two or three sentences."""
        standing = self._standing
        n_seeds = len({outcome.seed for record in standing.mine.values() for outcome in record.seeds})
        words = [
            f"{standing.model}: medians over {n_seeds} seed{'s' if n_seeds > 1 else ''}, inside and outside in sd of y."
        ]
        if not standing.tolerance.is_published:
            words.append(f"Solved means an error of at most {standing.tolerance.words}.")
        inside, outside = standing.place("inside"), standing.place("outside")
        if standing.quick:
            words.append("A small budget has no place among the published models.")
        elif inside and standing.n_ranked > 1 and len(standing.cards) > 1:
            words.append(
                f"Over all tasks it stands {inside} inside and {outside} outside, of {standing.n_ranked} models."
            )
        failed = self[~self["status"].isin(["ok", "not-applicable"])]
        if len(failed):
            first = failed.iloc[0]
            words.append(f"{len(failed)} of {len(self)} rows did not end well: {first['status']}, {first['reason']}")
        return " ".join(words)

    def _shown(self) -> pd.DataFrame:
        shown = self.summary
        for name in ("inside", "outside"):
            shown[name] = [_figure(value) for value in shown[name]]
        shown["holds to"] = ["" if math.isnan(value) else f"{value:g}" if value else "-" for value in shown["holds to"]]
        return shown

    def __repr__(self) -> str:
        return f"{self._shown().to_string(index=False)}\n{self.caption}"

    def _repr_html_(self) -> str:
        from html import escape

        return f"{self._shown().to_html(index=False, escape=True)}<p>{escape(visible(self.caption))}</p>"

    def plot(self, task: str | None = None) -> Picture:  # type: ignore[override]
        """Return the curves of one task, or of all: the median prediction with its band, and the function.

        It is a matplotlib figure: `.savefig("mine.png")` keeps it.

        Raises:
            UsageError: there is no such task among those that were scored.
        """
        standing = self._standing
        if task is not None and task not in standing.cards:
            raise unknown("scored task", task, standing.cards)
        names = [*standing.cards] if task is None else [task]
        columns = min(_PANELS_A_ROW, len(names))
        rows = math.ceil(len(names) / columns)
        with rc_context(STYLE):
            size = (max(2.4 * columns, 5.0), 1.9 * rows + 0.7)
            figure = Picture(figsize=size, facecolor="white", layout="constrained")
            title = f"{standing.model}: median prediction (blue) and the function (dashed)"
            figure.suptitle(textwrap.fill(title, round(12 * size[0])), fontsize=10, color=INK)
            axes = figure.subplots(rows, columns, squeeze=False).ravel()
            for axis in axes[len(names) :]:
                axis.set_axis_off()
            for axis, name in zip(axes, names, strict=False):
                card, record = standing.cards[name], standing.mine[name, standing.model]
                band = slice_band(card, record)
                draw_band(axis, card, band, window_of(card.truth, [band]))
                axis.set_title(name, loc="left", color=INK)
                axis.set_xlabel(visible(card.slice.label), fontsize=7, parse_math=False)
        return figure

    def compare(self, other: str) -> pd.DataFrame:  # type: ignore[override]
        """Return where another model differs: a row for each task and region, the errors of both and how sure it is.

        Errors are medians over the seeds; where one is that of a failed seed, a word such as "failed" stands in its
        place. Seeds are paired by their number. `verdict` says whether this model is "better" or "worse" there, "equal"
        where no difference is sure at 5 % false alarms over all regions; see `benchmark.board.compare`.

        Raises:
            UsageError: nothing is published of that model on these tasks.
        """
        standing = self._standing
        there = {task for task, model in standing.others if model == other}
        if not there:
            raise unknown("model with a record of these tasks", other, {model for _, model in standing.others})
        kept = Kept(standing.cards, {**standing.others, **standing.mine})
        found = comparison(of_model(kept, other), of_model(kept, standing.model))
        sure = {(change.cell_id[0], change.region): change for change in found.changes}
        table = []
        for task in (task for task in standing.cards if task in there):
            for region in REGIONS:
                change = sure.get((task, region))
                mine = _median(standing.mine[task, standing.model], region)
                theirs = _median(standing.others[task, other], region)
                apart = found.apart.get((task, ""))
                word = "not comparable" if apart else "equal"
                if change is not None:
                    word = "worse" if change.worse else "better"
                table.append((task, region, mine, theirs, _ratio(mine, theirs), word))
        return pd.DataFrame(table, columns=["task", "region", standing.model, other, "ratio", "verdict"])


def _median(record: Record, region: Region) -> float | str:
    """Return the median RMSE of a record, the word for what went wrong where it is a failed seed's, NaN of no seed."""
    median = median_rmse(record.seeds, region)
    return math.nan if median is None else failure_word(record.seeds) if math.isinf(median) else median


def _ratio(mine: float | str, theirs: float | str) -> float:
    return math.nan if isinstance(mine, str) or isinstance(theirs, str) or not theirs else mine / theirs


def _figure(value: float) -> str:
    if math.isnan(value):
        return ""
    return "failed" if math.isinf(value) else percent(value)


def scores_of(
    model: Model,
    outcomes: Mapping[Entry, Sequence[Mapping[str, Any]]],
    *,
    cards: Mapping[str, TaskCard],
    known: Contents,
    quick: bool,
    tolerance: Tolerance,
) -> Scores:
    """Return the scores of a model from how its seeds ended, beside what is published of the same tasks."""
    here = environment(())
    mine = {
        (task.name, model.name): Record(
            task=task.name,
            model=model.name,
            task_version=task.version,
            model_version=model.version,
            model_title=model.title or model.name,
            model_source=model.source,
            model_tags=tuple(tag for tag in model.tags if tag not in OFF_BOARD),
            model_origin="given to benchmark.score",
            quick=quick,
            task_stamp=None,
            model_stamp=None,
            environment=here,
            seeds=tuple(sorted(map(kept_seed, seeds), key=lambda outcome: outcome.seed)),
        )
        for task, seeds in outcomes.items()
    }
    # Here is no main board: what stays off it is shown as anything else.
    cards = {
        name: card.model_copy(update={"tags": tuple(tag for tag in card.tags if tag not in OFF_BOARD)})
        for name, card in cards.items()
    }
    others = {(task, name): record for (task, name), record in known.records.items() if task in cards}
    rows = [
        (
            task.name,
            model.name,
            outcome.seed,
            outcome.status,
            outcome.reason,
            *(errors := (outcome.training_rmse, outcome.interpolation_rmse, outcome.extrapolation_rmse)),
            *(math.nan if error is None else error / cards[task.name].target_sd for error in errors[1:]),
        )
        for task in outcomes
        for outcome in mine[task.name, model.name].seeds
    ]
    frame = Scores(pd.DataFrame(rows, columns=[*SEED_COLUMNS]).astype(dict.fromkeys(SEED_COLUMNS[5:], float)))
    frame._standing = _Standing(model.name, cards, mine, others, quick, tolerance)
    return frame
