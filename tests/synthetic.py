"""Synthetic cards, records and timings, for tests of what is right of the store."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from benchmark.store.record import (
    Environment,
    QuantityCard,
    Record,
    Reference,
    SampleCard,
    SeedOutcome,
    SliceCard,
    Status,
    SuiteCard,
    TaskCard,
)
from benchmark.store.stamp import Stamp
from benchmark.store.timings import Timing

# What every task and model here does on practice.
STAMP = Stamp(answers={"mean": (1.0, 2.0, 3.0, 4.0)})
HERE = Environment(machine="Abacus, x86_64, Linux", cores=2, threads=1, versions={}, commit=None, modified=None)
LADDER = (1.0, 1.5, 2.0)
# As many points as the suite has.
POSITION = tuple(float(x) for x in np.linspace(-2, 2, 161))

Curve = Callable[[float], float]


def square(x: float) -> float:
    return x * x


def a_reference(name: str, inside: float, outside: float, curve: Curve) -> Reference:
    return Reference(
        name=name,
        title=f"the {name}",
        interpolation_rmse=inside,
        extrapolation_rmse=outside,
        shell_rmse=(outside / 2, outside),
        quantities={},
        slice=tuple(curve(x) for x in POSITION),
    )


def a_card(task: str = "square", *, title: str = "Square of a number", tags: tuple[str, ...] = ("core",)) -> TaskCard:
    """y = x^2 on [-1, 1], reaching to 2; all figures round, so that they can be checked by hand."""
    return TaskCard(
        task=task,
        version=1,
        title=title,
        formula="x^2",
        source="a test",
        tags=tags,
        n_train=100,
        n_test=100,
        set_shape=(1, 1),
        noise_std=0.0,
        training_range="U[-1, 1]",
        extrapolation_range="uniform on [-2, 2] beyond [-1, 1]",
        ladder=LADDER,
        target_sd=1.0,
        quantities=(),
        references=(
            a_reference("truth", 0.0, 0.0, square),
            a_reference("constant", 1.0, 10.0, lambda x: 1 / 3),
            a_reference("clamp", 0.0, 5.0, lambda x: min(x * x, 1.0)),
        ),
        samples=(SampleCard(seed=0, constant=(1.0, 10.0), line=(1.0, 11.0), clamp=(0.5, 6.0)),),
        kinds=("1d",),
        slice=SliceCard(label="x", position=POSITION, inside=(-1.0, 1.0)),
        stamp=STAMP,
        environment=HERE,
    )


def with_quantity(card: TaskCard, error: str = "lambda_error", estimate: str | None = "lambda_hat") -> TaskCard:
    """The same card with a quantity to recover."""
    return card.model_copy(update={"quantities": (QuantityCard(error=error, estimate=estimate, title="recovered"),)})


def a_seed(seed: int, inside: float, outside: float, curve: Curve = square) -> SeedOutcome:
    """A good seed whose two shells have half and all of its error outside."""
    return SeedOutcome(
        seed=seed,
        status="ok",
        interpolation_rmse=inside,
        extrapolation_rmse=outside,
        shell_rmse=(outside / 2, outside),
        slice=tuple(curve(x) for x in POSITION),
        settings={"steps": 100},
    )


def a_failure(seed: int, status: Status = "failed", reason: str = "ValueError: no") -> SeedOutcome:
    return SeedOutcome(seed=seed, status=status, reason=reason)


def a_record(task: str, model: str, seeds: Sequence[SeedOutcome], *, title: str = "A model") -> Record:
    return Record(
        task=task,
        model=model,
        task_version=1,
        model_version=1,
        model_title=title,
        model_source="a test",
        model_tags=("core",),
        model_origin="models/a_model.py",
        quick=False,
        task_stamp=STAMP,
        model_stamp=STAMP,
        environment=HERE,
        seeds=tuple(seeds),
    )


def made_quick(record: Record) -> Record:
    """The same record, made with `--quick`."""
    return record.model_copy(update={"quick": True})


def a_suite(*tasks: str, seeds: int = 10, name: str = "core", title: str = "") -> SuiteCard:
    """Version 1 of a suite of these tasks."""
    return SuiteCard(name=name, version=1, tasks=tasks, seeds=seeds, title=title)


def a_timing(
    task: str, model: str, fit: float, predict: float, *, card: TaskCard | None = None, machine: str = HERE.machine
) -> Timing:
    """The timing of a model on a task alone, or with a card on the shape that the card has."""
    return Timing(
        model=model,
        timed_by="task" if card is None else "shape",
        shape=None if card is None else card.shape,
        task=task,
        seed=0,
        fit_seconds=(fit,),
        predict_seconds=(predict,),
        model_version=1,
        quick=False,
        model_stamp=STAMP,
        environment=HERE.model_copy(update={"machine": machine}),
    )


def timed(*timings: Timing) -> dict[tuple[str, str, str], Timing]:
    return {timing.key: timing for timing in timings}


def keyed(records: Sequence[Record]) -> dict[tuple[str, str], Record]:
    return {(record.task, record.model): record for record in records}


class ManyRecords(Mapping[tuple[str, str], Record]):
    """A record for each of many cells, made when it is asked for, so that only the reader's memory counts.

    Each model has ten seeds of its own, with slices as long as the suite's; all its tasks share them.
    """

    def __init__(self, n_tasks: int, n_models: int, n_seeds: int = 10) -> None:
        rng = np.random.default_rng(0)
        self._tasks = [f"task-{i:04}" for i in range(n_tasks)]
        self._models: dict[str, Record] = {}
        for i in range(n_models):
            errors = 10 ** rng.uniform(-3, 1, size=(n_seeds, 2))
            seeds = [
                a_seed(seed, inside, outside, lambda x, slope=outside: square(x) + slope * x)  # type: ignore[misc]
                for seed, (inside, outside) in enumerate(errors.tolist())
            ]
            self._models[f"model-{i:02}"] = a_record("any", f"model-{i:02}", seeds)

    def cards(self) -> dict[str, TaskCard]:
        return {task: a_card(task) for task in self._tasks}

    def __getitem__(self, place: tuple[str, str]) -> Record:
        return self._models[place[1]].model_copy(update={"task": place[0]})

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((task, model) for task in self._tasks for model in self._models)

    def __len__(self) -> int:
        return len(self._tasks) * len(self._models)
