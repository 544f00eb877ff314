"""How a statement is decided, and when it is left undecided."""

import math

import numpy as np
import pytest

from findings.checks import (
    OPPOSITE,
    Check,
    Counted,
    Holds,
    _beyond,
    by_every_seed,
    by_most_seeds,
    by_shares,
    counted,
)
from findings.draws import settled
from findings.evidence import Evidence, evidence_of
from findings.figures import Limit, at_most, cross, inside
from findings.finding import Answer, Finding, Judgement, Verdict
from findings.sources import Source
from findings.statements import Decided, Decision, Median, Times
from tests.synthetic import a_card, a_record, a_seed, keyed


@pytest.mark.parametrize(
    ("k", "n", "holds"),
    [
        *((10, 10, "yes"), (9, 10, "undecided"), (8, 10, "no"), (0, 10, "no")),
        # Five are too few, whatever they say; six are enough.
        *((5, 5, "undecided"), (6, 6, "yes"), (1, 1, "undecided"), (5, 6, "undecided")),
        *((100, 100, "yes"), (99, 100, "undecided"), (91, 100, "undecided"), (90, 100, "no")),
    ],
)
def test_every_seed_is_decided_by_the_share_and_its_interval(k: int, n: int, holds: Holds) -> None:
    assert by_every_seed(Counted(k, n)) == holds


def test_a_share_is_shown_with_its_interval() -> None:
    seeds = counted(np.arange(10) < 7)
    assert (seeds, str(seeds), seeds.percents) == ((7, 10), "7 of 10", "(40 to 89 %)")
    assert str(Counted(1_000, 12_000)) == "1,000 of 12,000"


def test_of_no_seeds_nothing_is_true() -> None:
    none = Counted(0, 0)
    assert by_every_seed(none) != "yes"
    assert by_most_seeds(none) != "yes"
    assert by_shares(none, none, at_most_times=1) == "undecided"


@pytest.mark.parametrize(
    ("k", "n", "holds"), [(8, 10, "undecided"), (9, 10, "yes"), (1, 10, "no"), (60, 100, "yes"), (55, 100, "undecided")]
)
def test_most_seeds_are_more_than_half_by_the_interval(k: int, n: int, holds: Holds) -> None:
    assert by_most_seeds(Counted(k, n)) == holds


@pytest.mark.parametrize(
    ("ours", "theirs", "factor", "holds"),
    [
        ((0, 100), (30, 100), 0.5, "yes"),
        ((30, 100), (30, 100), 0.5, "no"),
        ((15, 100), (30, 100), 0.5, "undecided"),
        ((0, 10), (3, 10), 0.5, "undecided"),
        # Newcombe (1998), Statistics in Medicine 17, 873-890, table II: 56 of 70 less 48 of 80 is 0.0524 to 0.3339.
        ((56, 70), (48, 80), 1.0, "no"),
        ((48, 80), (56, 70), 1.0, "yes"),
    ],
)
def test_shares_are_compared_with_the_interval_of_their_difference(
    ours: tuple[int, int], theirs: tuple[int, int], factor: float, holds: Holds
) -> None:
    assert by_shares(Counted(*ours), Counted(*theirs), at_most_times=factor) == holds


def test_the_opposite_of_what_is_undecided_is_undecided() -> None:
    assert OPPOSITE == {"yes": "no", "no": "yes", "undecided": "undecided"}


def test_the_interval_of_a_difference_is_newcombe_s() -> None:
    assert _beyond(Counted(56, 70), Counted(48, 80), 1.0) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    # By hand: 0.3 (0.2190 to 0.3958) less half of the same.
    half = (0.15 - math.hypot(0.0810, 0.0479), 0.15 + math.hypot(0.0958, 0.0405))
    assert _beyond(Counted(30, 100), Counted(30, 100), 0.5) == pytest.approx(half, abs=2e-4)


