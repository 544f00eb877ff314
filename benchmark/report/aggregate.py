"""From records to the figures of the board: a row for each cell, a row for each contender."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from statistics import median, median_low

import pandas as pd

from benchmark.record import Record, Reference, SeedOutcome, TaskCard, Timing
from benchmark.report.statistics import (
    SOLVED_NRMSE,
    Verdict,
    log_score,
    median_interval,
    trust_horizon,
    verdict,
)

BASELINE = "linear-net"
# What exists for one experiment only stays off the main board.
OFF_BOARD = frozenset({"as-asked", "control"})
NOTHING = float("nan")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a task's table: errors in the units of y, NaN where there is none."""

    task: str
    model: str
    kind: str
    seeds: int
    n_seeds: int
    verdict: Verdict
    verdict_text: str
    score: float
    interpolation_rmse: float = NOTHING
    interpolation_low: float = NOTHING
    interpolation_high: float = NOTHING
    extrapolation_rmse: float = NOTHING
    extrapolation_low: float = NOTHING
    extrapolation_high: float = NOTHING
    horizon: float = NOTHING
    fit_seconds: float = NOTHING
    predict_seconds: float = NOTHING
    quantities: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Board:
    """All there is to show: the tasks' cards, a frame of cells, a frame of contenders, and words."""

    cards: tuple[TaskCard, ...]
    cells: pd.DataFrame
    overall: pd.DataFrame
    quantities: tuple[str, ...]
    notes: Mapping[str, tuple[str, ...]]
    remarks: tuple[str, ...]


def _constant(card: TaskCard) -> Reference:
    return next(reference for reference in card.references if reference.name == "constant")


def _solved(card: TaskCard, rmse: float | None) -> bool:
    return rmse is not None and rmse / card.target_sd <= SOLVED_NRMSE


def _horizon(card: TaskCard, inside: float | None, shells: Iterable[float]) -> float:
    if inside is None:
        return 0.0
    sd = card.target_sd
    return trust_horizon(inside / sd, [shell / sd for shell in shells], card.ladder)


def _reference_row(card: TaskCard, reference: Reference) -> Row:
    inside, outside = reference.interpolation_rmse, reference.extrapolation_rmse
    learned = _solved(card, inside)
    bare, text = verdict(1, inside=learned, outside=learned and _solved(card, outside), failed=0, not_applicable=0)
    return Row(
        task=card.task,
        model=reference.name,
        kind="reference",
        seeds=0,
        n_seeds=0,
        verdict=bare,
        verdict_text=text,
        score=log_score(outside, _constant(card).extrapolation_rmse),
        interpolation_rmse=inside,
        extrapolation_rmse=outside,
        horizon=_horizon(card, inside, reference.shell_rmse),
        quantities=reference.quantities,
    )


def _score(card: TaskCard, outcomes: Iterable[SeedOutcome]) -> float:
    # Where a model does not apply its user is left with the constant, which scores 0: abstaining gains
    # nothing that predicting the mean would not.
    return median(
        0.0
        if outcome.status == "not-applicable"
        else log_score(outcome.extrapolation_rmse, _constant(card).extrapolation_rmse)
        for outcome in outcomes
    )


def _cell_row(card: TaskCard, record: Record, timing: Timing | None) -> Row:
    good = [outcome for outcome in record.seeds if outcome.status == "ok"]
    n = len(record.seeds)
    inside = [_solved(card, outcome.interpolation_rmse) for outcome in good]
    outside = [learned and _solved(card, o.extrapolation_rmse) for learned, o in zip(inside, good, strict=True)]
    abstained = sum(outcome.status == "not-applicable" for outcome in record.seeds)
    bare, text = verdict(
        n, inside=sum(inside), outside=sum(outside), failed=n - len(good) - abstained, not_applicable=abstained
    )
    measured: dict[str, float] = {}
    if good:
        low_high = ("rmse", "low", "high")
        for region in ("interpolation", "extrapolation"):
            figures = median_interval([getattr(outcome, f"{region}_rmse") for outcome in good])
            measured |= {f"{region}_{name}": value for name, value in zip(low_high, figures, strict=True)}
        measured["horizon"] = median_low(
            _horizon(card, outcome.interpolation_rmse, outcome.shell_rmse) for outcome in record.seeds
        )
    if timing is not None:
        measured["fit_seconds"] = median(timing.fit_seconds)
        measured["predict_seconds"] = median(timing.predict_seconds)
    names = {name for outcome in good for name in outcome.quantities}
    return Row(
        task=card.task,
        model=record.model,
        kind="model",
        seeds=len(good),
        n_seeds=n,
        verdict=bare,
        verdict_text=text,
        score=_score(card, record.seeds),
        quantities={name: median(o.quantities[name] for o in good if name in o.quantities) for name in sorted(names)},
        **measured,
    )


