"""What practice sees and what it does not: real models and tasks, with one thing changed at a time."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest

from benchmark.catalogue.registry import Catalogue, Origin, load_model, load_task
from benchmark.cell import practice
from benchmark.cell.practice import SHAPES, model_stamp, task_stamp
from benchmark.store.stamp import MODEL, TASK, Stamp, distance, same
from models.base import Diverged, FloatArray, Model, NotApplicable, Problem, Regressor
from models.training.recipe import Recipe
from tests.changes import (
    LEARNING_RATE,
    NETWORK,
    SMALLER_BATCH,
    Edit,
    another_seed,
    edited,
    edits_of,
    parameters,
    recipe,
    stamps_of_changes,
)
from tests.conftest import ROOT
from tests.processors import base_processor

CHEAP = ("polynomial-2", "linear-net", "relu-mlp", "gradient-boosting")
TASKS = ("square", "sum-rounded", "lambda-noisy")
PAIRS = ("2 numbers",)


def observed(model: Model, shapes: Iterable[str] = PAIRS) -> Stamp:
    return Stamp.model_validate(model_stamp(model, shapes))


def numbers(stamp: Stamp) -> Stamp:
    """Return the stamp without its settings, which tell most changes by name."""
    return Stamp(answers=stamp.answers)


@pytest.fixture
def models(catalogue: Catalogue) -> dict[str, Model]:
    return {name: load_model(catalogue.models[name].origin, name) for name in CHEAP}


@pytest.mark.parametrize("name", CHEAP)
def test_a_model_is_observed_twice_the_same(name: str, models: dict[str, Model]) -> None:
    assert observed(models[name]) == observed(models[name])


@pytest.mark.parametrize("name", CHEAP)
def test_titles_tags_and_sources_are_not_seen(name: str, models: dict[str, Model]) -> None:
    described = replace(models[name], title="Another title", tags=("mine",), source="elsewhere", memory=9000)
    assert observed(models[name]) == observed(described)


def test_neither_a_comment_nor_another_file_is_seen(models: dict[str, Model], tmp_path: Path) -> None:
    text = (ROOT / "models" / "polynomial.py").read_text(encoding="utf-8")
    copy = tmp_path / "copied_polynomial.py"
    copy.write_text(f"# A remark.\n\n\n{text}", encoding="utf-8")
    assert observed(load_model(Origin("file", str(copy)), "polynomial-2")) == observed(models["polynomial-2"])


def test_the_name_of_the_processor_is_not_seen(models: dict[str, Model], monkeypatch: pytest.MonkeyPatch) -> None:
    here = observed(models["relu-mlp"])
    for name in ("processor", "machine", "node"):
        monkeypatch.setattr(platform, name, lambda: "another")
    assert observed(models["relu-mlp"]) == here


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("linear-net", LEARNING_RATE),
        ("linear-net", SMALLER_BATCH),
        ("linear-net", another_seed),
        *(("relu-mlp", edit) for change, edit in NETWORK.items() if change != "step +1"),
    ],
)
def test_the_numbers_see_a_changed_network(name: str, change: Edit, models: dict[str, Model]) -> None:
    here = observed(models[name])
    changed = observed(edited(models[name], change))
    assert distance(here, changed, MODEL) > 3 * MODEL.relative
    assert not same(numbers(here), numbers(changed), MODEL)


@pytest.mark.parametrize("name", ["gradient-boosting", "polynomial-2"])
def test_the_numbers_see_a_changed_tree_or_polynomial(name: str, models: dict[str, Model]) -> None:
    here = observed(models[name])
    edits = edits_of(models[name])
    unseen = [
        change
        for change, edit in edits.items()
        if distance(here, observed(edited(models[name], edit)), MODEL) <= 3 * MODEL.relative
    ]
    assert len(edits) >= 1
    assert unseen == []


def _ridge(problem: Problem, seed: int) -> Any:
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    return make_pipeline(StandardScaler(), PolynomialFeatures(2), Ridge(alpha=10.0))


def test_the_numbers_see_the_strength_of_a_ridge() -> None:
    ridge = Model(name="ridge", build=_ridge)
    changed = edited(ridge, parameters(ridge__alpha=lambda alpha: 1.01 * alpha))
    assert distance(observed(ridge), observed(changed), MODEL) > 3 * MODEL.relative


def test_settings_see_what_practice_is_too_short_for(models: dict[str, Model]) -> None:
    # Both train for the few steps of practice.
    assert Recipe(steps=4_000).brief() == Recipe(steps=4_001).brief()
    assert Recipe(steps=5).brief() == Recipe(steps=5)
    here = observed(models["linear-net"])
    longer = observed(edited(models["linear-net"], recipe(steps=lambda steps: 10 * steps)))
    assert same(numbers(here), numbers(longer), MODEL)
    assert not same(here, longer, MODEL)


def test_another_engine_is_the_same(models: dict[str, Model]) -> None:
    here = observed(models["relu-mlp"])
    looped = observed(edited(models["relu-mlp"], recipe(engine=lambda _: "loop")))
    assert same(numbers(here), numbers(looped), MODEL)


# Where each model and task is, standard input says: to look for them takes longer than to practise.
OBSERVE = """
import json, sys
from benchmark.catalogue.registry import Origin, load_model, load_task
from benchmark.cell.practice import model_stamp, task_stamp

