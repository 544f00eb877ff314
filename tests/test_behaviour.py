"""The word for what a model does outside is the one that a look at its curve would give."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmark.board.behaviour import behaviours
from benchmark.catalogue.registry import describe, load_task, rooms
from benchmark.cell import samples
from benchmark.cell.card import task_card
from benchmark.store.record import ReferenceName, TaskCard
from tests.synthetic import POSITION, a_card

ENTRIES = [entry for origin in rooms() for entry in describe(origin) if entry.kind == "task"]


@cache
def card_of(name: str) -> TaskCard:
    [entry] = [entry for entry in ENTRIES if entry.name == name]
    made = {"stamp": None, "environment": a_card().environment.model_dump()}
    # What a reference looks like takes fewer rows than its figures, and what the rows of seeds know shows in none.
    task = replace(load_task(entry.origin, name), n_reference=2**14)
    with pytest.MonkeyPatch.context() as here:
        here.setattr(samples, "SEEDS", range(1))
        return TaskCard.model_validate_json(json.dumps(task_card(task) | made))


def word(card: TaskCard, curve: Callable[[float], float]) -> str:
    return behaviours(card, np.array([[curve(x) for x in card.slice.position]]))[0]


def of_reference(card: TaskCard, name: ReferenceName) -> str:
    reference = card.reference(name)
    assert reference is not None
    return behaviours(card, np.array([reference.slice]))[0]


@pytest.mark.parametrize("task", ["square", "sinc", "piecewise", "smooth", "pair-sum", "lambda-recovery"])
def test_the_references_of_a_real_task_do_what_their_names_say(task: str) -> None:
    card = card_of(task)
    assert of_reference(card, "truth") == "follows"
    assert of_reference(card, "constant") == "flat"
    # The best line through sinc is the constant.
    assert of_reference(card, "line") == ("flat" if task == "sinc" else "linear")
    if task != "lambda-recovery":
        assert of_reference(card, "clamp") == "flat"


def test_the_line_follows_a_linear_function() -> None:
    assert of_reference(card_of("sum"), "line") == "follows"


def test_a_polynomial_of_degree_five_explodes_on_sinc() -> None:
    card = card_of("sinc")
    position, truth = np.array(card.slice.position), np.array(card.references[0].slice)
    inside = np.abs(position) <= 1
    fitted = np.polynomial.Polynomial.fit(position[inside], truth[inside], 5)
    assert word(card, fitted) == "explodes"


def test_turning_round_again_and_again_is_oscillating() -> None:
    assert word(card_of("square"), lambda x: 5e6 * np.sin(x / 100)) == "oscillates"


def test_small_wiggles_are_no_oscillation() -> None:
    card = card_of("square")
    assert word(card, lambda x: 800 * x + 0.01 * card.target_sd * np.sin(x / 10)) == "linear"


def test_staying_within_the_training_targets_is_clipped() -> None:
    assert word(card_of("sinc"), lambda x: 0.9 * np.exp(-abs(x) / 2)) == "clipped"


def test_levelling_off_is_flat() -> None:
    assert word(card_of("square"), lambda x: 1e6 * np.tanh(x / 600)) == "flat"


def test_what_fits_no_rule_drifts() -> None:
    assert word(a_card(), lambda x: x**4) == "drifts"


def test_errors_of_any_size_have_a_word() -> None:
    card = a_card()
    rows = np.array([[size * x**3 for x in POSITION] for size in (1e300, 1e-300, 0.0)])
    assert behaviours(card, rows) == ["explodes", "flat", "flat"]


def test_without_a_true_function_or_a_slice_there_is_no_word() -> None:
    card = a_card()
    rows = np.zeros((1, len(POSITION)))
    assert behaviours(card.model_copy(update={"references": ()}), rows) == [""]
    only_inside = card.slice.model_copy(update={"inside": (-2.0, 2.0)})
    assert behaviours(card.model_copy(update={"slice": only_inside}), rows) == [""]


def test_the_order_of_the_rows_does_not_matter() -> None:
    card = a_card()
    rows = np.array([[x * x for x in POSITION], [1.0 for _ in POSITION], [2 * x for x in POSITION]])
    assert behaviours(card, rows) == behaviours(card, rows[::-1])[::-1] == ["follows", "flat", "linear"]
