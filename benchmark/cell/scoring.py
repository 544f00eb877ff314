"""Draws the rows of a cell and scores what is predicted at them: the side of a cell that has the truth.

It runs where no model is: what a model patches, forges or finds in its own memory changes its predictions
and nothing else. Plain values out; writes nothing.
"""

import math
from collections.abc import Sequence

import numpy as np

from benchmark.cell.dataset import LADDER, SCORED, SLICE, Block, Dataset, draw
from benchmark.cell.metrics import NotFiniteError, checked_predictions, rmse
from benchmark.cell.offering import coverage, typical, wrong_sd
from benchmark.cell.outcome import Said, outcome_of
from benchmark.cell.recovery import Judged, judged
from benchmark.cell.references import N_SLICE, measured_quantities, rounded
from benchmark.cell.signs import signs
from benchmark.store.record import LETTERS, OFF_BOARD, Offer
from tasks.base import FloatArray, Task

_QUANTITY = "quantity"


class Scorer:
    """The rows and the truth of a task, seed by seed; what is scored is forgotten."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._drawn: dict[int, Dataset] = {}

    def _data(self, seed: int) -> Dataset:
        if seed not in self._drawn:
            self._drawn[seed] = draw(self._task, seed)
        return self._drawn[seed]

    def training_rows(self, seed: int) -> tuple[FloatArray, FloatArray]:
        """Return the training rows X (n, n_features) and y (n,) of a seed."""
        train = self._data(seed).train
        return train.X, train.y

    def inside(self, seed: int) -> Block:
        """Return the rows inside the training range that a seed is scored on."""
        return Block("interpolation", self._data(seed).interpolation.X)

    def blocks(self, seed: int) -> list[Block]:
        """Return all rows to predict at, in the order in which they are predicted."""
        data = self._data(seed)
        line = self._task.domain.slice(N_SLICE, outer=self._task.ladder_end)
        return [
            *(Block(LADDER, shell.X) for shell in data.shells),
            Block("training", data.train.X),
            Block("interpolation", data.interpolation.X),
            Block("extrapolation", data.extrapolation.X),
            *(Block(_QUANTITY, quantity.rows(data.interpolation.X)) for quantity in self._task.quantities),
            Block(SLICE, line.X),
        ]

    def offer(
        self, seed: int, said: Said, *, predictions: Sequence[FloatArray], sd: Sequence[FloatArray]
    ) -> Offer | None:
        """Return what a model offers besides predictions and what it is worth, None where that is nothing.

        Predictions are one array (n,) for each block, `sd` one for each shell, and then for each of the two regions.

        Raises:
            NotFiniteError: a prediction is NaN or infinite.
        """
        if not (said.expression or said.n_parameters is not None or sd or said.remarks):
            return None
        data, remarks = self._data(seed), [*said.remarks]
        # Behind the shells and the training rows.
        first = len(data.shells) + 1
        inside, outside = (
            checked_predictions(values, len(values), where)
            for where, values in zip(SCORED, predictions[first : first + 2], strict=True)
        )
        found = judged(self._task, said.expression, data.interpolation.X, inside) if said.expression else Judged()
        wrong = next((wrong for each in sd if (wrong := wrong_sd(each))), "")
        covered = size = None
        by_shell: tuple[float, ...] = ()
        if wrong:
            remarks.append(f"its standard deviation {wrong}")
        elif sd:
            *of_shells, sd_inside, sd_outside = sd
            covered = (
                coverage(sd_inside, inside, data.interpolation.y),
                coverage(sd_outside, outside, data.extrapolation.y),
            )
            size = typical(sd_inside), typical(sd_outside)
            by_shell = tuple(
                coverage(each, checked_predictions(values, len(values), LADDER), shell.y)
                for each, values, shell in zip(of_shells, predictions[: len(data.shells)], data.shells, strict=True)
            )
        return Offer(
            expression=said.expression,
            shown=found.shown,
            recovery=found.recovery,
            n_parameters=said.n_parameters,
            coverage=covered,
            shell_coverage=by_shell,
            sd=size,
            remark="; ".join(filter(None, (*remarks, found.remark)))[: LETTERS["reason"]],
        )

    def signs(self, seed: int, *, predictions: Sequence[FloatArray], sd: Sequence[FloatArray] = ()) -> dict[str, float]:
        """Return how well signs tell that a row is wrong, over the shells and as many rows inside; see `cell.signs`.

        Predictions and `sd` are as for `offer`. Boards show them, so that a task off the board has none.
        """
        if OFF_BOARD & {*self._task.tags}:
            return {}
        data = self._data(seed)
        n, inside = len(data.shells), data.interpolation
        some = np.linspace(0, len(inside.y) - 1, min(self._task.n_shell, len(inside.y))).astype(int)
        own = [*sd[:n], sd[n][some]] if sd and not any(map(wrong_sd, sd)) else []
        with np.errstate(over="ignore", invalid="ignore"):
            errors = [values - shell.y for values, shell in zip(predictions[:n], data.shells, strict=True)]
            errors.append(predictions[n + 1][some] - inside.y[some])
            return signs(
                data.train.X,
                [*(shell.X for shell in data.shells), inside.X[some]],
                errors,
                sd_y=float(inside.y.std()),
                own=own,
            )

    def scores(self, seed: int, predictions: Sequence[FloatArray]) -> dict[str, object]:
        """Return every error and quantity of a seed from its predictions, one array (n,) for each block.

        Nothing is scored on the line of the pictures: a seed whose line is no number somewhere is not drawn.

        Raises:
            NotFiniteError: a prediction is NaN or infinite, or an error is too large for a number.
        """
        data = self._drawn.pop(seed) if seed in self._drawn else draw(self._task, seed)
        there = [checked_predictions(values, len(values), "sent") for values in predictions[:-1]]
        line, n = predictions[-1], len(data.shells)
        shells, (training, inside, outside), quantities = there[:n], there[n : n + 3], there[n + 3 :]

        def error(values: FloatArray, y: FloatArray, where: str) -> float:
            found = rmse(values, y)
            if not math.isfinite(found):
                raise NotFiniteError(f"the errors on the {where} rows are too large for a number")
            return found

        shell_rmse = [error(values, shell.y, LADDER) for values, shell in zip(shells, data.shells, strict=True)]
        waiting = iter(quantities)
        with np.errstate(over="ignore", invalid="ignore"):
            measured = measured_quantities(self._task, lambda _: next(waiting), data.interpolation.X)
        return {
            "training_rmse": error(training, data.train.y, "training"),
            "interpolation_rmse": error(inside, data.interpolation.y, "interpolation"),
            "extrapolation_rmse": error(outside, data.extrapolation.y, "extrapolation"),
            "shell_rmse": shell_rmse,
            "quantities": measured,
            "slice": rounded(line) if np.isfinite(line).all() else [],
        }


def ended(
    scorer: Scorer, seed: int, said: Said, *, predictions: Sequence[FloatArray], sd: Sequence[FloatArray]
) -> dict[str, object]:
    """Return how a seed ended: its scores where it went well, otherwise a status and a reason.

    Predictions are one array (n,) for each block, `sd` one for each shell and region where the model has said so.
    """
    plain: dict[str, object] = said.model_dump(include={"status", "reason", "settings", "notes"})
    if said.status != "ok":
        return plain
    try:
        offer = scorer.offer(seed, said, predictions=predictions, sd=sd)
        offered = {"offer": offer.model_dump(mode="json")} if offer else {}
        found = {"signs": scorer.signs(seed, predictions=predictions, sd=sd)}
        return plain | offered | found | scorer.scores(seed, predictions)
    except Exception as error:
        return dict(outcome_of(error))
