"""Which cells the options select, and which of them are to be run."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from benchmark.catalogue.registry import Catalogue, Entry, Origin
from benchmark.catalogue.suites import suites_named
from benchmark.environment import machine
from benchmark.errors import NothingSelectedError, UsageError
from benchmark.run.needed import most, needed_by
from benchmark.run.observed import Observed
from benchmark.run.plan import Cell, Selection, missing_cards, missing_cells, select
from benchmark.store.record import OFF_BOARD, CellKey, Environment, Record, SeedOutcome
from benchmark.store.stamp import Setting, Stamp
from tasks.suites import CORE
from tasks.variant import VARIANT
from tests.synthetic import a_card


def names(found: Catalogue, **options: list[str]) -> tuple[set[str], set[str]]:
    given: dict[str, list[str]] = {"tasks": [], "models": [], "tags": []} | options
    suites = suites_named(given.pop("suites", []))
    chosen = select(found, tasks=given["tasks"], models=given["models"], tags=given["tags"], suites=suites)
    return {entry.name for entry in chosen.tasks}, {entry.name for entry in chosen.models}


def test_nothing_given_selects_the_main_board(catalogue: Catalogue) -> None:
    tasks, models = names(catalogue)
    assert tasks == set(CORE.tasks)
    assert {"relu-mlp", "gradient-boosting"} <= models


def test_a_suite_selects_its_tasks_and_a_name_or_tag_narrows_it(catalogue: Catalogue) -> None:
    assert names(catalogue, suites=["koza"])[0] == {"nguyen-2", "koza-2", "koza-3"}
    assert names(catalogue, suites=["koza", "pagie"])[0] == {"nguyen-2", "koza-2", "koza-3", "pagie-1"}
    assert names(catalogue, suites=["koza"], tasks=["*-2"])[0] == {"nguyen-2", "koza-2"}
    assert names(catalogue, suites=["all"], tags=["core"])[0] == set(CORE.tasks)
    with pytest.raises(UsageError, match=r"unknown suite 'kozza'\. Did you mean 'koza'"):
        names(catalogue, suites=["kozza"])
    with pytest.raises(UsageError, match="unknown task 'sum'"):
        names(catalogue, suites=["koza"], tasks=["sum"])


def test_a_task_of_a_plugin_is_selected_beside_the_core(catalogue: Catalogue) -> None:
    mixed = Catalogue(tasks={**catalogue.tasks, "own": mine("task", "own")}, models=catalogue.models)
    assert names(mixed)[0] == {*CORE.tasks, "own"}


def test_names_and_globs_select(catalogue: Catalogue) -> None:
    assert names(catalogue, tasks=["s[iqm]*", "sum"], models=["relu-mlp"]) == (
        {"sum", "square", "sinc", "smooth"},
        {"relu-mlp"},
    )
    assert names(catalogue, tasks=["sum", "pair-*"])[0] == {"sum", "pair-sum"}


def test_a_tag_narrows(catalogue: Catalogue) -> None:
    tasks, models = names(catalogue, tags=["core"], models=["poly*"])
    assert len(tasks) == 7
    assert models == {"polynomial-2", "polynomial-5"}


def mine(kind: str, name: str, *tags: str) -> Entry:
    return Entry(kind, name, 1, "", "", tags, Origin("file", "mine.py"), "mine.py")  # type: ignore[arg-type]


def cells(found: Catalogue, needed: set[CellKey] | None = None, **options: list[str]) -> set[CellKey]:
    given: dict[str, list[str]] = {"tasks": [], "models": [], "tags": []} | options
    chosen = select(
        found,
        tasks=given["tasks"],
        models=given["models"],
        tags=given["tags"],
        needed={"findings": needed} if needed else needed_by(),
    )
    return {(task.name, model.name) for task, model in chosen.cells()}


def test_a_tag_of_the_board_means_the_tasks_and_the_models_that_have_it(catalogue: Catalogue) -> None:
    mixed = Catalogue(
        tasks={**catalogue.tasks, "mine": mine("task", "mine", "own"), "plain": mine("task", "plain")},
        models={**catalogue.models, "mine": mine("model", "mine")},
    )
    assert len(cells(mixed, tags=["core"])) == 7 * 8
    # No model has the tag `own`: the task is met by all on the board.
    assert cells(mixed, tags=["own"]) == {("mine", model) for model in [*cells_of_board(catalogue)[1], "mine"]}
    assert cells(mixed, tags=["own", "core"], models=["relu-mlp"]) == {
        *((task, "relu-mlp") for task in cells_of_board(catalogue)[0]),
        ("mine", "relu-mlp"),
    }
    with pytest.raises(NothingSelectedError, match="the tag 'core' and --model 'mine' have no cell in common; leave"):
        cells(mixed, tags=["core"], models=["mine"])


def cells_of_board(found: Catalogue) -> tuple[set[str], set[str]]:
    return names(found)


@pytest.mark.parametrize("tag", sorted(OFF_BOARD - {VARIANT}))
def test_a_tag_off_the_board_means_the_cells_that_a_page_needs(catalogue: Catalogue, tag: str) -> None:
    found = cells(catalogue, tags=[tag])
    needed = most(needed_by().values())
    assert found < set(needed)
    assert {
        (task, model) for task, model in needed if tag in (*catalogue.tasks[task].tags, *catalogue.models[model].tags)
    } == found
    # Far from every task of the experiments with every model.
    tagged = [sum(tag in entry.tags for entry in room.values()) for room in (catalogue.tasks, catalogue.models)]
    assert 10 < len(found) < tagged[0] * len(catalogue.models) / 2 + tagged[1] * len(catalogue.tasks) / 2


def test_what_a_plugin_tags_so_meets_the_board(catalogue: Catalogue) -> None:
    mixed = Catalogue(
        tasks={**catalogue.tasks, "odd": mine("task", "odd", "control")},
        models={**catalogue.models, "even": mine("model", "even", "control")},
    )
    found = cells(mixed, needed={("sum", "relu-mlp"), ("sum", "no-such-model")}, tags=["control"])
    tasks, models = cells_of_board(catalogue)
    assert found == {("odd", "even"), *(("odd", model) for model in models), *((task, "even") for task in tasks)}


@pytest.mark.parametrize("tag", ["findings", "calibration"])
def test_the_tag_of_a_page_is_known_and_means_its_cells(catalogue: Catalogue, tag: str) -> None:
    assert cells(catalogue, tags=[tag]) == set(needed_by()[tag])


def test_a_cell_of_two_pages_has_the_most_seeds_that_one_asks_for() -> None:
    assert most([{("a", "b"): 3, ("a", "c"): 10}, {("a", "b"): 10}]) == {("a", "b"): 10, ("a", "c"): 10}


def test_an_unknown_tag_is_told_of_those_of_the_pages(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match=r"unknown tag 'fidings'. Did you mean 'findings'\? Known: .*findings"):
        cells(catalogue, tags=["fidings"])


def test_an_unknown_model_without_a_plugin_is_told_of_the_option(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match=r"A model of your own needs --plugin FILE\.$"):
        cells(catalogue, models=["my-forest"])
    mixed = Catalogue(tasks=catalogue.tasks, models={**catalogue.models, "mine": mine("model", "mine")})
    with pytest.raises(UsageError) as caught:
        cells(mixed, models=["my-forest"])
    assert "--plugin" not in str(caught.value)


def test_a_glob_means_the_board_and_what_stays_off_it_only_where_nothing_there_matches(catalogue: Catalogue) -> None:
    assert names(catalogue, models=["asked-one-*"])[1] == {"asked-one-hidden", "asked-one-hidden-own-range"}
    assert "asked-relu" not in names(catalogue, models=["*relu*"])[1]
    assert names(catalogue, tasks=["lambda-noisy"])[0] == {"lambda-noisy"}


def test_places_narrow_a_selection_to_their_cells_and_what_these_need(catalogue: Catalogue) -> None:
    whole = select(catalogue, tasks=["s*"], models=["relu-mlp", "asked-relu"], tags=[])
    chosen = whole.within({("sum", "relu-mlp"), ("square", "asked-relu"), ("no", "such")}, "")
    assert {(task.name, model.name) for task, model in chosen.cells()} == {
        ("sum", "relu-mlp"),
        ("square", "asked-relu"),
    }
    assert ({t.name for t in chosen.tasks}, {m.name for m in chosen.models}) == (
        {"sum", "square"},
        {"relu-mlp", "asked-relu"},
    )
    with pytest.raises(NothingSelectedError, match="nothing there"):
        select(catalogue, tasks=["sum"], models=[], tags=[]).within({("square", "relu-mlp")}, "nothing there")


def places(selection: Selection) -> list[CellKey]:
    return [(task.name, model.name) for task, model in selection.cells()]


@pytest.mark.parametrize("n", [1, 2, 7, 1000])
def test_shards_have_every_cell_once_and_differ_by_one_at_most(catalogue: Catalogue, n: int) -> None:
    selection = select(catalogue, tasks=["s*"], models=["p*", "linear-net"], tags=[])
    every = places(selection)
    # Half of them, and those of one task.
    for known in (every[::2], [place for place in every if place[0] == "square"]):
        shards = [places(selection.sharded(k, n, known=known)) for k in range(1, n + 1)]
        assert sorted(place for shard in shards for place in shard) == sorted(every)
        for which in (every, [place for place in every if place not in known]):
            sizes = [len(set(shard) & set(which)) for shard in shards]
            assert max(sizes) - min(sizes) <= 1


def test_a_shard_has_the_same_cells_wherever_it_is_drawn_and_no_task_or_model_more(catalogue: Catalogue) -> None:
    selection = select(catalogue, tasks=["s*"], models=["p*"], tags=[])
    shard = selection.sharded(2, 9, known=())
    turned = replace(selection, tasks=selection.tasks[::-1], models=selection.models[::-1])
    assert sorted(places(turned.sharded(2, 9, known=()))) == sorted(places(shard))
    assert {task.name for task in shard.tasks} == {task for task, _ in places(shard)}
    assert {model.name for model in shard.models} == {model for _, model in places(shard)}


@pytest.mark.parametrize("kind", ["task", "model", "tag"])
def test_unknown_names_are_refused(catalogue: Catalogue, kind: str) -> None:
    with pytest.raises(UsageError, match=f"unknown {kind} 'nonsense'.*Known: "):
        names(catalogue, **{f"{kind}s": ["nonsense"]})


@pytest.mark.parametrize("pattern", ["", "zz*"])
def test_an_empty_selection_is_an_error(catalogue: Catalogue, pattern: str) -> None:
    with pytest.raises(NothingSelectedError, match="selects no model"):
        names(catalogue, models=[pattern])


class Everything(dict[Entry, Observed]):
    """Every task and model does on practice what they all do."""

    def __contains__(self, entry: object) -> bool:
        return True

    def __missing__(self, entry: Entry) -> Observed:
        return Observed(stamp=Stamp(answers={"mean": (1.0, 2.0, 3.0, 4.0)}, settings={"steps": 400}))


OBSERVED = Everything()
NOTHING_SAID: Mapping[str, object] = MappingProxyType({})


def record(found: Catalogue, outcomes: dict[int, str], **changes: object) -> Record:
    task, model = found.tasks["sum"], found.models["polynomial-2"]
    fields: dict[str, object] = {
        "task": "sum",
        "model": "polynomial-2",
        "task_version": 1,
        "model_version": 1,
        "model_title": "",
        "model_source": "",
        "model_tags": (),
        "model_origin": "",
        "quick": False,
        "task_stamp": OBSERVED[task].stamp,
        "model_stamp": OBSERVED[model].stamp,
        "environment": Environment(machine=machine(), cores=1, threads=1, versions={}, commit=None, modified=None),
        "seeds": tuple(
            SeedOutcome(seed=n, status=s, reason="why", interpolation_rmse=0.0, extrapolation_rmse=0.0)  # type: ignore[arg-type]
            for n, s in outcomes.items()
        ),
    }
    return Record(**(fields | changes))  # type: ignore[arg-type]


def planned(found: Catalogue, kept: Record | None, **options: object) -> list[Cell]:
    chosen = select(found, tasks=["sum"], models=["polynomial-2"], tags=[])
    records = {("sum", "polynomial-2"): kept} if kept else {}
    return missing_cells(
        chosen,
        records,
        range(3),
        **({"observed": OBSERVED, "quick": False, "fresh": False, "retry_failed": False} | options),  # type: ignore[arg-type]
    )


def test_what_is_not_kept_is_new(catalogue: Catalogue) -> None:
    (cell,) = planned(catalogue, None)
    assert (cell.seeds, cell.reason) == ((0, 1, 2), "new")


def test_what_is_up_to_date_is_not_run(catalogue: Catalogue) -> None:
    assert planned(catalogue, record(catalogue, {0: "ok", 1: "ok", 2: "ok", 3: "ok"})) == []
    assert planned(catalogue, record(catalogue, dict.fromkeys(range(3), "not-applicable"))) == []


def test_only_missing_seeds_are_run(catalogue: Catalogue) -> None:
    (cell,) = planned(catalogue, record(catalogue, {1: "ok"}))
    assert (cell.seeds, cell.reason) == ((0, 2), "2 of 3 seeds missing")


def test_a_place_that_needs_more_seeds_has_them_and_others_as_many_as_are_asked_for(catalogue: Catalogue) -> None:
    chosen = select(catalogue, tasks=["sum"], models=["polynomial-2", "polynomial-5"], tags=[])
    more = replace(chosen, n_seeds={("sum", "polynomial-2"): 5})
    kept = {("sum", "polynomial-2"): record(catalogue, {0: "ok", 1: "ok", 2: "ok"})}
    cells = missing_cells(more, kept, range(3), observed=OBSERVED, quick=False, fresh=False, retry_failed=False)
    assert {cell.model.name: cell.seeds for cell in cells} == {"polynomial-2": (3, 4), "polynomial-5": (0, 1, 2)}


def test_failed_seeds_stay_until_they_are_asked_for(catalogue: Catalogue) -> None:
    kept = record(catalogue, {0: "ok", 1: "failed", 2: "timeout"})
    assert planned(catalogue, kept) == []
    (cell,) = planned(catalogue, kept, retry_failed=True)
    assert (cell.seeds, cell.reason) == ((1, 2), "failed before")


def test_fresh_runs_everything(catalogue: Catalogue) -> None:
    (cell,) = planned(catalogue, record(catalogue, {0: "ok", 1: "ok", 2: "ok"}), fresh=True)
    assert (cell.seeds, cell.reason) == ((0, 1, 2), "asked for with --fresh")


ELSEWHERE = Environment(machine="abacus", cores=1, threads=1, versions={}, commit=None, modified=None)


def moved(by: float, **settings: Setting) -> Stamp:
    """What is observed once numbers have moved, as a share of them."""
    numbers = tuple(n * (1 + by) for n in (1.0, 2.0, 3.0, 4.0))
    practised: dict[str, Setting] = {"steps": 400}
    return Stamp(answers={"mean": numbers}, settings=practised | settings)


STALE: dict[str, tuple[dict[str, object], str]] = {
    "task": ({"task_stamp": moved(3e-6)}, "the task scores otherwise"),
    "model": ({"model_stamp": moved(3e-4)}, "the model learns otherwise"),
    "setting": ({"model_stamp": moved(0, steps=401)}, "the model learns otherwise"),
    "both": (
        {"task_stamp": moved(1), "model_stamp": moved(1)},
        "the task scores otherwise, the model learns otherwise",
    ),
    "task version": ({"task_version": 2}, "task version changed"),
    "model version": ({"model_version": 2}, "model version changed"),
    "quick": ({"quick": True}, "made with --quick"),
    "older than stamps": ({"task_stamp": None}, "kept before practice was"),
}


@pytest.mark.parametrize("part", STALE)
def test_what_was_observed_otherwise_makes_the_cell_stale_and_is_named(catalogue: Catalogue, part: str) -> None:
    changes, why = STALE[part]
    (cell,) = planned(catalogue, record(catalogue, {0: "ok", 1: "ok", 2: "ok"}, **changes))
    assert (cell.seeds, cell.reason) == ((0, 1, 2), why)


def test_a_record_of_another_machine_and_of_last_bits_holds(catalogue: Catalogue) -> None:
    changes: dict[str, object] = {
        "environment": ELSEWHERE,
        "task_stamp": moved(1e-9),
        "model_stamp": moved(1e-6, learning_style=1),
    }
    assert planned(catalogue, record(catalogue, {0: "ok", 1: "ok", 2: "ok"}, **changes)) == []


@pytest.mark.parametrize(
    ("changes", "options", "why"),
    [
        ({"model_stamp": moved(1)}, {}, "the model learns otherwise"),
        ({"task_stamp": None}, {}, "kept before practice was"),
        ({}, {"fresh": True}, "asked for with --fresh"),
    ],
)
def test_what_is_out_of_date_is_made_again_with_all_its_seeds(
    catalogue: Catalogue, changes: dict[str, object], options: dict[str, bool], why: str
) -> None:
    kept = record(catalogue, dict.fromkeys([0, 1, *range(5, 13)], "ok"), **changes)
    (cell,) = planned(catalogue, kept, **options)
    assert cell.seeds == (0, 1, 2, *range(5, 13))
    assert cell.reason.startswith(why)
    assert cell.reason.endswith("; its 10 kept seeds are run again")
    (cell,) = planned(catalogue, record(catalogue, {7: "ok"}, **changes), **options)
    assert cell.reason.endswith("; its 1 kept seed is run again")


def test_quick_and_full_results_are_never_the_same(catalogue: Catalogue) -> None:
    (cell,) = planned(catalogue, record(catalogue, {0: "ok", 1: "ok", 2: "ok"}), quick=True)
    assert cell.reason == "made without --quick"


def test_a_card_that_says_or_scores_otherwise_is_made_again(catalogue: Catalogue) -> None:
    task = catalogue.tasks["sum"]
    now = OBSERVED[task].stamp
    cards = {"sum": a_card("sum").model_copy(update={"stamp": now})}

    def reasons(stamp: Stamp, said: Mapping[str, object] = NOTHING_SAID, *, fresh: bool = False) -> list[str]:
        found = missing_cards([task], cards, observed={task: Observed(stamp=stamp, card=dict(said))}, fresh=fresh)
        return [reason for _, reason in found]

    assert reasons(now) == []
    assert reasons(moved(1e-9)) == []
    assert reasons(moved(1e-3)) == ["it scores otherwise"]
    assert reasons(now, {"title": "another"}) == ["it says otherwise of itself"]
    assert reasons(now, fresh=True) == ["asked for with --fresh"]
    cards = {"sum": cards["sum"].model_copy(update={"samples": ()})}
    assert reasons(now) == ["it was kept before what training rows know was"]
    cards = {"sum": a_card("sum").model_copy(update={"stamp": now, "kinds": ()})}
    assert reasons(now) == ["it was kept before the kinds of its function were"]
    cards = {}
    assert reasons(now) == ["new"]
