"""What is timed on this machine: a model once for each shape, or for each task, and the baseline beside it."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from benchmark.catalogue.registry import Catalogue, Entry, Origin
from benchmark.environment import machine
from benchmark.run.observed import Observed
from benchmark.run.plan import Selection
from benchmark.run.timeplan import TimingCell, missing_timings
from benchmark.store.local import BadFile, Contents
from benchmark.store.record import Record
from benchmark.store.slug import slug
from benchmark.store.stamp import Stamp
from benchmark.store.timings import Timing
from tests.synthetic import a_card, a_failure, a_record, a_seed, a_timing, keyed, timed

STAMP = Stamp(answers={"1 number, 0": (1.0, 2.0)})
OTHER = Stamp(answers={"1 number, 0": (1.0, 3.0)})
ORIGIN = Origin("file", "mine.py")


def entry(kind: str, name: str, *tags: str) -> Entry:
    return Entry(kind, name, 1, name, "", tags, ORIGIN, "mine.py")  # type: ignore[arg-type]


# Both of 100 rows, and one of 200.
CARDS = {name: a_card(name).model_copy(update={"n_train": n}) for name, n in (("a", 100), ("b", 100), ("c", 200))}
TASKS = {name: entry("task", name, "core") for name in CARDS}
NET, TREES = entry("model", "net"), replace(entry("model", "trees"), timed_by="task")
BASE = entry("model", "linear-net")
FOUND = Catalogue(tasks=TASKS, models={each.name: each for each in (NET, TREES, BASE)})


def good(task: str, model: str = "net", *seeds: int) -> Record:
    return a_record(task, model, [a_seed(seed, 1.0, 1.0) for seed in seeds or (0, 1)])


def kept(
    task: str, model: str = "net", *, where: str | None = None, by: str = "shape", stamp: Stamp | None = STAMP
) -> Timing:
    card = CARDS[task] if by == "shape" else None
    timing = a_timing(task, model, 1.0, 1.0, card=card, machine=where or machine())
    return timing.model_copy(update={"model_stamp": stamp})


def planned(
    records: Iterable[Record],
    timings: Iterable[Timing] = (),
    *,
    tasks: Iterable[str] = TASKS,
    models: tuple[Entry, ...] = (NET,),
    found: Catalogue = FOUND,
    bad: tuple[BadFile, ...] = (),
    quick: bool = False,
    fresh: bool = False,
    core: tuple[str, ...] = ("a", "b", "c"),
) -> list[TimingCell]:
    selection = Selection(tuple(found.tasks[name] for name in tasks), models)
    contents = Contents(CARDS, keyed([*records]), timed(*timings), bad)
    observed = {model: Observed(stamp=STAMP) for model in (*models, BASE)}
    return missing_timings(selection, contents, found=found, observed=observed, core=core, quick=quick, fresh=fresh)


def words(cells: Iterable[TimingCell]) -> list[str]:
    return [f"{cell.name}, {cell.key[2]}: {cell.reason}" for cell in cells]


BASE_KEPT = [kept("a", "linear-net"), kept("c", "linear-net")]


def test_a_model_is_timed_once_a_shape_on_its_first_task_and_the_baseline_beside_it() -> None:
    assert words(planned([good("a"), good("b"), good("c")])) == [
        "a / net, 100x1_1x1_100: new",
        "c / net, 200x1_1x1_100: new",
        "a / linear-net, 100x1_1x1_100: new",
        "c / linear-net, 200x1_1x1_100: new",
    ]


def test_the_first_task_of_the_board_stands_in_though_it_was_not_asked_for() -> None:
    [cell] = planned([good("b", "net", 3, 4)], BASE_KEPT, tasks=["b"])
    assert (cell.task.name, cell.seeds, cell.shape) == ("a", (0,), CARDS["b"].shape)
    [cell] = planned([good("a", "net", 5), good("b", "net", 3, 4)], BASE_KEPT, tasks=["b"])
    assert (cell.task.name, cell.seeds) == ("a", (5,))


def test_a_model_that_fails_on_the_first_task_is_timed_on_the_next() -> None:
    failed = a_record("a", "net", [a_failure(0), a_failure(1)])
    [cell] = planned([failed, good("b", "net", 3)], BASE_KEPT)
    assert (cell.task.name, cell.seeds, cell.key[2]) == ("b", (3,), "100x1_1x1_100")


def test_a_task_whose_plugin_is_not_given_stands_for_none() -> None:
    fewer = replace(FOUND, tasks={"b": TASKS["b"], "c": TASKS["c"]})
    [cell] = planned([good("a"), good("b")], BASE_KEPT, tasks=["b"], found=fewer)
    assert cell.task.name == "b"


def test_a_model_whose_seconds_depend_on_values_is_timed_on_each_task_of_the_core() -> None:
    records = [good(task, "trees") for task in CARDS]
    some = [*BASE_KEPT, kept("b", "trees", by="task")]
    assert words(planned(records, BASE_KEPT, models=(TREES,))) == [f"{task} / trees, {task}: new" for task in "abc"]
    assert words(planned(records, some, models=(TREES,))) == [f"{task} / trees, {task}: new" for task in "ac"]


def test_outside_the_core_it_is_timed_once_a_shape_on_the_first_task_there() -> None:
    records = [good(task, model) for task in CARDS for model in ("trees", "net")]
    every = planned(records, models=(TREES, NET), core=("a",))
    assert words(every) == [
        "a / trees, a: new",
        "b / trees, 100x1_1x1_100: new",
        "c / trees, 200x1_1x1_100: new",
        # Of one whose seconds follow from sizes the first of all tasks stands for the shape.
        "a / net, 100x1_1x1_100: new",
        "c / net, 200x1_1x1_100: new",
        "a / linear-net, 100x1_1x1_100: new",
        "c / linear-net, 200x1_1x1_100: new",
    ]
    assert [cell.timed_by for cell in every] == ["task", *["shape"] * 6]


def test_hundreds_of_tasks_of_a_shape_outside_the_core_cost_one_timing() -> None:
    cards = {f"t-{i:03d}": a_card(f"t-{i:03d}") for i in range(200)}
    found = Catalogue(tasks={name: entry("task", name) for name in cards}, models=FOUND.models)
    contents = Contents(cards, keyed([good(name, "trees") for name in cards]), timed(*BASE_KEPT), ())
    selection = Selection(tuple(found.tasks.values()), (TREES,))
    observed = {model: Observed(stamp=STAMP) for model in (TREES, BASE)}
    cells = missing_timings(selection, contents, found=found, observed=observed, core=["a"], quick=False, fresh=False)
    assert words(cells) == ["t-000 / trees, 100x1_1x1_100: new"]


def test_what_was_timed_on_such_a_task_alone_is_no_timing_of_its_shape() -> None:
    alone = [*BASE_KEPT, kept("b", "trees", by="task")]
    assert words(planned([good("b", "trees")], alone, models=(TREES,), core=("a",))) == [
        "b / trees, 100x1_1x1_100: new"
    ]


def test_nothing_is_timed_twice() -> None:
    assert planned([good("a"), good("b")], [*BASE_KEPT, kept("a")]) == []
    # Nor because another task has come to be the first of its shape.
    assert planned([good("a"), good("b")], [*BASE_KEPT, kept("b")]) == []


@pytest.mark.parametrize(
    ("timing", "why"),
    [
        (kept("a", where="Abacus"), "timed on another machine only"),
        (kept("a", by="task"), "new"),
        (kept("a").model_copy(update={"model_version": 2}), "the model is another one"),
        (kept("a").model_copy(update={"quick": True}), "the model is another one"),
        (kept("a", stamp=OTHER), "the model learns otherwise"),
        (kept("a", stamp=None), "the model learns otherwise"),
    ],
)
def test_a_timing_that_does_not_hold_here_is_made_again(timing: Timing, why: str) -> None:
    [cell] = planned([good("a")], [*BASE_KEPT, timing])
    assert cell.reason == why


def test_the_baseline_is_timed_wherever_a_model_has_seconds_on_this_machine() -> None:
    assert words(planned([good("a")], [kept("a"), kept("a", "linear-net", where="Abacus")])) == [
        "a / linear-net, 100x1_1x1_100: timed on another machine only"
    ]
    assert words(planned([good("a")], [kept("a"), kept("a", "linear-net", stamp=OTHER)])) == [
        "a / linear-net, 100x1_1x1_100: the model learns otherwise"
    ]
    assert planned([good("a")], [kept("a")], found=replace(FOUND, models={"net": NET})) == []


def test_fresh_times_again_what_was_selected_and_not_the_baseline_for_it() -> None:
    assert words(planned([good("a")], [*BASE_KEPT, kept("a")], fresh=True)) == [
        "a / net, 100x1_1x1_100: asked for with --fresh"
    ]
    both = planned([good("a"), good("a", "linear-net")], [*BASE_KEPT, kept("a")], models=(NET, BASE), fresh=True)
    assert [cell.model.name for cell in both] == ["net", "linear-net"]


def test_what_is_not_on_the_board_or_never_went_well_is_not_timed() -> None:
    assert planned([a_record("a", "net", [a_failure(0, "not-applicable")])]) == []
    assert planned([]) == []
    off = entry("model", "net", "control")
    assert planned([good("a")], models=(off,), found=replace(FOUND, models={"net": off, "linear-net": BASE})) == []


def test_a_timing_of_a_newer_schema_is_left_alone() -> None:
    [cell] = planned([good("a")], BASE_KEPT)
    assert cell.key[1] == "net"
    place = f"timing/{slug(machine())}/net.json"
    assert planned([good("a")], BASE_KEPT, bad=(BadFile(place, "newer", newer=True),)) == []
