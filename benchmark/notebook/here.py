"""Runs a cell in this process: the rows and the truth on one side, the model on the other, and no wall between them.

The figures are those of an isolated cell. What a wall is for is not there: a model that crashes takes the process with
it, and one that looks for the truth finds it.
"""

import contextlib
import gc
import io
import os
import sys
from collections.abc import Iterator, Sequence

from threadpoolctl import threadpool_limits

from benchmark.cell.dataset import ASKED_HOW_SURE, Block
from benchmark.cell.fitting import fit_and_predict
from benchmark.cell.outcome import Said, problem_of
from benchmark.cell.scoring import Scorer, ended
from benchmark.environment import ONE_THREAD
from models.base import FloatArray, Model, Problem
from tasks.base import Task


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Have libraries compute on one thread, as in a worker; those that are imported meanwhile stay so."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    torch = sys.modules.get("torch")
    threads = torch.get_num_threads() if torch else 0
    os.environ.update(ONE_THREAD)
    try:
        if torch:
            torch.set_num_threads(1)
        with threadpool_limits(1):
            yield
    finally:
        if torch:
            torch.set_num_threads(threads)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class _Rows:
    """The side of a cell that has the truth, without a wall."""

    def __init__(self, task: Task, *, quick: bool) -> None:
        self.outcomes: list[dict[str, object]] = []
        self._problem = problem_of(task, quick=quick)
        self._scorer = Scorer(task)

    def problem(self) -> Problem:
        return self._problem

    def together(self) -> None:
        pass

    def training(self, seed: int) -> tuple[FloatArray, FloatArray]:
        X, y = self._scorer.training_rows(seed)
        # As rows that have gone through a wire: nobody else's, and not to be written to.
        rows = X.copy(), y.copy()
        for each in rows:
            each.setflags(write=False)
        return rows

    def inside(self, seed: int) -> Block:
        return self._scorer.inside(seed)

    def blocks(self, seed: int) -> list[Block]:
        return self._scorer.blocks(seed)

    def score(self, seed: int, said: Said, predictions: Sequence[FloatArray] = ()) -> None:
        if said.status == "failed" and said.reason.startswith("KeyboardInterrupt"):
            # Whoever waits wants no more of it.
            raise KeyboardInterrupt
        n_sd = sum(block.where in ASKED_HOW_SURE for block in self._scorer.blocks(seed)) if said.sd else 0
        n = len(predictions) - n_sd
        outcome = ended(self._scorer, seed, said, predictions=predictions[:n], sd=predictions[n:])
        self.outcomes.append({"seed": seed, **outcome})


def run_here(task: Task, model: Model, seeds: Sequence[int], *, quick: bool) -> list[dict[str, object]]:
    """Return how each seed of a cell ended, as a worker says it."""
    rows = _Rows(task, quick=quick)
    with one_thread(), contextlib.redirect_stderr(io.StringIO()):
        try:
            fit_and_predict(model, rows.problem(), seeds=seeds, rows=rows)
        finally:
            # A worker ends; this process goes on.
            gc.unfreeze()
    return rows.outcomes
