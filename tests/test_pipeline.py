"""The whole story on real cells: known answers score what they must, misbehaviour becomes a sentence."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmark import pipeline, reporting
from benchmark.errors import UsageError
from benchmark.pipeline import Summary
from benchmark.run.made import PICTURED_SEEDS
from benchmark.run.options import RunOptions
from benchmark.store.local import Contents, Store
from benchmark.store.record import Record
from benchmark.store.text import dump

pytestmark = pytest.mark.usefixtures("libraries", "without_pictures")

PLUGINS = Path(__file__).parent / "plugins"


class Quiet:
    """A progress that remembers."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, str]] = []
        self.well: dict[str, bool] = {}

    def begin(self, what: str, total: int) -> None:
        pass

    def step(self, name: str, words: str, *, well: bool) -> None:
        self.steps.append((name, words))
        self.well[name] = well

    def end(self) -> None:
        pass

    def workers(self, n: int) -> None:
        pass

    def say(self, text: str) -> None:
        pass


def run(results: Path, *plugins: str, **options: object) -> tuple[Summary, Contents]:
    fields = {"timing": False, "jobs": 2, "seeds": 2, "plugins": tuple(PLUGINS / f"{name}.py" for name in plugins)}
    summary = pipeline.run(RunOptions(results=results, **(fields | options)), Quiet())  # type: ignore[arg-type]
    return summary, Store(results).read()


def errors(record: Record) -> np.ndarray:
    return np.array([[o.interpolation_rmse, o.extrapolation_rmse, *o.shell_rmse] for o in record.seeds], dtype=float)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, libraries: None) -> Contents:
    """The sum and the square, met by models whose answers are known."""
    _, contents = run(
        tmp_path_factory.mktemp("known"),
        "known_answers",
        tasks=("square", "sum"),
        models=("knows-*", "says-*"),
        seeds=10,
    )
    return contents


def test_a_model_that_knows_the_function_scores_nothing_but_zero(known: Contents) -> None:
    assert (errors(known.records["square", "knows-square"]) == 0).all()
    assert (errors(known.records["sum", "knows-sum"]) == 0).all()


def test_a_constant_scores_its_closed_form(known: Contents) -> None:
    # Every row of the domain would give the population's error exactly; 10 x 5,000 rows come this close.
    measured = np.median(errors(known.records["square", "says-population-mean"])[:, :2], axis=0)
    assert measured == pytest.approx([298421.728, 2181755.22], rel=0.01)


def test_a_model_that_only_remembers_is_right_on_its_rows_and_knows_nothing_of_others(tmp_path: Path) -> None:
    _, contents = run(tmp_path, "tiny", "memoriser", tasks=("tiny",), models=("memoriser",), seeds=5)
    record = contents.records["tiny", "memoriser"]
    assert [outcome.training_rmse for outcome in record.seeds] == [0] * 5
    # The sd of x^2 on [-1, 1], and what the mean of 100 rows is off by.
    inside = [outcome.interpolation_rmse for outcome in record.seeds]
    assert inside == pytest.approx([np.sqrt(4 / 45)] * 5, rel=0.05)


def test_a_model_that_knows_another_function_is_far_off(known: Contents) -> None:
    assert (errors(known.records["sum", "knows-square"])[:, 0] > 1e5).all()


def test_the_board_says_so(known: Contents) -> None:
    from benchmark.board.aggregate import board_of

    cells = board_of(known.cards, known.records, known.timings).cells.set_index(["task", "model"])
    assert cells.loc[("square", "knows-square"), "verdict_text"] == "holds outside, exact"
    assert cells.loc[("square", "knows-square"), "horizon"] == 4
    assert cells.loc[("square", "says-mean"), "verdict_text"] == "does not learn"
    assert cells.loc[("square", "truth"), "extrapolation_rmse"] == 0
    assert cells.loc[("sum", "clamp"), "extrapolation_rmse"] == pytest.approx(1081.049, rel=1e-5)


def test_the_same_seed_gives_the_same_record(tmp_path: Path) -> None:
    options = {"tasks": ("tiny",), "models": ("line",), "seeds": 3}
    one, two = (run(tmp_path / name, "tiny", **options)[1] for name in ("one", "two"))
    assert dump(one.records["tiny", "line"]) == dump(two.records["tiny", "line"])
    assert dump(one.cards["tiny"]) == dump(two.cards["tiny"])


def test_a_seed_does_not_depend_on_the_others(tmp_path: Path) -> None:
    options = {"tasks": ("tiny",), "models": ("line",)}
    run(tmp_path / "one", "tiny", **options, seeds=1)
    grown = run(tmp_path / "one", "tiny", **options, seeds=4)[1]
    whole = run(tmp_path / "two", "tiny", **options, seeds=4)[1]
    assert grown.records["tiny", "line"].seeds == whole.records["tiny", "line"].seeds


