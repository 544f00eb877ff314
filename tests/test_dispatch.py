"""Who runs what on a cluster: every call once, wherever there is room, and the guilty alone."""

import random
from collections import Counter

import pytest

from benchmark.catalogue.registry import Origin
from benchmark.workers.dispatch import BATCH_MOST, STRIKES, Batch, Dispatch, Part
from benchmark.workers.isolation import Call

CALL = Call("cell", Origin("room", "tasks.core"))


def part(number: int, *, cell: str = "", model: str = "net") -> Part:
    return Part(number, CALL, cell or f"cell {number}", model)


def dispatch(*parts: Part, workers: int = 1, threads: int = 1) -> Dispatch:
    made = Dispatch(parts)
    for number in range(workers):
        made.join(f"w{number}", threads=threads)
    return made


def given(made: Dispatch) -> list[tuple[str, Batch]]:
    """Return all that is given now."""
    found = []
    while each := made.give():
        found.append(each)
    return found


def answer(made: Dispatch, name: str, batch: Batch, seconds: float = 60.0) -> None:
    made.done(name, batch, {each.number: seconds for each in batch})


def test_threads_are_filled_and_each_call_is_given_once() -> None:
    parts = [part(number) for number in range(7)]
    made = dispatch(*parts, workers=2, threads=2)
    running = given(made)
    assert Counter(name for name, _ in running) == {"w0": 2, "w1": 2}
    seen = list[Part]()
    while running:
        name, batch = running.pop()
        seen += batch
        answer(made, name, batch)
        running += given(made)
    assert sorted(seen, key=lambda each: each.number) == parts
    assert made.finished


def test_a_worker_that_joins_late_has_its_share() -> None:
    made = dispatch(*map(part, range(4)))
    assert [name for name, _ in given(made)] == ["w0"]
    made.join("late", threads=2)
    assert [name for name, _ in given(made)] == ["late", "late"]


def test_the_calls_of_a_cell_run_wherever_there_is_room() -> None:
    made = dispatch(*(part(number, cell="one") for number in range(4)), workers=2)
    assert [name for name, _ in given(made)] == ["w0", "w1"]
    # What is left of a cell waits for nobody: the workers that began it may never come back.
    made.leave("w0", blame=False)
    made.leave("w1", blame=False)
    made.join("other", threads=4)
    assert [name for name, _ in given(made)] == ["other"] * 4


def test_what_a_lost_worker_ran_is_run_again() -> None:
    made = dispatch(*map(part, range(2)), workers=2)
    given(made)
    assert made.leave("w0", blame=True) == []
    assert not made.finished
    assert given(made) == []
    made.join("new", threads=1)
    assert [batch[0].number for _, batch in given(made)] == [0]


def test_a_worker_that_leaves_in_order_leaves_no_blame() -> None:
    made = dispatch(part(0))
    for number in range(2 * STRIKES):
        given(made)
        assert made.leave(f"w{number}", blame=False) == []
        made.join(f"w{number + 1}", threads=1)


@pytest.mark.parametrize("threads", [1, 3, 8])
@pytest.mark.parametrize("seconds", [0.01, 60.0])
@pytest.mark.parametrize("seed", range(5))
def test_only_the_guilty_are_given_up_and_after_three_workers(threads: int, seconds: float, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - any order will do
    guilty = set(chance.sample(range(60), 4))
    made = dispatch(*map(part, range(60)), workers=3, threads=threads)
    running = dict[str, list[Batch]]()
    answered, given_up, lost = list[int](), list[int](), Counter[int]()
    n_workers = 3
    while not made.finished:
        for name, batch in given(made):
            running.setdefault(name, []).append(batch)
        name = chance.choice(sorted(running))
        begun = [each for batch in running[name][:threads] for each in batch]
        if killers := guilty & {each.number for each in begun}:
            lost.update(killers)
            given_up += [each.number for each in made.leave(name, blame=True)]
            del running[name]
            made.join(f"w{n_workers}", threads=threads)
            n_workers += 1
        else:
            batch = running[name].pop(0)
            answered += [each.number for each in batch]
            answer(made, name, batch, seconds)
            running = {name: batches for name, batches in running.items() if batches}
    assert set(given_up) == guilty
    assert sorted(answered + given_up) == list(range(60))
    assert all(lost[number] >= STRIKES for number in guilty)


def test_quick_calls_are_sent_together_and_ahead_once_their_model_is_known_to_be_quick() -> None:
    made = dispatch(*map(part, range(200)))
    ((name, first),) = given(made)
    assert len(first) == 1
    answer(made, name, first, seconds=0.01)
    assert [len(batch) for _, batch in given(made)] == [BATCH_MOST, BATCH_MOST]


def test_a_model_that_is_slow_or_unknown_is_sent_one_call_at_a_time() -> None:
    slow = [part(number, model="slow") for number in range(10, 20)]
    made = dispatch(part(0), *map(part, range(1, 9)), *slow)
    ((name, first),) = given(made)
    answer(made, name, first, seconds=0.01)
    while not made.finished:
        for name, batch in given(made):
            assert len({each.model for each in batch}) == 1
            assert batch[0].model == "net" or len(batch) == 1
            answer(made, name, batch, seconds=0.01 if batch[0].model == "net" else 60)


def test_what_did_not_run_in_a_batch_waits_again_in_its_order() -> None:
    made = dispatch(*map(part, range(100)))
    ((name, first),) = given(made)
    answer(made, name, first, seconds=0.01)
    (name, batch), (_, ahead) = given(made)
    made.done(name, batch, {batch[0].number: 60.0})
    made.done(name, ahead, {})
    rest = [each.number for _, again in given(made) for each in again]
    assert rest == [ahead[0].number]
    answer(made, name, ahead[:1])
    numbers = list[int]()
    while not made.finished:
        for name, again in given(made):
            numbers += [each.number for each in again]
            answer(made, name, again)
    assert sorted(numbers) == [n for n in range(2, 100) if n != ahead[0].number]


def test_what_waits_behind_another_is_taken_back_for_an_idle_thread() -> None:
    made = dispatch(*map(part, range(13)))
    ((name, first),) = given(made)
    answer(made, name, first, seconds=0.01)
    _, (_, ahead) = given(made)
    assert made.stuck() is None
    # Enough workers for all that waits anywhere else, and one more.
    for number in range(4):
        made.join(f"idle {number}", threads=1)
        given(made)
    assert made.stuck() == ("w0", ahead)
    made.done("w0", ahead, {})
    assert [batch for _, batch in given(made)] == [ahead[:1]]
    assert made.stuck() is None