def _one_machine(timings: Mapping[tuple[str, str], Timing]) -> tuple[dict[tuple[str, str], Timing], list[str]]:
    """Return the timings of the machine that has most of them: seconds of two machines never share a column."""
    machines = Counter(timing.environment.machine for timing in timings.values())
    if not machines:
        return {}, []
    chosen = max(sorted(machines), key=lambda name: machines[name])
    remarks = [f"Seconds were taken on one thread of: {chosen}."]
    left_out = sum(machines.values()) - machines[chosen]
    if left_out:
        remarks.append(f"{left_out} timings of other machines are left out; `nox -s bench` takes them again here.")
    return {place: t for place, t in timings.items() if t.environment.machine == chosen}, remarks


def _note(record: Record) -> list[str]:
    reasons: dict[tuple[str, str], list[int]] = {}
    for outcome in record.seeds:
        if outcome.status != "ok":
            reasons.setdefault((outcome.status, outcome.reason), []).append(outcome.seed)
    every = len(record.seeds)
    return [
        f"{record.model}: {status.replace('-', ' ')}"
        + ("" if len(seeds) == every else f" on {len(seeds)} of {every} seeds (first: seed {seeds[0]})")
        + f": {reason}"
        for (status, reason), seeds in reasons.items()
    ]


def _contender(rows: pd.DataFrame, n_tasks: int, seconds: pd.DataFrame) -> dict[str, object]:
    first = rows.iloc[0]
    kept = seconds.reindex(rows["task"])
    ratios = {
        f"{phase}_ratio": (rows.set_index("task")[f"{phase}_seconds"] / kept[f"{phase}_seconds"]).median()
        for phase in ("fit", "predict")
    }
    holds = int((rows["verdict"] == "holds outside").sum())
    return {
        "model": first["model"],
        "kind": first["kind"],
        "n_tasks": len(rows),
        "complete": len(rows) == n_tasks,
        "holds_outside": holds,
        "learned_inside": holds + int((rows["verdict"] == "inside only").sum()),
        "score": rows["score"].median(),
        "fit_seconds": rows["fit_seconds"].median(),
        "predict_seconds": rows["predict_seconds"].median(),
        **ratios,
    }


def _overall(cells: pd.DataFrame, n_tasks: int) -> pd.DataFrame:
    baseline = cells[(cells["model"] == BASELINE) & (cells["kind"] == "model")].set_index("task")
    contenders = pd.DataFrame(
        [_contender(rows, n_tasks, baseline) for _, rows in cells.groupby(["kind", "model"], sort=True)]
    )
    # Equal as printed is a tie: the score counts to two decimals.
    contenders["shown_score"] = contenders["score"].round(2) + 0.0
    contenders["is_reference"] = contenders["kind"] == "reference"
    contenders["incomplete"] = ~contenders["complete"] & ~contenders["is_reference"]
    order = ["is_reference", "incomplete", "holds_outside", "learned_inside", "shown_score", "model"]
    contenders = contenders.sort_values(order, ascending=[True, True, False, False, True, True], ignore_index=True)
    figures = list(contenders[["holds_outside", "learned_inside", "shown_score"]].itertuples(index=False, name=None))
    ranked = ~contenders["is_reference"] & ~contenders["incomplete"]
    counts = Counter(figure for figure, counted in zip(figures, ranked, strict=True) if counted)
    contenders["rank"] = [
        f"{figures.index(figure) + 1}{'=' if counts[figure] > 1 else ''}" if counted else ""
        for figure, counted in zip(figures, ranked, strict=True)
    ]
    return contenders


def board_of(
    cards: Mapping[str, TaskCard],
    records: Mapping[tuple[str, str], Record],
    timings: Mapping[tuple[str, str], Timing],
) -> Board:
    """Return the board that follows from what is kept: the same things give the same board."""
    shown = {name: card for name, card in sorted(cards.items()) if not OFF_BOARD & set(card.tags)}
    here, remarks = _one_machine(timings)
    rows = [_reference_row(card, reference) for card in shown.values() for reference in card.references]
    notes: dict[str, tuple[str, ...]] = {}
    for (task, model), record in sorted(records.items()):
        if OFF_BOARD & set(record.model_tags) or task in cards.keys() - shown.keys():
            continue
        if task not in shown:
            remarks.append(f"{task} / {model} is not shown: the file tasks/{task}.json is missing or unreadable.")
            continue
        rows.append(_cell_row(shown[task], record, here.get((task, model))))
        notes[task] = (*notes.get(task, ()), *_note(record))
    columns = [name for name in Row.__dataclass_fields__ if name != "quantities"]
    cells = pd.DataFrame([{k: v for k, v in asdict(row).items() if k != "quantities"} for row in rows], columns=columns)
    quantities = {
        name: None for card in shown.values() for q in card.quantities for name in (q.estimate, q.error) if name
    }
    for name in quantities:
        cells[name] = [row.quantities.get(name, NOTHING) for row in rows]
    machines = Counter(record.environment.machine for record in records.values())
    if len(machines) > 1:
        remarks.append(f"The records come from {len(machines)} machines; errors may differ slightly between them.")
    return Board(
        cards=tuple(shown.values()),
        cells=cells,
        overall=_overall(cells, len(shown)) if rows else pd.DataFrame(),
        quantities=tuple(quantities),
        notes=notes,
        remarks=tuple(remarks),
    )