def test_a_record_says_what_made_it(tmp_path: Path) -> None:
    record = run(tmp_path, "tiny", tasks=("tiny",), models=("line",))[1].records["tiny", "line"]
    assert record.seeds[0].settings == {"intercept": True}
    assert record.model_origin == "plugin tiny.py"
    assert "numpy" in record.environment.versions
    assert len(record.seeds[0].slice) == 161
    assert len(record.seeds[0].shell_rmse) == 7
    assert record.seeds[0].training_rmse == pytest.approx(np.sqrt(4 / 45), rel=0.3)  # of a line on x^2 in [-1, 1]


# How the models that break the contract end.
ENDS = {
    "raises-in-fit": ("failed", "RuntimeError: no such luck (misbehaving.py:"),
    "predicts-nan": ("diverged", "predict returned NaN or infinity for 1 of 50 ladder rows"),
    "predicts-column": ("failed", "shape (50, 1) for the ladder rows, expected (50,)"),
    "predicts-too-few": ("failed", "shape (49,)"),
    "predicts-text": ("failed", "expected real numbers"),
    "writes-into-x": ("failed", "read-only"),
    "writes-into-test-x": ("failed", "read-only"),
    "raises-in-build": ("failed", "ValueError: cannot be built (misbehaving.py:"),
    "does-not-apply": ("not-applicable", "needs more than one element"),
}


def test_misbehaviour_becomes_a_status_and_a_sentence_and_the_run_goes_on(tmp_path: Path) -> None:
    # No glob: it would find the networks of the board as well.
    models = (*ENDS, "good", "raises-at-seed-one", "has-no-value-on-the-line")
    summary, contents = run(tmp_path, "tiny", "misbehaving", tasks=("tiny",), models=models)
    said = {
        model: {(outcome.status, outcome.reason) for outcome in record.seeds}
        for (_, model), record in contents.records.items()
        if record.model_origin == "plugin misbehaving.py"
    }
    for model, (status, words) in ENDS.items():
        ((found, reason),) = said.pop(model)
        assert found == status, model
        assert words in reason
    assert said.pop("good") == said.pop("has-no-value-on-the-line") == {("ok", "")}
    assert not any(outcome.slice for outcome in contents.records["tiny", "has-no-value-on-the-line"].seeds)
    assert {status for status, _ in said.pop("raises-at-seed-one")} == {"ok", "failed"}
    assert said == {}
    assert len(summary.troubles) == 9
    assert not summary.all_well
    board = (tmp_path / "leaderboard.md").read_text(encoding="utf-8")
    assert "raises-in-fit: failed: RuntimeError: no such luck" in board
    assert "raises-at-seed-one: failed on 1 of 2 seeds (first: seed 1): RuntimeError: one is unlucky" in board
    assert "does-not-apply: not applicable: needs more than one element" in board


def test_only_the_first_seeds_keep_what_they_predict_along_the_slice(tmp_path: Path) -> None:
    n = PICTURED_SEEDS + 3
    _, contents = run(tmp_path, "tiny", tasks=("tiny",), models=("line",), seeds=n)
    (record,) = contents.records.values()
    assert [outcome.seed for outcome in record.seeds] == list(range(n))
    assert [outcome.seed for outcome in record.seeds if outcome.slice] == list(range(PICTURED_SEEDS))


def test_a_second_run_has_nothing_to_do(tmp_path: Path) -> None:
    first, _ = run(tmp_path, "tiny", tasks=("tiny",), models=("line", "oracle"))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    second, _ = run(tmp_path, "tiny", tasks=("tiny",), models=("line", "oracle"))
    assert (first.n_cells, second.n_cells) == (2, 0)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.json")} == before


def test_a_cell_of_other_code_is_named(tmp_path: Path) -> None:
    plugin = tmp_path / "mine.py"
    text = (PLUGINS / "tiny.py").read_text(encoding="utf-8")
    plugin.write_text(text, encoding="utf-8")
    options = {"plugins": (plugin,), "tasks": ("tiny",)}
    assert run(tmp_path / "r", **options, models=("line", "oracle"))[0].stale == []
    plugin.write_text(text.replace("** 2 + 1", "** 2 + 2"), encoding="utf-8")
    summary, _ = run(tmp_path / "r", **options, models=("line",))
    assert (summary.n_cells, summary.stale) == (1, ["tiny / oracle (the task scores otherwise)"])
    summary, _ = run(tmp_path / "r", tasks=("square",), models=("least-squares",), seeds=1)
    assert summary.stale == [f"tiny / {model} (its plugin was not given)" for model in ("line", "oracle")]


