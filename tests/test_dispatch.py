"""Who runs what on a cluster: every call once, wherever a thread is free, and the guilty alone."""

import random
from collections import Counter

import pytest

from benchmark.workers.dispatch import STRIKES, Dispatch, Peer


def peers(n: int, threads: int = 1) -> dict[str, Peer]:
    return {f"w{number}": Peer(f"w{number}", f"w{number}", threads) for number in range(n)}


def given(made: Dispatch) -> list[tuple[Peer, int]]:
    """Return all that is given now."""
    found = []
    while each := made.give():
        found.append(each)
    return found


def test_threads_are_filled_and_each_call_is_given_once() -> None:
    made = Dispatch(range(7), peers(2, threads=2))
    running = given(made)
    assert Counter(peer.name for peer, _ in running) == {"w0": 2, "w1": 2}
    seen = list[int]()
    while running:
        peer, each = running.pop()
        seen.append(each)
        made.done(peer, each)
        running += given(made)
    assert sorted(seen) == [*range(7)]
    assert made.finished


def test_a_worker_that_joins_late_has_its_share() -> None:
    there = peers(1)
    made = Dispatch(range(4), there)
    assert [peer.name for peer, _ in given(made)] == ["w0"]
    there["late"] = Peer("late", "late", 2)
    assert [peer.name for peer, _ in given(made)] == ["late", "late"]


def test_what_a_lost_worker_ran_is_run_again() -> None:
    there = peers(2)
    made = Dispatch(range(2), there)
    given(made)
    assert made.leave(there["w0"], blame=True) == []
    assert not made.finished
    assert given(made) == []
    there["new"] = Peer("new", "new", 1)
    assert [(peer.name, each) for peer, each in given(made)] == [("new", 0)]


def test_a_call_that_has_not_run_waits_again_before_the_others() -> None:
    there = peers(1)
    made = Dispatch(range(3), there)
    [(peer, first)] = given(made)
    made.done(peer, first, again=True)
    assert [each for _, each in given(made)] == [0]


def test_a_worker_that_leaves_in_order_leaves_no_blame() -> None:
    there = peers(1)
    made = Dispatch([0], there)
    for number in range(2 * STRIKES):
        [(peer, _)] = given(made)
        assert made.leave(peer, blame=False) == []
        there[f"next {number}"] = Peer(f"next {number}", "next", 1)


def test_a_call_that_lost_two_workers_runs_alone_and_only_one_worker_is_emptied_for_it() -> None:
    there = peers(3, threads=2)
    made = Dispatch(range(20), there)
    for _ in range(STRIKES - 1):
        given(made)
        name, lost = next((name, peer) for name, peer in there.items() if 0 in peer.running)
        made.leave(lost, blame=True)
        there[name] = Peer(name, name, 2)
    for _ in range(4):
        given(made)
        alone = [peer for peer in there.values() if peer.alone]
        assert all(len(peer.running) == 1 for peer in alone)
        assert all(len(peer.running) == 2 for peer in there.values() if not peer.alone)
        assert [peer.running for peer in alone][:1] == [[0]]


@pytest.mark.parametrize("threads", [1, 3, 8])
@pytest.mark.parametrize("seed", range(5))
def test_only_the_guilty_are_given_up_and_after_three_workers(threads: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - any order will do
    guilty = set(chance.sample(range(60), 4))
    there = peers(3, threads)
    made = Dispatch(range(60), there)
    answered, given_up, lost = list[int](), list[int](), Counter[int]()
    while not made.finished:
        given(made)
        peer = chance.choice([peer for peer in there.values() if peer.running])
        if killers := guilty & {*peer.running}:
            lost.update(killers)
            given_up += made.leave(peer, blame=True)
            name = f"w{len(there) + sum(lost.values())} {chance.random()}"
            there[name] = Peer(name, name, threads)
        else:
            each = chance.choice(peer.running)
            answered.append(each)
            made.done(peer, each)
    assert set(given_up) == guilty
    assert sorted(answered + given_up) == list(range(60))
    assert lost == dict.fromkeys(guilty, STRIKES)
