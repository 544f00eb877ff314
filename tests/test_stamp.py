"""When two observations are the same: the rule alone, on numbers that can be checked by hand."""

import math

import pytest

from benchmark.store.stamp import MODEL, TASK, Answer, Setting, Stamp, Tolerance, distance, same

EXACT = Tolerance(relative=0.01, floor=1.0, share=0.25)


def stamp(*answers: Answer, shape: str = "pair", **settings: Setting) -> Stamp:
    return Stamp(answers={f"{shape}, {i}": answer for i, answer in enumerate(answers)}, settings=settings)


@pytest.mark.parametrize("tolerance", [TASK, MODEL])
def test_a_number_is_the_same_up_to_the_limit_and_another_one_beyond_it(tolerance: Tolerance) -> None:
    kept = stamp((200.0,))
    assert same(kept, stamp((200.0 * (1 + 0.99 * tolerance.relative),)), tolerance)
    assert not same(kept, stamp((200.0 * (1 + 1.01 * tolerance.relative),)), tolerance)


@pytest.mark.parametrize("tolerance", [TASK, MODEL])
def test_below_the_floor_a_deviation_counts_in_parts_of_the_floor(tolerance: Tolerance) -> None:
    limit = tolerance.relative * tolerance.floor
    assert same(stamp((0.0,)), stamp((0.99 * limit,)), tolerance)
    assert not same(stamp((0.0,)), stamp((1.01 * limit,)), tolerance)


def test_the_larger_of_two_numbers_is_what_a_deviation_is_measured_by() -> None:
    assert distance(stamp((200.0,)), stamp((100.0,)), EXACT) == 0.5
    assert distance(stamp((100.0,)), stamp((200.0,)), EXACT) == 0.5
    assert distance(stamp((-1e300,)), stamp((1e300,)), EXACT) == 2.0


def test_a_quarter_of_the_numbers_may_jump_and_one_more_may_not() -> None:
    kept = stamp((1.0,) * 8)
    assert same(kept, stamp((9.0,) * 2 + (1.0,) * 6), EXACT)
    assert not same(kept, stamp((9.0,) * 3 + (1.0,) * 5), EXACT)


def test_no_figure_of_a_task_may_jump() -> None:
    assert not same(stamp((1.0,) * 20), stamp((1.0,) * 19 + (2.0,)), TASK)


def test_one_problem_of_three_may_jump_and_two_may_not() -> None:
    kept = stamp((1.0,), (1.0,), (1.0,))
    assert same(kept, stamp((9.0,), (1.0,), (1.0,)), EXACT)
    assert not same(kept, stamp((9.0,), (1.0,), (9.0,)), EXACT)


def test_of_two_problems_none_may_jump() -> None:
    assert not same(stamp((1.0,), (1.0,)), stamp((1.0,), (9.0,)), EXACT)


def test_one_shape_is_enough_for_a_change() -> None:
    kept = Stamp(answers={f"{shape}, {i}": (1.0,) for shape in ("pair", "set", "one") for i in range(3)})
    now = Stamp(answers={name: (9.0,) if name.startswith("set") else answer for name, answer in kept.answers.items()})
    assert not same(kept, now, EXACT)
    assert distance(kept, now, EXACT) == 8 / 9


def test_equal_words_are_the_same_and_any_other_answer_is_not() -> None:
    kept = stamp("not-applicable")
    assert same(kept, stamp("not-applicable"), MODEL)
    for other in ("diverged", (1.0,), ()):
        assert not same(kept, stamp(other), MODEL)
        assert distance(stamp(other), kept, MODEL) == math.inf


def test_another_number_of_numbers_is_a_change() -> None:
    assert not same(stamp((1.0, 1.0)), stamp((1.0,)), MODEL)


def test_an_answer_without_numbers_is_the_same_as_another_one() -> None:
    assert same(stamp(()), stamp(()), MODEL)


def test_only_settings_that_both_have_are_compared() -> None:
    kept = stamp((1.0,), rate=0.01, depth=4)
    assert same(kept, stamp((1.0,), rate=0.01, depth=4, new_option="as before"), MODEL)
    assert same(kept, stamp((1.0,), rate=0.01), MODEL)
    assert not same(kept, stamp((1.0,), rate=0.0101, depth=4), MODEL)


def test_practice_can_grow() -> None:
    kept = stamp((1.0,))
    more = Stamp(answers=kept.answers | stamp((5.0,), shape="set").answers)
    assert same(kept, more, MODEL)
    assert same(more, kept, MODEL)


@pytest.mark.parametrize(("kept", "now"), [(stamp((1.0,)), stamp((1.0,), shape="set")), (stamp(), stamp())])
def test_with_no_problem_in_common_nothing_is_known(kept: Stamp, now: Stamp) -> None:
    assert not same(kept, now, MODEL)
    assert distance(kept, now, MODEL) == math.inf


def test_without_an_observation_nothing_is_known() -> None:
    assert not same(None, stamp((1.0,)), MODEL)
    assert not same(stamp((1.0,)), None, MODEL)
    assert not same(None, None, MODEL)
