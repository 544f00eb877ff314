"""Where the contenders stand, inside and outside: shares solved, scores and ranks, over all tasks and by class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmark.board.ranks import ahead, better_than, pairs_of, rank_ranges
from benchmark.board.scores import SHARES, Row
from benchmark.board.solving import REGIONS, Region
from benchmark.board.statistics import SCORE_DECIMALS, FloatArray
from benchmark.board.tolerance import Tolerance
from benchmark.board.votes import Votes, votes_of
from benchmark.store.record import TaskCard

Contender = tuple[str, str]
# What a contender is known for in a region, besides its rank.
FIGURES = ("score", *SHARES)


@dataclass(frozen=True)
class Standings:
    """The votes of both regions, a row for each contender, and one for each class of tasks and contender.

    `rows` has for each region, as `inside_...` and `outside_...`: `tasks`, how many of the voting tasks it was run on;
    `score` and shares, the weighed means over these; `rank`, the range of ranks in words, "" where it is not ranked;
    `order`, where it stands in that region's table. `classes` has the same figures by `region` and `class`.
    """

    votes: Mapping[Region, Votes]
    rows: pd.DataFrame
    classes: pd.DataFrame


def _tables(
    cells: pd.DataFrame, region: Region, votes: Votes, contenders: Sequence[Contender]
) -> dict[str, FloatArray]:
    """Return each figure of a region's cells as (n_tasks, n_contenders), NaN where one was not run."""
    tasks = {task: i for i, task in enumerate(votes.tasks)}
    places = {contender: j for j, contender in enumerate(contenders)}
    mine = cells[cells["task"].isin(votes.tasks)]
    at = mine["task"].map(tasks), [places[each] for each in zip(mine["kind"], mine["model"], strict=True)]
    tables = {name: np.full((len(tasks), len(places)), np.nan) for name in FIGURES}
    for name, table in tables.items():
        table[at] = mine[f"{region}_{name}"]
    return tables


def _figures(tables: Mapping[str, FloatArray], votes: Votes, place: int) -> Row:
    means = {name: round(votes.mean(table[:, place]), SCORE_DECIMALS) for name, table in tables.items()}
    return {"tasks": int(np.count_nonzero(~np.isnan(tables["score"][:, place]))), **means}


def _in_order(frame: pd.DataFrame, region: Region, scores: FloatArray, votes: Votes) -> pd.DataFrame:
    """Return the frame with ranks and order in a region; `scores` (n_tasks, n_contenders) stand as its rows do."""
    ranked = np.flatnonzero(frame["ranked"])
    pairs = pairs_of(scores[:, ranked], votes)
    ranks, wins = [""] * len(frame), np.zeros(len(frame), dtype=np.intp)
    for row, (first, last), count in zip(ranked, rank_ranges(ahead(pairs)), better_than(pairs), strict=True):
        ranks[row], wins[row] = f"{first}" if first == last else f"{first}-{last}", count
    # Equal as printed is a tie: the score counts to two decimals.
    keys = frame.assign(wins=-wins, shown=frame[f"{region}_score"].round(2), unranked=~frame["ranked"])
    by = ["is_reference", "unranked", "wins", "shown", "model"]
    order = np.argsort(keys.sort_values(by, kind="stable").index.to_numpy())
    placed = frame.copy()
    placed[f"{region}_rank"], placed[f"{region}_order"] = ranks, order
    return placed


def standings(
    cells: pd.DataFrame,
    cards: Mapping[str, TaskCard],
    suites: Mapping[str, str],
    *,
    ranked: Mapping[str, bool],
    tolerance: Tolerance,
) -> Standings:
    """Return where all contenders stand, given the suite of each task that is compared and which models are ranked."""
    contenders = sorted(set(zip(cells["kind"], cells["model"], strict=True)))
    frame = pd.DataFrame(contenders, columns=["kind", "model"])
    frame["is_reference"] = frame["kind"] == "reference"
    frame["ranked"] = [kind == "model" and ranked.get(model, False) for kind, model in contenders]
    votes = {region: votes_of(cards, suites, region, tolerance=tolerance) for region in REGIONS}
    classes = []
    for region in REGIONS:
        tables = _tables(cells, region, votes[region], contenders)
        rows = pd.DataFrame([_figures(tables, votes[region], i) for i in range(len(contenders))])
        frame = frame.join(rows.add_prefix(f"{region}_"))
        frame = _in_order(frame, region, tables["score"], votes[region])
        for name, some in _by_class(votes[region], cards).items():
            kept = np.isin(votes[region].tasks, some.tasks)
            parts = {column: table[kept] for column, table in tables.items()}
            classes += [
                {"region": region, "class": name, "voting": len(some), "kind": kind, "model": model}
                | _figures(parts, some, i)
                for i, (kind, model) in enumerate(contenders)
            ]
    columns = ["region", "class", "voting", "kind", "model", "tasks", *FIGURES]
    return Standings(votes, frame, pd.DataFrame(classes, columns=columns))


def _by_class(votes: Votes, cards: Mapping[str, TaskCard]) -> dict[str, Votes]:
    found: dict[str, list[str]] = {}
    for task in votes.tasks:
        for name in cards[task].classes:
            found.setdefault(name, []).append(task)
    return {name: votes.of(found[name]) for name in sorted(found)}
