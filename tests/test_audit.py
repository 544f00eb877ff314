"""Kept cells that are run again: what is drawn, and what counts as having come out otherwise."""

import pytest

from benchmark.store.audit import changed_since, differences, drawn, drawn_seed
from benchmark.store.record import Record, SeedOutcome
from tests.synthetic import a_card, a_failure, a_record, a_seed

PLACES = [(f"task-{i}", f"model-{j}") for i in range(10) for j in range(10)]
CARD = a_card()


def kept(spread: float = 0.01, n: int = 10, level: float = 0.2) -> Record:
    """A record whose seeds' log10 errors have this standard deviation, half of them above and half below."""
    factors = [10 ** (spread if seed % 2 else -spread) for seed in range(n)]
    return a_record("square", "net", [a_seed(s, level * f, 5 * level * f) for s, f in enumerate(factors)])


def again(record: Record, seed: int, **errors: float) -> Record:
    outcome = record.seeds[seed].model_copy(update=errors)
    return record.model_copy(update={"seeds": (outcome,)})


def test_what_is_drawn_depends_on_the_commit_alone() -> None:
    first = drawn(PLACES, 3, by="abc")
    assert drawn(reversed(PLACES), 3, by="abc") == first
    assert len(set(first)) == 3
    others = {place for i in range(40) for place in drawn(PLACES, 3, by=f"commit {i}")}
    assert len(others) > 50, "forty commits draw few of a hundred cells"
    assert set(drawn(PLACES[:2], 3, by="abc")) == set(PLACES[:2])
    assert drawn([], 3, by="abc") == []


def test_every_seed_may_be_drawn() -> None:
    record = kept()
    assert {drawn_seed(record, by=f"commit {i}") for i in range(200)} == set(range(10))


@pytest.mark.parametrize("name", ["interpolation_rmse", "extrapolation_rmse"])
def test_a_seed_may_be_as_far_apart_as_the_kept_seeds_are(name: str) -> None:
    record = kept(spread=0.01)
    old = getattr(record.seeds[0], name)
    assert differences(record, again(record, 0, **{name: old * 10**0.019}), CARD) == []
    for factor in (10**0.021, 10**-0.021):
        [found] = differences(record, again(record, 0, **{name: old * factor}), CARD)
        where = "inside" if name == "interpolation_rmse" else "outside"
        assert str(found).startswith(
            f"square / net, seed 0: {where} RMSE is {factor:.4g} times the kept one, allowed is"
        )


def test_seeds_without_a_spread_may_be_apart_by_rounding() -> None:
    record = kept(spread=0.0)
    old = record.seeds[3].interpolation_rmse or 0.0
    assert differences(record, again(record, 3, interpolation_rmse=old * 1.0001), CARD) == []
    assert len(differences(record, again(record, 3, interpolation_rmse=old * 1.001), CARD)) == 1


def test_errors_that_are_rounding_are_alike() -> None:
    record = kept(level=1e-13)
    assert differences(record, again(record, 0, interpolation_rmse=0.0, extrapolation_rmse=3e-10), CARD) == []


def test_another_ending_is_a_difference_and_a_seed_that_is_not_kept_is_none() -> None:
    record = kept()
    failed = a_failure(2, "failed", "it broke")
    [found] = differences(record, record.model_copy(update={"seeds": (failed,)}), CARD)
    assert str(found) == "square / net, seed 2: failed, kept as ok"
    assert differences(record, record.model_copy(update={"seeds": (a_seed(11, 9.0, 9.0),)}), CARD) == []
    both = record.model_copy(update={"seeds": (a_failure(0, "failed", "before"), *record.seeds[1:])})
    assert differences(both, both.model_copy(update={"seeds": (a_failure(0, "failed", "now"),)}), CARD) == []


def test_a_cell_has_changed_when_a_figure_has_as_it_is_published() -> None:
    record = kept()

    def with_first(outcome: SeedOutcome) -> Record:
        return record.model_copy(update={"seeds": (outcome, *record.seeds[1:])})

    before = {("square", "net"): record}
    first = record.seeds[0]
    old = first.interpolation_rmse or 0.0
    last_digit = with_first(first.model_copy(update={"interpolation_rmse": old * (1 + 1e-9)}))
    moved = with_first(first.model_copy(update={"interpolation_rmse": old * (1 + 1e-4)}))
    curves = with_first(first.model_copy(update={"slice": (1.0,), "settings": {"steps": 3}}))
    assert changed_since({("square", "net"): last_digit}, before) == []
    assert changed_since({("square", "net"): curves}, before) == []
    assert changed_since({("square", "net"): moved}, before) == [("square", "net")]
    assert changed_since({("sum", "net"): record}, before) == [("sum", "net")]
    fewer = record.model_copy(update={"seeds": record.seeds[:9]})
    assert changed_since({("square", "net"): fewer}, before) == [("square", "net")]
