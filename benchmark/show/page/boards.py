"""What the page says of the board of a suite: where its contenders stand, with the figures of each region."""

import math
from collections.abc import Mapping
from itertools import chain
from typing import Any

from benchmark.board.aggregate import Board
from benchmark.board.scores import SHARES
from benchmark.board.solving import REGIONS
from benchmark.board.statistics import SCORE_DECIMALS
from benchmark.show.cells import rows_of
from benchmark.show.digits import significant
from benchmark.words import visible

Row = Mapping[str, Any]
# The columns of a contender's row on the page, those of a region for each region after the others.
COLUMNS = (
    *("contender", "fit", "ratio", "predict", "cost", "growth", "elsewhere"),
    *("horizon", "exact", "expressed", "covered_inside", "covered_outside", "warns", "sure"),
)
OF_REGION = ("place", "order", "score", "tasks", *SHARES, "low", "high")


def few(value: float, digits: int = 4) -> float | None:
    """Return a figure to so many significant digits, None where there is none."""
    return significant(float(value), digits) if math.isfinite(value) else None


def _share(value: float) -> float | None:
    # To all its digits: rounded twice it could become another whole percent than in leaderboard.md.
    return few(value, SCORE_DECIMALS)


def _row(row: Row, contender: int) -> list[Any]:
    # What a model without a place lacks stands where its place would.
    of_regions = (
        [
            row[f"{region}_rank"] or ", ".join(row["lacks"]),
            row[f"{region}_order"],
            few(row[f"{region}_score"]),
            row[f"{region}_tasks"],
            *(_share(row[f"{region}_{name}"]) for name in (*SHARES, "share_solved_low", "share_solved_high")),
        ]
        for region in REGIONS
    )
    costs: list[Any] = [few(row[name]) for name in ("fit_seconds", "fit_ratio", "predict_seconds", "cost_seconds")]
    covered = [_share(row[f"covered_{where}"]) for where in ("inside", "outside")]
    besides = [row["n_exact"], row["n_expressed"] or None, *covered]
    besides += [row["n_warns"], row["n_sure"] or None]
    costs += [row["growth"], int(row["other_machine"])]
    return [contender, *costs, few(row["median_horizon"]), *besides, *chain.from_iterable(of_regions)]


def board_data(board: Board, contenders: Mapping[tuple[str, str], int], tasks: Mapping[str, int]) -> dict[str, Any]:
    """Return what the page says of a board, given the numbers of contenders and tasks."""
    suite = board.merit.suite
    there = {card.task for card in board.cards}
    compared = [task for task in (suite.tasks if suite else board.merit.tasks) if task in there]
    order = [*compared, *(card.task for card in board.cards if card.task not in {*compared})]
    return {
        "name": suite.name if suite else "",
        "version": suite.version if suite else 0,
        "title": visible(suite.title) if suite else "",
        "source": visible(suite.source) if suite else "",
        "order": bare(board.merit.sentence),
        # Of the tasks of the suite those that tell nobody apart in a region, by their numbers.
        "silent": {region: [tasks[task] for task in order if task not in v.tasks] for region, v in board.votes.items()},
        "tasks": [tasks[task] for task in order],
        "rows": [_row(row, contenders[row["kind"], row["model"]]) for row in rows_of(board.overall)],
    }


def bare(markdown: str) -> str:
    """Return a sentence without the signs of Markdown, which say nothing on a page."""
    return markdown.replace("`", "").replace("**", "")
