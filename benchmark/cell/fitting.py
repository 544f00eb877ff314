"""Builds, fits and predicts: the side of a cell that has the model, and never a task or a true value.

It runs in a process of its own, where whatever a model does wrong on one seed becomes that seed's status
and sentence. The rows come from the other side, and the predictions go there (see `scoring`).
"""

import gc
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from benchmark.cell.dataset import ASKED_HOW_SURE, SLICE, Block
from benchmark.cell.metrics import checked_predictions, checked_regressor
from benchmark.cell.offering import offered_by
from benchmark.cell.outcome import Said, outcome_of, settings_of
from benchmark.environment import public
from models.base import FloatArray, ManySeedRegressor, Model, Problem, Regressor


class Rows(Protocol):
    """The other side of a cell, as this one sees it."""

    def problem(self) -> Problem:
        """Return what the model may know of the task."""

    def together(self) -> None:
        """Say that all seeds are trained at once."""

    def training(self, seed: int) -> tuple[FloatArray, FloatArray]:
        """Return the training rows X (n, n_features) and y (n,) of a seed, read-only."""

    def inside(self, seed: int) -> Block:
        """Return the rows inside the training range alone."""

    def blocks(self, seed: int) -> list[Block]:
        """Return all rows to predict at."""

    def score(self, seed: int, said: Said, predictions: Sequence[FloatArray] = ()) -> None:
        """Hand in how a seed ended, and where it went well the predictions (n,) of each block.

        Where it says so, the standard deviations in the shells, inside and outside follow.
        """


def _failed(error: BaseException) -> Said:
    said = outcome_of(error)
    if said["status"] in ("failed", "out-of-memory"):
        # The whole stack, for the cell's log.
        traceback.print_exception(error)
    return Said(**said)  # type: ignore[arg-type]


def predicted(regressor: Regressor, block: Block) -> FloatArray:
    """Return the predictions (n,) at a block, checked; those on the line of the pictures may have gaps."""
    block.X.setflags(write=False)
    return checked_predictions(regressor.predict(block.X), len(block.X), block.where, gaps=block.where == SLICE)


def _finished(regressor: Regressor, blocks: Sequence[Block]) -> tuple[Said, list[FloatArray]]:
    predictions = [predicted(regressor, block) for block in blocks]
    notes: Mapping[str, object] = getattr(regressor, "fit_info_", {})
    offered = offered_by(regressor, [block for block in blocks if block.where in ASKED_HOW_SURE])
    said = Said(
        status="ok",
        settings=settings_of(regressor),  # type: ignore[arg-type]
        notes={public(name): public(value) for name, value in notes.items()},
        expression=offered.expression,
        n_parameters=offered.n_parameters,
        sd=bool(offered.sd),
        remarks=offered.remarks,
    )
    return said, [*predictions, *offered.sd]


def attempted(rows: Rows, seed: int, step: Callable[[], tuple[Said, Sequence[FloatArray]]]) -> None:
    """Take a step for one seed and hand in how it ended, whatever happens."""
    try:
        said, predictions = step()
    except BaseException as error:
        said, predictions = _failed(error), ()
    rows.score(seed, said, predictions)


def fit_and_predict(model: Model, problem: Problem, *, seeds: Sequence[int], rows: Rows) -> None:
    """Fit a model on every seed and hand in its predictions, seed by seed; what is handed in is forgotten."""
    # What is there by now stays: nobody needs to look through it again and again for what can be forgotten.
    gc.freeze()
    regressors: dict[int, Regressor] = {}
    failures: dict[int, Said] = {}
    for seed in seeds:
        try:
            regressors[seed] = checked_regressor(model.build(problem, seed))
        except BaseException as error:
            failures[seed] = _failed(error)
    together = any(isinstance(regressor, ManySeedRegressor) for regressor in regressors.values())
    if together:
        rows.together()
        every = list(regressors.values())
        try:
            type(every[0]).fit_many(every, [rows.training(seed) for seed in regressors])  # type: ignore[attr-defined]
        except BaseException as error:
            failures |= dict.fromkeys(regressors, _failed(error))
        del every

    def one(seed: int) -> tuple[Said, Sequence[FloatArray]]:
        regressor = regressors.pop(seed)
        if seed in failures:
            return failures[seed], ()
        if not together:
            regressor.fit(*rows.training(seed))
        return _finished(regressor, rows.blocks(seed))

    for seed in seeds:
        if seed in regressors:
            attempted(rows, seed, lambda seed=seed: one(seed))  # type: ignore[misc]
            # A model that refers to itself would stay, and with it all that it holds.
            gc.collect()
        else:
            rows.score(seed, failures[seed])
