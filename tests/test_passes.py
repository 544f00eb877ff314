"""What a run keeps as it comes, and what it holds back."""

import shutil
from collections.abc import Generator, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmark import pipeline
from benchmark.catalogue.plugins import discover
from benchmark.catalogue.registry import Entry
from benchmark.run.observed import Observations, observe
from benchmark.run.options import RunOptions
from benchmark.run.passes import SEEDS_TOGETHER, run_cards, run_cells
from benchmark.run.plan import Cell
from benchmark.store.local import Store
from benchmark.workers.isolation import Call, Limits, Outcome
from benchmark.workers.pool import run_calls
from tests.conftest import PLUGINS
from tests.test_pipeline import Quiet

pytestmark = pytest.mark.usefixtures("libraries", "without_pictures")

N = SEEDS_TOGETHER + 3


class Here:
    """A cluster of this machine: it is given groups of seeds as any is, and answers in their order."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.n_kept: list[int] = []

    def run_calls(self, calls: Iterable[tuple[int, Call]], *, limits: Limits) -> Generator[tuple[int, Outcome]]:
        for each in calls:
            yield from run_calls([each], jobs=1, limits=limits)
            # As it stands once the group before this line has been taken in.
            self.n_kept.append(len(self._store.read().records["tiny", "line"].seeds))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, libraries: None) -> tuple[Path, Entry, Entry]:
    """Results of more seeds than one group has, made by a model that is edited afterwards."""
    folder = tmp_path_factory.mktemp("passes")
    plugin = Path(shutil.copy(PLUGINS / "tiny.py", folder / "tiny.py"))
    options = RunOptions(results=folder / "r", plugins=(plugin,), tasks=("tiny",), models=("line",), seeds=N)
    pipeline.run(RunOptions(**{**options.__dict__, "timing": False}), Quiet())
    text = plugin.read_text(encoding="utf-8").replace('"intercept": True', '"intercept": "yes"')
    plugin.write_text(text, encoding="utf-8")
    found = discover((plugin,), options.import_limits)
    return folder / "r", found.tasks["tiny"], found.models["line"]


def practised(*entries: Entry) -> Observations:
    return observe(entries, None, options=RunOptions(), progress=Quiet()).observed


def rerun(results: Path, tiny: tuple[Path, Entry, Entry], n: int) -> tuple[Store, list[int]]:
    from benchmark.catalogue import imports

    imports.forget()
    store = Store(Path(shutil.copytree(tiny[0], results)))
    here: Any = Here(store)
    cell = Cell(tiny[1], tiny[2], tuple(range(n)), "the model learns otherwise")
    observed = practised(*tiny[1:])
    run_cells([cell], store, RunOptions(results=results), observed=observed, progress=Quiet(), cluster=here)
    return store, here.n_kept


def test_groups_of_a_cell_that_is_made_again_wait_until_they_are_as_many(
    tmp_path: Path, tiny: tuple[Path, Entry, Entry]
) -> None:
    before = Store(tiny[0]).read().records["tiny", "line"]
    store, n_kept = rerun(tmp_path / "r", tiny, N)
    assert n_kept == [N, N]
    after = store.read().records["tiny", "line"]
    assert len(after.seeds) == N
    assert after.model_stamp != before.model_stamp
    assert [s.interpolation_rmse for s in after.seeds] == [s.interpolation_rmse for s in before.seeds]


def test_a_step_goes_well_where_no_seed_failed(tmp_path: Path, tiny: tuple[Path, Entry, Entry]) -> None:
    options = RunOptions(results=tmp_path / "r", plugins=(PLUGINS / "misbehaving.py",))
    found = discover(options.plugins, options.import_limits)
    models = [found.models[name] for name in ("raises-at-seed-one", "does-not-apply")]
    store, quiet = Store(options.results), Quiet()
    store.prepare()
    cells = [Cell(tiny[1], model, (0, 1), "new") for model in models]
    run_cells(cells, store, options, observed=practised(tiny[1], *models), progress=quiet)
    assert sorted(quiet.steps) == [
        ("tiny / does-not-apply", "not-applicable"),
        ("tiny / raises-at-seed-one", "ok 1, failed 1"),
    ]
    assert quiet.well == {"tiny / does-not-apply": True, "tiny / raises-at-seed-one": False}


def test_fewer_than_are_kept_replace_nothing(tmp_path: Path, tiny: tuple[Path, Entry, Entry]) -> None:
    store, n_kept = rerun(tmp_path / "r", tiny, N - 1)
    assert n_kept == [N, N]
    assert store.read().records == Store(tiny[0]).read().records


def test_a_card_of_a_plugin_says_where_it_comes_from_and_needs_no_memory_of_a_cell(
    tmp_path: Path, tiny: tuple[Path, Entry, Entry]
) -> None:
    store = Store(tmp_path / "r")
    store.prepare()
    found = discover((), RunOptions().import_limits)
    cards = [(tiny[1], "new"), (found.tasks["sum"], "new")]
    # Too little for any card, or for a cell.
    observed = practised(*(entry for entry, _ in cards))
    options = RunOptions(memory=1, timeout=0.01)
    assert list(run_cards(cards, store, options, observed=observed, progress=Quiet())) == []
    kept = store.read().cards
    assert (kept["tiny"].origin, kept["sum"].origin) == ("plugin tiny.py", "")
    assert '"origin"' not in (store.root / "tasks" / "sum.json").read_text(encoding="utf-8")


def test_a_model_may_practise_beside_its_first_cells(tmp_path: Path, tiny: tuple[Path, Entry, Entry]) -> None:
    _, task, model = tiny
    options = RunOptions(results=tmp_path / "r", jobs=2)
    practice = observe([task, model], None, options=options, progress=Quiet(), later=[model])
    assert ({*practice.observed}, practice.waiting) == ({task}, [model])
    store = Store(options.results)
    store.prepare()
    cells = [Cell(task, model, (seed,), "new") for seed in range(3)]
    run_cells(cells, store, options, observed=practice.observed, progress=Quiet(), practice=practice)
    kept = store.read().records["tiny", "line"]
    assert [outcome.seed for outcome in kept.seeds] == [0, 1, 2]
    assert kept.model_stamp == practised(model)[model].stamp
    # What was observed then is remembered.
    again = observe([task, model], practice.text, options=options, progress=Quiet(), later=[model])
    assert again.waiting == []
    assert again.observed == practice.observed


def test_another_machine_is_held_to_what_is_observed_here(tiny: tuple[Path, Entry, Entry]) -> None:
    practice = observe(tiny[1:], None, options=RunOptions(), progress=Quiet())
    for entry, sentence in zip(
        tiny[1:], ("task 'tiny' scores otherwise there", "model 'line' learns otherwise there"), strict=True
    ):
        check = practice.check(entry)
        [(_, outcome)] = run_calls([(0, check.call)], jobs=1, limits=RunOptions().limits)
        assert check.difference(outcome) == ""
        said = outcome.answer
        for factor, expected in ((1 + 1e-9, ""), (1.01, sentence)):
            answers = {name: [factor * value for value in each] for name, each in said["stamp"]["answers"].items()}
            moved = {**said, "stamp": {**said["stamp"], "answers": answers}}
            assert check.difference(replace(outcome, answer=moved)) == expected
        missing = Outcome("failed", "ModuleNotFoundError: No module named 'xgboost'")
        assert check.difference(missing) == f"{sentence} (failed: ModuleNotFoundError: No module named 'xgboost')"
