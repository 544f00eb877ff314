"""Where the contenders stand, inside and outside: shares solved, scores and ranks, over all tasks and by class.

A task to which a model does not apply counts as if it had answered with the constant; one that it was not run on counts
for nothing, and then it has no rank and stands behind all that have one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmark.board.besides import BESIDES, besides
from benchmark.board.ranks import ahead, pairs_of, rank_ranges
from benchmark.board.scores import NOTHING, SHARES, Row
from benchmark.board.solving import REGIONS, Region
from benchmark.board.statistics import SCORE_DECIMALS, share_interval
from benchmark.board.tables import FIGURES, Contender, Tables, tables_of
from benchmark.board.tolerance import Tolerance
from benchmark.board.votes import Votes, votes_of
from benchmark.store.record import TaskCard

# What a contender has in a region of a suite or of a class of its tasks.
_STANDING = ("tasks", *FIGURES, *(f"{share}_{end}" for share in SHARES for end in ("low", "high")), "rank", "order")


@dataclass(frozen=True)
class Standings:
    """The votes of both regions, a row for each contender, and one for each class of tasks and contender.

    `rows` has for each region, as `inside_...` and `outside_...`: `tasks`, how many of the voting tasks it was run on
    and applies to; `score` and shares, the weighed means over those it was run on, each share with its interval as
    `share_solved_low` and `share_solved_high`; `rank`, the range of ranks in words, "" where it is not ranked; `order`,
    where it stands in that region's table. Besides it has the columns of `besides`. `classes` has the same by `region`
    and `class`, of the tasks that vote in this region.
    """

    votes: Mapping[Region, Votes]
    rows: pd.DataFrame
    classes: pd.DataFrame


def _figures(tables: Tables, region: Region, votes: Votes, place: int) -> Row:
    row: Row = {"tasks": int(np.count_nonzero(tables.applies[:, place]))}
    for name in FIGURES:
        row[name] = round(votes.mean(tables.figures[f"{region}_{name}"][:, place]), SCORE_DECIMALS)
    n = votes.independent(~np.isnan(tables.figures[f"{region}_score"][:, place]))
    for share in SHARES:
        low, high = share_interval(row[share], n) if n else (NOTHING, NOTHING)
        row |= {f"{share}_low": low, f"{share}_high": high}
    return row


def _ranks(tables: Tables, region: Region, votes: Votes, ranked: Sequence[bool]) -> list[str]:
    found, places = [""] * len(ranked), np.flatnonzero(ranked)
    pairs = pairs_of(tables.figures[f"{region}_score"][:, places], votes)
    for place, (first, last) in zip(places, rank_ranges(ahead(pairs)), strict=True):
        found[place] = f"{first}" if first == last else f"{first}-{last}"
    return found


def _standing(tables: Tables, region: Region, votes: Votes, frame: pd.DataFrame) -> pd.DataFrame:
    """Return what the contenders of a frame have in a region, given the tables of the tasks that vote there."""
    rows = pd.DataFrame([_figures(tables, region, votes, place) for place in range(len(frame))])
    rows["rank"] = _ranks(tables, region, votes, frame["ranked"].tolist())
    keys = frame[["kind", "ranked", "model"]].assign(score=rows["score"])
    keys = keys.assign(is_reference=keys["kind"] == "reference", unranked=~keys["ranked"])
    by = ["is_reference", "unranked", "score", "model"]
    rows["order"] = np.argsort(keys.sort_values(by, kind="stable").index.to_numpy())
    return rows[[*_STANDING]]


def _besides(tables: Tables, outside: Votes, cards: Mapping[str, TaskCard], n: int) -> pd.DataFrame:
    units = {cards[task].horizon_unit for task in outside.tasks}
    one_unit = len(units) == 1 and "" not in units
    return pd.DataFrame([besides(tables, outside, place, one_unit=one_unit) for place in range(n)])


def _by_class(votes: Votes, cards: Mapping[str, TaskCard]) -> dict[str, Votes]:
    found: dict[str, list[str]] = {}
    for task in votes.tasks:
        for name in cards[task].classes:
            found.setdefault(name, []).append(task)
    return {name: votes.of(found[name]) for name in sorted(found)}


def _classes(
    tables: Tables, votes: Mapping[Region, Votes], cards: Mapping[str, TaskCard], frame: pd.DataFrame
) -> Iterator[pd.DataFrame]:
    for region in REGIONS:
        for name, some in _by_class(votes[region], cards).items():
            mine = tables.of(some.tasks)
            rows = frame[["kind", "model"]].join(_standing(mine, region, some, frame))
            rows = rows.join(_besides(mine, some, cards, len(frame)))
            yield rows.assign(region=region, voting=len(some), **{"class": name})


def standings(
    cells: pd.DataFrame,
    cards: Mapping[str, TaskCard],
    suites: Mapping[str, str],
    *,
    ranked: Mapping[str, bool],
    tolerance: Tolerance,
) -> Standings:
    """Return where all contenders stand, given the suite of each task that is compared and which models are ranked.

    Models that are ranked have a cell of every task that is compared.
    """
    contenders: list[Contender] = sorted(set(zip(cells["kind"], cells["model"], strict=True)))
    frame = pd.DataFrame(contenders, columns=["kind", "model"])
    frame["ranked"] = [kind == "model" and ranked.get(model, False) for kind, model in contenders]
    votes = {region: votes_of(cards, suites, region, tolerance=tolerance) for region in REGIONS}
    tables = tables_of(cells, sorted(task for task in suites if task in cards), contenders)
    columns = ["region", "class", "voting", "kind", "model", *_STANDING, *BESIDES]
    classes = [*_classes(tables, votes, cards, frame)]
    by_class = pd.concat(classes, ignore_index=True)[columns] if classes else pd.DataFrame(columns=columns)
    rows = frame
    for region in REGIONS:
        mine = _standing(tables.of(votes[region].tasks), region, votes[region], frame)
        rows = rows.join(mine.add_prefix(f"{region}_"))
    return Standings(votes, rows.join(_besides(tables, votes["outside"], cards, len(frame))), by_class)
