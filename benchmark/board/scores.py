"""From what is kept of one task to its rows: a row for each cell and each reference."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.board.behaviour import Behaviour, behaviours
from benchmark.board.costs import Clock
from benchmark.board.curves import median_line
from benchmark.board.failures import WORST, counted, failure_word, mostly_failed
from benchmark.board.offers import OFFERED, offers
from benchmark.board.solving import REGIONS, BoolArray, exact, limits
from benchmark.board.statistics import (
    FEWEST,
    SCORE_DECIMALS,
    FloatArray,
    log_score,
    median_intervals,
    median_over,
    trust_horizon,
)
from benchmark.board.sureness import KNOWN, sureness
from benchmark.board.tolerance import Tolerance
from benchmark.board.verdicts import of_one, verdict
from benchmark.store.record import Record, SeedOutcome, TaskCard

# One line of a task's table: errors in the units of y, NaN where there is none, infinite where they are those of a
# failed seed, which `failure` has a word for. `spread` says what stands in `low` and `high`. `inside_seeds` of the
# `n_counted` seeds solve the inside, `outside_seeds` both regions; the shares are those that do so to each level of the
# board's tolerance. The task's own quantities follow as columns of their own.
_ERRORS = (
    *("interpolation_rmse", "interpolation_low", "interpolation_high"),
    *("extrapolation_rmse", "extrapolation_low", "extrapolation_high"),
)
SHARES = ("share_strict", "share_solved", "share_lenient")
COLUMNS = (
    *("task", "model", "kind", "seeds", "n_seeds", "n_counted", "quick", "verdict", "verdict_text", "behaviour"),
    *("inside_seeds", "outside_seeds", "inside_score", "outside_score"),
    *(f"{region}_{share}" for region in REGIONS for share in SHARES),
    *("failure", "spread"),
    *_ERRORS,
    *("horizon", "fit_seconds", "predict_seconds", "fit_ratio", "predict_ratio", "other_machine"),
    *OFFERED,
    *KNOWN,
)
NOTHING = float("nan")
# A single exact task is not to weigh as ten good ones, nor one that explodes as ten bad ones.
LOWEST_SCORE, WORST_SCORE = -3.0, 2.0
_KNIFE = SHARES.index("share_solved")

Row = dict[str, Any]
IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class _Scored:
    """All errors of a task's outcomes, (n, 2) inside and outside, NaN where there is none, and what follows from each.

    `solved` (n_levels, n, 2) says for each level which regions are solved, the outside only where the inside is too.
    `scores` (n, 2) are the log scores, `horizon` and `exact` (n,).
    """

    errors: FloatArray
    solved: BoolArray
    exact: BoolArray
    horizon: FloatArray
    scores: FloatArray


def constant_rmse(card: TaskCard) -> tuple[float, float]:
    """Return the constant's RMSE inside and outside; without a constant, the sd on the training law for both."""
    constant = card.reference("constant")
    return (constant.interpolation_rmse, constant.extrapolation_rmse) if constant else (card.target_sd, card.target_sd)


def _table(card: TaskCard, errors: Sequence[tuple[float | None, ...]]) -> FloatArray:
    """Return errors inside, outside and in each shell, (n, 2 + k), NaN where there is none."""
    k = len(card.ladder) - 1
    # A shell that an older record lacks is one that does not hold.
    padded = [(*row, *(None,) * (k + 2 - len(row)))[: k + 2] for row in errors]
    return np.array(padded, dtype=np.float64).reshape(len(errors), k + 2)


def _errors(outcome: SeedOutcome) -> tuple[float | None, ...]:
    if outcome.status != "ok":
        return ()
    return outcome.interpolation_rmse, outcome.extrapolation_rmse, *outcome.shell_rmse


def _held(card: TaskCard, table: FloatArray, solved: float) -> FloatArray:
    good = table <= limits(card, solved)
    return trust_horizon(good[:, 0], good[:, 2:], card.ladder)