def test_the_timing_pass_keeps_every_sample_apart_from_the_records(tmp_path: Path) -> None:
    summary, contents = run(tmp_path, "tiny", tasks=("tiny",), models=("line",), timing=True)
    timing = next(timing for timing in contents.timings.values() if timing.model == "line")
    # The other one is the measure of its seconds.
    assert {model for _, model, _ in contents.timings} == {"line", "linear-net"}
    assert summary.n_timed == 2
    for seconds in (timing.fit_seconds, timing.predict_seconds):
        # How many rounds there are, the load of the machine decides; tests/test_timing.py has it by the clock.
        assert 2 <= len(seconds) <= 20
        assert min(seconds) > 0
    assert timing.shape
    assert timing.shape.n_predicted == 200
    assert timing.environment.alone is True
    assert contents.records["tiny", "line"].environment.alone is None
    assert "seconds" not in (tmp_path / "records" / "tiny" / "line.json").read_text(encoding="utf-8")
    again, _ = run(tmp_path, "tiny", tasks=("tiny",), models=("line",), timing=True)
    assert again.n_timed == 0


def test_the_readme_is_written_beside_the_results_and_the_checkout_is_no_results_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(
        "before\n<!-- leaderboard: begin (rendered by nox -s report) -->\n<!-- leaderboard: end -->\nafter\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(reporting, "README", readme)
    monkeypatch.setattr(reporting, "RESULTS", tmp_path / "results")
    (tmp_path / "results").mkdir()
    reporting.report(tmp_path / "results")
    text = readme.read_text(encoding="utf-8")
    assert "No results yet: run `nox -s bench`." in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.md", "results"]
    reporting.check_report(tmp_path / "results")
    # Elsewhere the README of the checkout is nobody's.
    readme.write_text("nothing of ours", encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    reporting.report(tmp_path / "elsewhere")
    assert readme.read_text(encoding="utf-8") == "nothing of ours"


def test_a_task_that_cannot_be_scored_is_trouble_and_not_the_end(tmp_path: Path) -> None:
    (tmp_path / "flat.py").write_text(
        "from tasks.base import Task\n"
        "from tasks.domains import Box\n"
        "TASKS = (Task(name='flat', title='', formula='1', source='', n_train=20, set_shape=(1, 1), n_test=20,\n"
        "    n_shell=20, function=lambda X: 0 * X[:, 0] + 1, domain=Box(n_features=1)),)\n",
        encoding="utf-8",
    )
    summary, contents = run(
        tmp_path / "results",
        "tiny",
        plugins=(tmp_path / "flat.py", PLUGINS / "tiny.py"),
        tasks=("flat", "tiny"),
        models=("line",),
    )
    assert [(t.name, t.status) for t in summary.troubles] == [("flat", "failed")]
    assert "constant on the training law" in summary.troubles[0].reason
    assert set(contents.cards) == {"tiny"}
    assert summary.without_card == ["flat"]


def test_kept_seeds_are_never_replaced_by_fewer(tmp_path: Path) -> None:
    plugin = tmp_path / "mine.py"
    text = (PLUGINS / "tiny.py").read_text(encoding="utf-8")
    plugin.write_text(text, encoding="utf-8")
    options = {"plugins": (plugin,), "tasks": ("tiny",), "models": ("line",)}
    _, before = run(tmp_path / "r", **options, seeds=5)
    plugin.write_text(text.replace('"intercept": True', '"intercept": "yes"'), encoding="utf-8")
    summary, after = run(tmp_path / "r", **options, seeds=1)
    assert summary.stale == []
    old, new = (contents.records["tiny", "line"].seeds for contents in (before, after))
    assert [(s.seed, s.extrapolation_rmse) for s in new] == [(s.seed, s.extrapolation_rmse) for s in old]
    assert {s.settings["intercept"] for s in new} == {"yes"}
    assert after.records["tiny", "line"].model_stamp != before.records["tiny", "line"].model_stamp
    _, fresh = run(tmp_path / "r", **options, seeds=2, fresh=True)
    assert len(fresh.records["tiny", "line"].seeds) == 5


def test_an_edit_of_a_helper_that_moves_numbers_makes_its_cells_stale(tmp_path: Path) -> None:
    plugin, helper = tmp_path / "mine.py", tmp_path / "pipeline_test_helper.py"
    text = (PLUGINS / "tiny.py").read_text(encoding="utf-8")
    text = text.replace("columns = ", "X = X * SLOPE + SLOPE**2\n        columns = ")
    plugin.write_text(f"from pipeline_test_helper import SLOPE\n{text}", encoding="utf-8")
    options = {"plugins": (plugin,), "tasks": ("tiny",), "models": ("line",)}
    helper.write_text("SLOPE = 1\n", encoding="utf-8")
    assert run(tmp_path / "r", **options)[0].n_cells == 1
    again = RunOptions(results=tmp_path / "r", seeds=2, timing=False, **options)  # type: ignore[arg-type]
    assert pipeline.dry_run(again, Quiet()).cells == []
    helper.write_text("SLOPE = 1  # as before\n", encoding="utf-8")
    assert pipeline.dry_run(again, Quiet()).cells == []
    helper.write_text("SLOPE = 500\n", encoding="utf-8")
    (cell,) = pipeline.dry_run(again, Quiet()).cells
    assert cell.reason == "the model learns otherwise"


def test_a_missing_library_is_told_before_anything_runs(tmp_path: Path) -> None:
    plugin = tmp_path / "needs.py"
    plugin.write_text(
        "from types import SimpleNamespace\n"
        "def build(problem, seed):\n    import nobodys\n    return nobodys.Model()\n"
        "MODELS = (SimpleNamespace(name='needs', build=build),)\n",
        encoding="utf-8",
    )
    plugins = (plugin, PLUGINS / "tiny.py")
    with pytest.raises(UsageError) as caught:
        run(tmp_path / "r", plugins=plugins, tasks=("tiny",), models=("needs", "line"))
    assert str(caught.value) == (
        "model 'needs' imports 'nobodys', which is not installed here; `nox -s bench -- --install nobodys` "
        "installs it, or leave the model out with --model"
    )
    assert not (tmp_path / "r").exists()
    # It is in nobody's way who does not ask for it.
    assert run(tmp_path / "r", plugins=plugins, tasks=("tiny",), models=("line",))[0].n_cells == 1


def test_a_plugin_that_is_gone_after_its_cells_began_costs_only_its_own(tmp_path: Path) -> None:
    plugin = tmp_path / "goes.py"
    plugin.write_text(
        "from pathlib import Path\nfrom types import SimpleNamespace\n"
        "class Goes:\n    def __init__(self, quick):\n        self.quick = quick\n"
        "    def fit(self, X, y):\n        self.quick or Path(__file__).unlink(missing_ok=True)\n"
        "    def predict(self, X):\n        return 0 * X[:, 0]\n"
        "MODELS = (SimpleNamespace(name='goes', build=lambda problem, seed: Goes(problem.quick)),)\n",
        encoding="utf-8",
    )
    plugins = (plugin, PLUGINS / "tiny.py")
    summary, contents = run(tmp_path / "r", plugins=plugins, tasks=("tiny",), models=("goes", "line"))
    assert not plugin.exists()
    assert {model: {s.status for s in record.seeds} for (_, model), record in contents.records.items()} == {
        "goes": {"ok"},
        "line": {"ok"},
    }
    assert summary.all_well


def test_cells_off_the_board_are_not_counted_as_on_it(tmp_path: Path) -> None:
    run(tmp_path / "r", tasks=("square", "sum-rounded"), models=("polynomial-2",), seeds=1)
    for path in (tmp_path / "r" / "records").rglob("*.json"):
        path.write_text(path.read_text(encoding="utf-8").replace('"quick": false', '"quick": true'), encoding="utf-8")
    summary, _ = run(tmp_path / "r", "tiny", tasks=("tiny",), models=("line",))
    assert summary.stale == ["square / polynomial-2 (made with --quick)"]


def test_nothing_but_failures_is_trouble_and_has_its_board(tmp_path: Path) -> None:
    summary, _ = run(tmp_path / "r", "tiny", "misbehaving", tasks=("tiny",), models=("raises-in-fit",))
    assert not summary.all_well
    assert summary.statuses == {"failed": 2}
    assert "raises-in-fit: failed: RuntimeError" in (tmp_path / "r" / "leaderboard.md").read_text(encoding="utf-8")


def test_for_a_plan_nothing_practises_but_what_something_kept_is_judged_by(tmp_path: Path) -> None:
    def practised(*models: str, **more: Any) -> set[str]:
        quiet = Quiet()
        plugins = (PLUGINS / "tiny.py",)
        options = RunOptions(results=tmp_path / "r", plugins=plugins, tasks=("tiny",), models=models, **more)
        pipeline.dry_run(options, quiet)
        return {name for name, _ in quiet.steps}

    assert practised("line") == set()
    run(tmp_path / "r", "tiny", tasks=("tiny",), models=("line",))
    (tmp_path / "r" / ".practice.json").unlink()
    assert practised("line", timing=False) == {"tiny", "line"}
    assert practised("line") == {"tiny", "line", "linear-net"}
    # The card is there, and is judged; of the other model nothing is.
    assert practised("oracle") == {"tiny"}
    assert practised("line", fresh=True) == set()
