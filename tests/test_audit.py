"""Kept cells that are run again: what is drawn, and what counts as having come out otherwise."""

from benchmark.store.audit import changed_since, contradicted, differences, drawn, drawn_seed
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


def another(record: Record, seed: int, factor: float) -> SeedOutcome:
    """A seed that came out as another one would: all its errors are others, those of its shells still more."""
    old = record.seeds[seed]
    shells = tuple(factor**2 * error for error in old.shell_rmse)
    errors = {name: factor * getattr(old, name) for name in ("interpolation_rmse", "extrapolation_rmse")}
    return old.model_copy(update={**errors, "training_rmse": 0.1 * factor, "shell_rmse": shells})


def with_training(record: Record) -> Record:
    seeds = tuple(outcome.model_copy(update={"training_rmse": 0.1}) for outcome in record.seeds)
    return record.model_copy(update={"seeds": seeds})


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
    assert {drawn_seed(record, by=f"commit {i}", before=record) for i in range(200)} == set(range(10))


def test_of_a_changed_cell_a_changed_seed_is_drawn() -> None:
    before = kept()
    seeds = tuple(another(before, seed, 1.01) if seed in (2, 7) else before.seeds[seed] for seed in range(10))
    record = before.model_copy(update={"seeds": seeds})
    assert {drawn_seed(record, by=f"commit {i}", before=before) for i in range(50)} == {2, 7}
    more = before.model_copy(update={"seeds": (*before.seeds, a_seed(10, 0.2, 1.0))})
    assert {drawn_seed(more, by=f"commit {i}", before=before) for i in range(50)} == {10}


def test_a_seed_may_be_as_far_apart_as_the_kept_seeds_are() -> None:
    record = kept(spread=0.01)

    def found(factor: float) -> list[str]:
        changed = record.model_copy(update={"seeds": (another(record, 0, factor),)})
        return [str(each) for each in differences(record, changed, CARD)]

    assert found(10**0.019) == []
    for factor in (10**0.021, 10**-0.021):
        inside, outside = found(factor)
        assert inside.startswith(
            f"square / net, seed 0: inside RMSE is {factor:.4g} times the kept one, allowed is a factor of 1.047"
        )
        assert outside.startswith(f"square / net, seed 0: outside RMSE is {factor:.4g} times")


def test_a_single_error_that_stands_apart_was_altered_however_far_apart_the_seeds_are() -> None:
    record = with_training(kept(spread=0.1))
    old = record.seeds[0].extrapolation_rmse or 0.0
    for name, words in (("extrapolation_rmse", "outside"), ("training_rmse", "training")):
        changed = getattr(record.seeds[0], name) * 1.01
        [found] = differences(record, again(record, 0, **{name: changed}), CARD)
        assert found.words == f"{words} RMSE is 1.01 times the kept one, allowed is a factor of 1.002"
    # A few rows that rounding sends elsewhere are no such thing.
    assert differences(record, again(record, 0, extrapolation_rmse=old * 1.002), CARD) == []


def test_errors_that_change_together_are_another_fit_unless_the_training_rows_say_that_it_is_the_same() -> None:
    record = with_training(kept(spread=0.1))
    errors = {name: getattr(record.seeds[0], name) * 1.01 for name in ("interpolation_rmse", "extrapolation_rmse")}
    assert len(differences(record, again(record, 0, **errors), CARD)) == 2
    assert differences(record, again(record, 0, **errors, training_rmse=0.101), CARD) == []
    # Far outside a model may have nothing to say, and come out alike whatever its fit.
    one = {"interpolation_rmse": errors["interpolation_rmse"], "training_rmse": 0.101}
    assert differences(record, again(record, 0, **one), CARD) == []


def test_errors_where_rounding_shows_are_not_held_to_each_other() -> None:
    record = with_training(kept(spread=0.1))
    small = record.seeds[0].model_copy(update={"interpolation_rmse": 1e-7})
    old = record.model_copy(update={"seeds": (small, *record.seeds[1:])})
    assert "inside" not in {d.words.split()[0] for d in differences(old, again(old, 0, interpolation_rmse=2e-7), CARD)}


def test_an_altered_seed_makes_no_room_for_itself() -> None:
    record = kept(spread=0.01)
    low = another(record, 3, 1e-3)
    altered = record.model_copy(update={"seeds": (*record.seeds[:3], low, *record.seeds[4:])})
    assert len(differences(altered, again(record, 3), CARD)) == 2
    every = record.model_copy(update={"seeds": tuple(another(record, seed, 0.5) for seed in range(10))})
    assert len(differences(every, again(record, 3), CARD)) == 2


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


def test_a_cell_that_is_kept_twice_says_the_same_of_the_seeds_that_both_have() -> None:
    place = ("square", "net")
    ten = a_record(*place, [a_seed(i, 0.1 + i, 1.0) for i in range(10)])
    three = ten.model_copy(update={"seeds": ten.seeds[:3]})
    moved = ten.model_copy(update={"seeds": (a_seed(0, 0.2, 1.0), *ten.seeds[1:])})
    assert contradicted({place: ten}, {place: three}) == []
    assert contradicted({place: moved}, {place: three}) == [place]
    assert contradicted({place: moved}, {}) == []
