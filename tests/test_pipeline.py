"""The whole story on real cells: known answers score what they must, misbehaviour becomes a sentence."""

from pathlib import Path

import numpy as np
import pytest

from benchmark import pipeline
from benchmark.options import RunOptions
from benchmark.pipeline import Summary
from benchmark.record import Record, dump
from benchmark.store import Contents, Store

PLUGINS = Path(__file__).parent / "plugins"


class Quiet:
    """A progress that remembers."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, str]] = []

    def begin(self, what: str, total: int) -> None:
        pass

    def step(self, name: str, words: str) -> None:
        self.steps.append((name, words))

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
def known(tmp_path_factory: pytest.TempPathFactory) -> Contents:
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
    from benchmark.report.aggregate import board_of

    cells = board_of(known.cards, known.records, known.timings).cells.set_index(["task", "model"])
    assert cells.loc[("square", "knows-square"), "verdict_text"] == "holds outside"
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


def test_misbehaviour_becomes_a_status_and_a_sentence_and_the_run_goes_on(tmp_path: Path) -> None:
    summary, contents = run(tmp_path, "tiny", "misbehaving", tasks=("tiny",), models=("*-*", "good"), tags=())
    said = {
        model: {(outcome.status, outcome.reason) for outcome in record.seeds}
        for (_, model), record in contents.records.items()
        if record.model_origin == "plugin misbehaving.py"
    }
    expected = {
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
    for model, (status, words) in expected.items():
        ((found, reason),) = said.pop(model)
        assert found == status, model
        assert words in reason
    assert said.pop("good") == {("ok", "")}
    assert {status for status, _ in said.pop("raises-at-seed-one")} == {"ok", "failed"}
    assert said == {}
    assert len(summary.troubles) == 9
    assert not summary.all_well
    board = (tmp_path / "leaderboard.md").read_text(encoding="utf-8")
    assert "raises-in-fit: failed: RuntimeError: no such luck" in board
    assert "raises-at-seed-one: failed on 1 of 2 seeds (first: seed 1): RuntimeError: one is unlucky" in board
    assert "does-not-apply: not applicable: needs more than one element" in board


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
    plugin.write_text(f"{text}\n# edited\n", encoding="utf-8")
    summary, _ = run(tmp_path / "r", **options, models=("line",))
    assert (summary.n_cells, summary.stale) == (1, ["tiny / oracle (model file changed, task file changed)"])
    summary, _ = run(tmp_path / "r", tasks=("sum",), models=("polynomial-2",), seeds=1)
    assert summary.stale == [f"tiny / {model} (its plugin was not given)" for model in ("line", "oracle")]


def test_the_timing_pass_keeps_every_sample_apart_from_the_records(tmp_path: Path) -> None:
    summary, contents = run(tmp_path, "tiny", tasks=("tiny",), models=("line",), timing=True)
    timing = contents.timings["tiny", "line"]
    assert summary.n_timed == 1
    assert len(timing.fit_seconds) == len(timing.predict_seconds) == 20
    assert all(0 < seconds < 1 for seconds in (*timing.fit_seconds, *timing.predict_seconds))
    assert timing.n_predicted == 200
    assert timing.environment.alone is True
    assert contents.records["tiny", "line"].environment.alone is None
    assert "seconds" not in (tmp_path / "records" / "tiny" / "line.json").read_text(encoding="utf-8")
    again, _ = run(tmp_path, "tiny", tasks=("tiny",), models=("line",), timing=True)
    assert again.n_timed == 0


def test_a_task_that_cannot_be_scored_is_trouble_and_not_the_end(tmp_path: Path) -> None:
    (tmp_path / "flat.py").write_text(
        "from tasks.base import Box, Task\n"
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