def horizons(card: TaskCard, outcomes: Sequence[SeedOutcome], solved: float) -> FloatArray:
    """Return the edge of the ladder up to which each outcome holds (n,), 0 where it has not learned the inside."""
    return _held(card, _table(card, [_errors(outcome) for outcome in outcomes]), solved)


def _scored(card: TaskCard, errors: Sequence[tuple[float | None, ...]], tolerance: Tolerance) -> _Scored:
    table = _table(card, errors)
    solved = np.stack([table[:, :2] <= limits(card, level)[:2] for level in tolerance.levels])
    return _Scored(
        errors=table[:, :2],
        solved=np.logical_and.accumulate(solved, axis=2),
        exact=np.logical_and.reduce(exact(card, table[:, :2]), axis=1),
        horizon=_held(card, table, tolerance.solved),
        scores=np.clip(
            np.column_stack([log_score(table[:, i], constant) for i, constant in enumerate(constant_rmse(card))]),
            LOWEST_SCORE,
            WORST_SCORE,
        ),
    )


def _words(card: TaskCard, records: Sequence[Record], tolerance: Tolerance) -> dict[int, Behaviour]:
    """Return the words for the records, by their positions, that have a line along the card's slice."""
    lines = {i: line for i, record in enumerate(records) if (line := median_line(card, record)) is not None}
    if not lines:
        return {}
    return dict(zip(lines, behaviours(card, np.stack(list(lines.values())), tolerance.solved), strict=True))


def reference_rows(card: TaskCard, tolerance: Tolerance) -> list[Row]:
    """Return a row for each reference of a task."""
    errors = [(r.interpolation_rmse, r.extrapolation_rmse, *r.shell_rmse) for r in card.references]
    if not errors:
        return []
    scored = _scored(card, errors, tolerance)
    n = len(card.slice.position)
    drawn = {i: r.slice for i, r in enumerate(card.references) if n and len(r.slice) == n}
    words = dict(zip(drawn, behaviours(card, np.array(list(drawn.values())), tolerance.solved), strict=True))
    rows = []
    for i, reference in enumerate(card.references):
        learns, holds = scored.solved[_KNIFE, i].tolist()
        bare, text = of_one(inside=learns, outside=holds, exact=bool(scored.exact[i]))
        rows.append(
            {
                **reference.quantities,
                "task": card.task,
                "model": reference.name,
                "kind": "reference",
                "seeds": 0,
                "n_seeds": 0,
                "n_counted": 0,
                "quick": False,
                "verdict": bare,
                "verdict_text": text,
                "behaviour": words.get(i, ""),
                "failure": "",
                "spread": "",
                **_standing(scored, np.array([i])),
                "interpolation_rmse": reference.interpolation_rmse,
                "extrapolation_rmse": reference.extrapolation_rmse,
                "horizon": float(scored.horizon[i]),
                "other_machine": False,
            }
        )
    return rows


def _by_count(positions: Sequence[IntArray]) -> Iterator[tuple[list[int], IntArray]]:
    """Yield the cells (m,) that have equally many positions among the outcomes, and these positions (m, count)."""
    cells: dict[int, list[int]] = {}
    for cell, mine in enumerate(positions):
        cells.setdefault(len(mine), []).append(cell)
    yield from ((same, np.stack([positions[cell] for cell in same])) for count, same in cells.items() if count)


def _spread(n: int) -> str:
    return "" if n < 2 else "range" if n < FEWEST else "interval"


def _standing(scored: _Scored, mine: IntArray) -> Row:
    """Return the scores and shares of the counted outcomes (n,) of a cell or reference; of none there is nothing."""
    if not len(mine):
        return {"inside_seeds": 0, "outside_seeds": 0}
    row: Row = {}
    for i, region in enumerate(REGIONS):
        solved = scored.solved[:, mine, i]
        row[f"{region}_seeds"] = int(solved[_KNIFE].sum())
        # Exactly rounded, as in votes.
        row[f"{region}_score"] = round(math.fsum(scored.scores[mine, i]) / len(mine), SCORE_DECIMALS)
        row |= {f"{region}_{share}": value for share, value in zip(SHARES, solved.mean(axis=1).tolist(), strict=True)}
    return row


