"""The one loop of all work."""

from collections.abc import Generator, Iterable

import pytest

from benchmark.catalogue.registry import Origin
from benchmark.run.work import Done, Item, Trouble, work
from benchmark.workers.isolation import Call, Outcome

SOME = Origin("room", "tasks.core")


class Watching:
    """Notes what is said of the work."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def begin(self, what: str, total: int) -> None:
        self.said.append(f"{what}: {total}")

    def step(self, name: str, words: str, *, well: bool) -> None:
        self.said.append(f"{name}: {words}, {'well' if well else 'not well'}")

    def end(self) -> None:
        self.said.append("end")

    def workers(self, n: int) -> None: ...

    def say(self, text: str) -> None: ...


class Backwards:
    """Runs the last call first, and notes when nobody listens any more."""

    closed = False

    def __call__(self, calls: Iterable[tuple[int, Call]]) -> Generator[tuple[int, Outcome]]:
        try:
            for number, call in reversed([*calls]):
                yield number, Outcome("ok", answer=call.name)
        finally:
            self.closed = True


def test_each_outcome_goes_to_its_own_item_as_it_comes_and_troubles_come_back() -> None:
    waiting: list[str] = []
    late = Trouble("late", "failed", "it was late", None)

    def waits(outcome: Outcome) -> Iterable[Done]:
        waiting.append(outcome.answer)
        return ()

    def wakes(outcome: Outcome) -> Iterable[Done]:
        yield from (Done(name, "ok", well=True) for name in waiting)
        yield Done(outcome.answer, "failed", well=False, trouble=late)

    watching, running = Watching(), Backwards()
    items = [Item(Call("b", SOME), wakes), Item(Call("a", SOME), waits)]
    assert work("accuracy", items, on=running, progress=watching) == [late]
    assert watching.said == ["accuracy: 2", "a: ok, well", "b: failed, not well", "end"]
    assert running.closed
    work("accuracy", items, on=running, progress=watching, n_steps=1)
    assert watching.said[4] == "accuracy: 1"


def test_what_runs_is_ended_when_something_cannot_be_kept() -> None:
    def full(outcome: Outcome) -> Iterable[Done]:
        raise OSError("no space left")

    running = Backwards()
    with pytest.raises(OSError, match="no space left"):
        work("tasks", [Item(Call("a", SOME), full)], on=running, progress=Watching())
    assert running.closed