said = json.load(sys.stdin)
models = {name: model_stamp(load_model(Origin("room", room), name), said["shapes"]) for name, room in said["models"]}
tasks = {name: task_stamp(load_task(Origin("room", room), name)) for name, room in said["tasks"]}
print(json.dumps({"models": models, "tasks": tasks}))
"""


def test_the_plainest_instruction_set_is_the_same(models: dict[str, Model], catalogue: Catalogue) -> None:
    plain = base_processor() | {"ATEN_CPU_CAPABILITY": "default", "MKL_ENABLE_INSTRUCTIONS": "SSE4_2"}
    asked = {
        "shapes": PAIRS,
        "models": [(name, catalogue.models[name].origin.where) for name in CHEAP],
        "tasks": [(name, catalogue.tasks[name].origin.where) for name in TASKS],
    }
    command, there = [sys.executable, "-c", OBSERVE], os.environ | plain
    done = subprocess.run(
        command, cwd=ROOT, env=there, input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    there = json.loads(done.stdout)
    for name, model in models.items():
        assert same(observed(model), Stamp.model_validate_json(json.dumps(there["models"][name])), MODEL), name
    for name in TASKS:
        here = Stamp.model_validate(task_stamp(load_task(catalogue.tasks[name].origin, name)))
        assert same(here, Stamp.model_validate_json(json.dumps(there["tasks"][name])), TASK), name


@pytest.mark.parametrize("name", CHEAP)
def test_a_rounded_target_is_the_same(name: str, models: dict[str, Model], monkeypatch: pytest.MonkeyPatch) -> None:
    here = observed(models[name], ("2 numbers", "2 triples"))

    def off(function: practice.Function) -> practice.Function:
        return lambda u: function(u) * (1 + 1e-12 * np.cos(1e6 * u[:, 0]))

    monkeypatch.setattr(practice, "FUNCTIONS", tuple(map(off, practice.FUNCTIONS)))
    assert same(here, observed(models[name], ("2 numbers", "2 triples")), MODEL)


class Formulas:
    """Chooses among polynomials of the mean by error and complexity, as symbolic regression does."""

    def __init__(self, penalty: float) -> None:
        self.penalty = penalty
        self.chosen = np.polynomial.Polynomial([0.0])

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        x = X.mean(axis=1)
        fits = [np.polynomial.Polynomial.fit(x, y, degree) for degree in range(1, 12)]
        scores = [
            np.mean((fit(x) - y) ** 2) / y.var() + self.penalty * complexity for complexity, fit in enumerate(fits)
        ]
        self.chosen = fits[int(np.argmin(scores))]
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        values: FloatArray = self.chosen(X.mean(axis=1))
        return values


def _formulas(penalty: float) -> Stamp:
    return observed(Model(name="formulas", build=lambda problem, seed: Formulas(penalty)))


def test_a_flipped_choice_in_one_problem_is_the_same_and_a_changed_penalty_is_not() -> None:
    problem = "2 numbers, 0"
    low, high = 1e-4, 4.7e-4
    simple = _formulas(high).answers[problem]
    # The penalty at which two formulas for this problem are as good as one another, but for rounding.
    while high - low > 1e-12 * high:
        middle = (low * high) ** 0.5
        low, high = (low, middle) if _formulas(middle).answers[problem] == simple else (middle, high)
    one, other = _formulas(low), _formulas(high)
    assert one.answers[problem] != other.answers[problem]
    assert same(one, other, MODEL)
    for near_tie in (one, other):
        assert not same(near_tie, _formulas(1.5 * low), MODEL)


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_observed_twice_the_same_and_every_change_is_seen(name: str, catalogue: Catalogue) -> None:
    task = load_task(catalogue.tasks[name].origin, name)
    here = Stamp.model_validate(task_stamp(task))
    assert here == Stamp.model_validate(task_stamp(replace(task, title="Another title", formula="f", tags=("mine",))))
    changes = stamps_of_changes(task)
    assert {"stream", "row -1", "not even", "reach -1 %", "mean absolute error"} <= changes.keys()
    assert [change for change, now in changes.items() if same(here, now, TASK)] == []


def test_a_seed_that_is_ignored_changes_nothing(models: dict[str, Model]) -> None:
    boosting = models["gradient-boosting"]
    other = replace(boosting, build=lambda problem, seed: boosting.build(problem, seed + 1))
    assert numbers(observed(boosting)) == numbers(observed(other))


def _raising(error: Exception) -> Callable[[Problem, int], Regressor]:
    def build(problem: Problem, seed: int) -> Regressor:
        raise error

    return build


def test_a_model_without_numbers_is_known_by_its_words() -> None:
    none = observed(Model(name="none", build=_raising(NotApplicable("too many features"))), SHAPES)
    assert set(none.answers.values()) == {"not-applicable"}
    assert same(none, observed(Model(name="none", build=_raising(NotApplicable("another sentence"))), SHAPES), MODEL)
    assert not same(none, observed(Model(name="none", build=_raising(Diverged("at step 3"))), SHAPES), MODEL)
    assert not same(none, _formulas(1e-3), MODEL)


def _builds(model: Model, problem: Problem) -> bool:
    try:
        model.build(problem, 0)
    except NotApplicable:
        return False
    return True


def test_every_model_of_the_rooms_learns_on_some_shape(catalogue: Catalogue) -> None:
    every = [load_model(entry.origin, name) for name, entry in catalogue.models.items()]
    unseen = [model.name for model in every if not any(_builds(model, problem) for problem in SHAPES.values())]
    assert len(every) > 30
    assert unseen == []