def _summaries(scored: _Scored, applied: Sequence[IntArray]) -> list[Row]:
    """Return the standing, horizon and errors of each cell, given the positions of its seeds that count."""
    rows: list[Row] = [{"spread": _spread(len(mine)), **_standing(scored, mine)} for mine in applied]
    # No failed seed has an error, and none is left out.
    regions = [np.where(np.isnan(errors), WORST, errors) for errors in scored.errors.T]
    for cells, positions in _by_count(applied):
        # The lower of two middle seeds: a horizon between two edges of the ladder would mean nothing.
        horizons = np.sort(scored.horizon[positions], axis=1)[:, (positions.shape[1] - 1) // 2].tolist()
        inside, outside = (median_intervals(errors[positions]).tolist() for errors in regions)
        for cell, horizon, a, b in zip(cells, horizons, inside, outside, strict=True):
            rows[cell] |= {"horizon": horizon} | dict(zip(_ERRORS, (*a, *b), strict=True))
    return rows


def _quantities(card: TaskCard, seeds: Sequence[SeedOutcome]) -> Row:
    """Return the median of each quantity over the seeds that count; an error has a worst side, an estimate none."""
    seeds = counted(seeds)
    failed = [WORST for seed in seeds if seed.status != "ok"]
    medians: Row = {}
    for quantity in card.quantities:
        for name in filter(None, (quantity.error, quantity.estimate)):
            known = [seed.quantities[name] for seed in seeds if seed.status == "ok" and name in seed.quantities]
            if name == quantity.estimate and known:
                medians[name] = WORST if mostly_failed(seeds) else float(median_over(np.array(known)))
            # What a record lacks though its seeds went well is no failure, but unknown.
            elif known or len(failed) == len(seeds) > 0:
                medians[name] = float(median_over(np.array(known + failed)))
    return medians


def _seconds(clock: Clock, position: tuple[str, str]) -> Row:
    seconds = clock.cells.get(position)
    if seconds is None:
        return {"other_machine": False}
    return {
        "fit_seconds": seconds.fit,
        "predict_seconds": seconds.predict,
        "fit_ratio": seconds.fit_ratio,
        "predict_ratio": seconds.predict_ratio,
        "other_machine": position[1] in clock.elsewhere,
    }


def cell_rows(card: TaskCard, records: Sequence[Record], clock: Clock, tolerance: Tolerance) -> list[Row]:
    """Return for each record of a task, each with at least one seed, its row."""
    outcomes = [outcome for record in records for outcome in record.seeds]
    scored = _scored(card, [_errors(outcome) for outcome in outcomes], tolerance)
    # What a model abstains from is no score of it.
    abstained = np.array([outcome.status == "not-applicable" for outcome in outcomes], dtype=bool)
    ends = np.cumsum([0, *(len(record.seeds) for record in records)])
    applied = [(mine := np.arange(a, b))[~abstained[mine]] for a, b in pairwise(ends)]
    summaries, words = _summaries(scored, applied), _words(card, records, tolerance)
    rows: list[Row] = []
    for i, (record, mine) in enumerate(zip(records, applied, strict=True)):
        n_good = int(np.count_nonzero(~np.isnan(scored.errors[mine, 0])))
        bare, text = verdict(
            len(mine),
            inside=summaries[i]["inside_seeds"],
            outside=summaries[i]["outside_seeds"],
            failed=len(mine) - n_good,
            exact=int(np.count_nonzero(scored.exact[mine])),
        )
        rows.append(
            {
                # A plugin's quantity may bear the name of a column; the column stays what it is.
                **_quantities(card, record.seeds),
                "task": card.task,
                "model": record.model,
                "kind": "model",
                "seeds": n_good,
                "n_seeds": len(record.seeds),
                "n_counted": len(mine),
                "quick": record.quick,
                "verdict": bare,
                "verdict_text": text,
                "behaviour": words.get(i, ""),
                "failure": failure_word(record.seeds),
                **summaries[i],
                **_seconds(clock, (card.task, record.model)),
                **offers(record.seeds),
                **sureness(record.seeds),
            }
        )
    return rows
