"""Renders every cell as csv, for pandas."""

import math

from benchmark.board.boards import Boards
from benchmark.board.sureness import MISSED
from benchmark.show.digits import significant
from benchmark.words import visible

CSV_COLUMNS = (
    *("task", "model", "kind", "seeds"),
    *("interpolation_rmse", "interpolation_low", "interpolation_high"),
    *("extrapolation_rmse", "extrapolation_low", "extrapolation_high"),
    *("inside_seeds", "outside_seeds", "n_counted", "inside_score", "outside_score"),
    *("verdict", "horizon", "fit_seconds", "predict_seconds", "other_machine", "suites"),
    *("n_exact", "n_expressed", "n_parameters", "covered_inside", "covered_outside"),
    *("sureness", *MISSED),
)


def render_csv(boards: Boards) -> str:
    """Return a row for each (task, model or reference) of all boards, numbers to six significant digits.

    What there is none of is empty, and so is a figure of a failed seed. A board of another tolerance than the published
    one says so in a column of its own.
    """
    errors = [q.error for card in boards.cards for q in card.quantities if q.error in boards.quantities]
    frame = boards.cells.assign(verdict=boards.cells["verdict_text"])
    frame = frame.sort_values(["task", "kind", "model"])[[*CSV_COLUMNS, *dict.fromkeys(errors)]]
    if not boards.tolerance.is_published:
        frame["tolerance"] = boards.tolerance.solved
    for name in frame.columns[frame.dtypes == "float64"]:
        frame[name] = [significant(value) if math.isfinite(value) else math.nan for value in frame[name].tolist()]
    return str(frame.rename(columns=visible).to_csv(index=False, lineterminator="\n"))
