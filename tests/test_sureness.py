"""Whether a model knows where it is wrong: its word, and what signs leave unwarned."""

import numpy as np
import pytest

from benchmark.board.sureness import HARDLY_WRONG, KNOWN, OVERCONFIDENT, SILENT, Sureness, sureness, word
from benchmark.cell.signs import distances
from benchmark.store.record import SIGNS, Offer, SeedOutcome
from tests.synthetic import a_failure, a_seed


def seed(number: int, *, covered: float | None = None, **signs: float) -> SeedOutcome:
    offer = None if covered is None else Offer(coverage=(1.0, covered), sd=(1.0, 1.0))
    return a_seed(number, 1.0, 1.0).model_copy(update={"signs": signs, "offer": offer})


@pytest.mark.parametrize(
    ("wrong", "missed", "covered", "expected"),
    [
        (0.5, SILENT, OVERCONFIDENT, "warns"),
        (0.5, SILENT, OVERCONFIDENT - 0.01, "overconfident"),
        (0.5, SILENT + 0.01, 1.0, "silent"),
        (0.5, SILENT + 0.01, 0.0, "silent"),
        (1.0, None, 1.0, "warns"),
        (1.0, None, 0.0, "overconfident"),
        (HARDLY_WRONG, 0.0, 1.0, "warns"),
        (HARDLY_WRONG / 2, 0.0, 1.0, ""),
        (None, None, 1.0, ""),
        (0.5, 0.0, None, ""),
    ],
)
def test_a_word_follows_from_three_shares(
    wrong: float | None, missed: float | None, covered: float | None, expected: Sureness
) -> None:
    assert word(wrong, missed, covered) == expected


def test_a_cell_has_the_medians_of_its_good_seeds() -> None:
    seeds = [
        seed(0, covered=1.0, wrong=0.2, **{"sd missed": 0.1, "box missed": 0.9}),
        seed(1, covered=0.9, wrong=0.3, **{"sd missed": 0.3, "box missed": 0.5}),
        seed(2, covered=0.1, wrong=0.4, **{"sd missed": 0.9}),
        a_failure(3),
    ]
    found = sureness(seeds)
    assert found == {"missed_sd": 0.3, "missed_box": 0.7, "sureness": "warns", "warns": 1.0}
    assert found.keys() <= set(KNOWN)
    assert sureness([seed(0, covered=0.1, wrong=0.2, **{"sd missed": 0.1})])["warns"] == 0.0


def test_a_cell_without_standard_deviations_or_signs_has_no_word() -> None:
    assert sureness([seed(0, wrong=0.2, **{"box missed": 0.5})]) == {"missed_box": 0.5}
    assert sureness([seed(0, covered=1.0), a_failure(1)]) == {}
    assert sureness([]) == {}


def test_the_signs_have_the_same_names_where_they_are_measured() -> None:
    assert set(SIGNS) == {"sd", *distances(np.zeros((2, 1)), np.zeros((1, 1)))}