@pytest.mark.parametrize(
    ("holds", "verdict"),
    [
        (("yes", "yes"), "confirmed"),
        (("no", "no"), "refuted"),
        (("yes", "no"), "depends"),
        (("yes", "no", "undecided"), "depends"),
        (("yes", "undecided"), "undecided"),
        (("no", "undecided"), "undecided"),
        (("undecided",), "undecided"),
    ],
)
def test_the_verdict_follows_from_what_is_decided(holds: tuple[Holds, ...], verdict: Verdict) -> None:
    checks = tuple(Check("", "", each) for each in holds)
    assert Judgement(checks).verdict == verdict


def _finding(limit: float) -> Finding:
    ours, theirs = inside("square", "ours"), inside("square", "theirs")

    def by_law(evidence: Evidence) -> Decision:
        return "", "yes" if ours.of(evidence).median <= limit else "no"

    return Finding(
        name="it",
        question="?",
        source=Source("", "https://example.org/q"),
        claim="",
        statements=(
            Median(ours, at_most(limit)),
            Times(ours, theirs, Limit(high=1, strict=True)),
            Decided("a law", cross(["square"], ["ours"]), by_law),
        ),
        confirmed=Answer("", ""),
        depends=Answer("", ""),
        refuted=Answer("", ""),
    )


def _evidence(ours: list[float], theirs: list[float]) -> Evidence:
    records = [
        a_record("square", model, [a_seed(i, error, 1.0) for i, error in enumerate(errors)])
        for model, errors in (("ours", ours), ("theirs", theirs))
    ]
    return evidence_of({"square": a_card()}, keyed(records))


SPREAD = [float(i) for i in range(1, 11)]


@pytest.mark.parametrize(("limit", "holds"), [(5.6, "undecided"), (9.5, "yes"), (1.5, "no")])
def test_a_figure_is_undecided_where_other_seeds_turn_it(limit: float, holds: Holds) -> None:
    found = settled(_finding(limit), _evidence(SPREAD, SPREAD)).checks
    assert found[0].holds == holds
    # The band of a law knows what other draws give, and is not asked again.
    assert (found[2].holds, found[2].turned) == ("yes" if limit > 5.5 else "no", 0.0)


def test_what_was_measured_on_the_same_seeds_is_drawn_together() -> None:
    # Far less apart than the seeds are among themselves, and yet the same side of it on every seed.
    check = settled(_finding(1.0), _evidence(SPREAD, [error + 0.01 for error in SPREAD])).checks[1]
    assert (check.holds, check.turned) == ("yes", 0.0)
    check = settled(_finding(1.0), _evidence(SPREAD, [error + 0.01 for error in reversed(SPREAD)])).checks[1]
    assert check.holds == "undecided"


def test_cells_of_different_numbers_of_seeds_are_drawn_by_their_own() -> None:
    evidence = _evidence(SPREAD, SPREAD * 10).redrawn(3)
    assert len(inside("square", "ours").of(evidence).values) == 10
    assert len(inside("square", "theirs").of(evidence).values) == 100


def test_the_redraws_are_fixed_and_differ() -> None:
    evidence = _evidence(SPREAD, SPREAD)
    drawn = [inside("square", "ours").of(evidence.redrawn(number)).values for number in (0, 0, 1)]
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])
    assert set(drawn[0]) < set(SPREAD)


def test_a_turn_in_one_of_forty_redraws_is_none() -> None:
    # One low seed of twenty at the threshold's other side: its median turns in few redraws, or in many.
    few = settled(_finding(2.0), _evidence([1.0] * 15 + [3.0] * 5, SPREAD * 2)).checks[0]
    many = settled(_finding(2.0), _evidence([1.0] * 12 + [3.0] * 8, SPREAD * 2)).checks[0]
    assert (few.holds, few.turned <= 0.025) == ("yes", True)
    assert (many.holds, many.turned > 0.025) == ("undecided", True)
