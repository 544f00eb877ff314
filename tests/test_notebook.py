"""What a notebook gets: the figures of the command, a table that explains itself, errors in a sentence."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import benchmark
from benchmark import records, score
from benchmark.catalogue.registry import Catalogue
from benchmark.environment import CHECKOUT, RESULTS
from benchmark.errors import NothingSelectedError, UsageError
from benchmark.notebook.given import model_of, seeded
from benchmark.notebook.here import one_thread
from benchmark.store import archive
from benchmark.store.local import Store
from benchmark.store.record import OFF_BOARD
from models.base import FloatArray, NotApplicable, Problem, Regressor
from tests.nets import PAIR

PLUGIN = Path(__file__).parent / "plugins" / "small_trees.py"
# A task of few rows, and what is known of it at once.
TASK = "keijzer-6"
ERRORS = ["training_rmse", "interpolation_rmse", "extrapolation_rmse"]


class Zero:
    """A regressor that says 0."""

    def fit(self, X: FloatArray, y: FloatArray) -> Self:
        return self

    def predict(self, X: FloatArray) -> FloatArray:
        return np.zeros(len(X))


class Broken(Zero):
    def predict(self, X: FloatArray) -> FloatArray:
        raise ValueError("no idea")


def small(problem: Problem, seed: int) -> Regressor:
    trees: Regressor = ExtraTreesRegressor(n_estimators=5, random_state=seed)
    return trees


# The figures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("isolate", [False, True], ids=["here", "isolated"])
def test_figures_are_those_that_the_command_gives_for_the_same_estimator(isolate: bool, tmp_path: Path) -> None:
    words = ["run", "--task", TASK, "--model", "small-trees", "--plugin", str(PLUGIN), "--seeds", "2", "--no-timing"]
    command = [sys.executable, "-m", "benchmark", *words, "--results", str(tmp_path / "results")]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    kept = Store(tmp_path / "results").read().records[TASK, "small-trees"]
    ours = score(ExtraTreesRegressor(n_estimators=5), TASK, seeds=2, isolate=isolate)
    assert ours[ERRORS].to_numpy().tolist() == [[getattr(seed, name) for name in ERRORS] for seed in kept.seeds]


def test_a_registered_model_has_the_figures_that_are_published() -> None:
    ours = score("least-squares", "square", seeds=[0, 3])
    kept = {seed.seed: seed for seed in archive.read(RESULTS).records["square", "least-squares"].seeds}
    np.testing.assert_allclose(
        ours[ERRORS[1:]], [[getattr(kept[seed], name) for name in ERRORS[1:]] for seed in (0, 3)], rtol=1e-7
    )


@pytest.mark.parametrize(
    "given",
    [ExtraTreesRegressor(n_estimators=5, random_state=7), small],
    ids=["estimator", "function"],
)
def test_a_seed_decides_alone_what_an_estimator_draws(given: Any) -> None:
    both, one = score(given, TASK, seeds=[4, 9]), score(given, TASK, seeds=[9])
    assert both[ERRORS].iloc[1].tolist() == one[ERRORS].iloc[0].tolist()
    assert both[ERRORS].iloc[0].tolist() != both[ERRORS].iloc[1].tolist()


def test_every_random_state_inside_an_estimator_is_the_seed_and_what_was_given_stays_as_it_is() -> None:
    given = make_pipeline(StandardScaler(), RandomForestRegressor(random_state=5))
    fresh: Any = seeded(given, PAIR, 3)
    assert fresh[-1].random_state == 3
    assert given[-1].random_state == 5
    assert isinstance(seeded(Zero(), PAIR, 3), Zero)


def test_a_network_is_given_as_the_function_that_makes_its_module() -> None:
    from torch import nn

    def line(problem: Problem) -> nn.Module:
        return nn.Linear(problem.n_features, 1)

    ours = score(line, TASK, seeds=2, quick=True)
    assert ours["status"].tolist() == ["ok", "ok"]
    assert ours["model"].unique().tolist() == ["line"]


def test_tasks_are_names_globs_and_suites() -> None:
    assert score(Zero(), ["sinc", "sq*"], seeds=1)["task"].tolist() == ["sinc", "square"]
    assert score(Zero(), "core", seeds=1)["task"].nunique() == 7


def test_variants_are_scored_as_tasks_are() -> None:
    ours = score(LinearRegression(), "square", rows=[10, 1000], noise=0.1, seeds=2)
    assert ours["task"].unique().tolist() == ["square-10-rows-noise-0-1", "square-1000-rows-noise-0-1"]
    assert "square-10-rows-noise-0-1" in repr(ours)
    with pytest.raises(UsageError, match="rows must be whole numbers from 2 on"):
        score(LinearRegression(), "square", rows=-5)


# What it shows --------------------------------------------------------------------------------------------------


def test_the_table_has_medians_verdict_horizon_and_places() -> None:
    ours = score(LinearRegression(), ["square", "sum"], seeds=3)
    square, sum_ = ours.summary.to_dict("records")
    assert sum_["verdict"] == "holds outside so far 3/3"
    assert square["holds to"] == 0
    median = ours.loc[ours["task"] == "square", "interpolation_nrmse"].median()
    assert square["inside"] == pytest.approx(median)
    place, _, n = square["place inside"].partition(" of ")
    published = archive.read(RESULTS)
    better = [
        float(np.median([seed.interpolation_rmse or 0 for seed in record.seeds if seed.status == "ok"]))
        for (task, _), record in published.records.items()
        if task == "square"
        and not OFF_BOARD & {*record.model_tags}
        and any(seed.status == "ok" for seed in record.seeds)
    ]
    mine = ours.loc[ours["task"] == "square", "interpolation_rmse"].median()
    assert int(n) == len(better) + 1
    assert int(place) == sum(value < mine for value in better) + 1
    assert "linear-regression" in repr(ours)
    assert "Over all tasks it stands" in ours.caption
    assert "<table" in ours._repr_html_()
    # What pandas makes of it is a plain frame.
    assert type(ours[ours["seed"] == 0]) is pd.DataFrame


def test_a_small_budget_has_no_place() -> None:
    ours = score(LinearRegression(), "square", quick=True)
    assert len(ours) == 3
    assert ours.summary["place inside"].tolist() == [""]
    assert "small budget" in ours.caption


def test_the_picture_has_a_panel_a_task() -> None:
    ours = score(LinearRegression(), ["square", "sinc", "sum"], seeds=1)
    assert [axis.get_title(loc="left") for axis in ours.plot().axes][:3] == ["square", "sinc", "sum"]
    assert len(ours.plot("sinc").axes) == 1
    assert ours.plot("sinc")._repr_svg_().startswith("<?xml")
    with pytest.raises(UsageError, match="Did you mean 'sinc'"):
        ours.plot("sin")


def test_another_model_is_held_against_it_seed_by_seed() -> None:
    ours = score(LinearRegression(), ["square", "sum"], seeds=10)
    inside, *_ = ours.compare("polynomial-2").to_dict("records")
    assert (inside["task"], inside["region"], inside["verdict"]) == ("square", "inside", "worse")
    assert inside["ratio"] > 1e6
    assert ours.compare("least-squares")["verdict"].unique().tolist() == ["equal"]
    with pytest.raises(UsageError, match="Did you mean 'polynomial-2'"):
        ours.compare("polynomial2")


class Flaky(Zero):
    """Fails at the seeds of a list."""

    def __init__(self, failing: bool) -> None:
        self.failing = failing

    def predict(self, X: FloatArray) -> FloatArray:
        if self.failing:
            raise ValueError("no idea")
        return super().predict(X)


def test_a_failed_seed_counts_in_a_comparison_and_a_median_that_is_one_says_its_word() -> None:
    def flaky(problem: Problem, seed: int) -> Regressor:
        return Flaky(seed not in (3, 7))

    def rarely(problem: Problem, seed: int) -> Regressor:
        return Flaky(seed == 3)

    mostly = score(flaky, "square", seeds=10).compare("least-squares")
    assert mostly["flaky"].tolist() == ["failed", "failed"]
    assert mostly["ratio"].isna().all()
    assert mostly["verdict"].tolist() == ["worse", "worse"]
    # A failed seed is the worst of ten, and moves the median to what the board shows.
    some = score(rarely, "square", seeds=10)
    shown = some.compare("least-squares")["rarely"].tolist()
    sd = archive.read(RESULTS).cards["square"].target_sd
    assert [value / sd for value in shown] == some.summary[["inside", "outside"]].iloc[0].tolist()
    good = sorted(some["interpolation_rmse"].dropna())
    assert shown[0] == pytest.approx((good[4] + good[5]) / 2)


def test_what_failed_says_why() -> None:
    ours = score(Broken(), TASK, seeds=2)
    assert ours["status"].tolist() == ["failed", "failed"]
    assert "ValueError: no idea" in ours.caption
    assert ours["interpolation_rmse"].isna().all()
    assert ours.plot().axes


def test_what_does_not_apply_says_so() -> None:
    def never(problem: Problem, seed: int) -> Regressor:
        raise NotApplicable("not for me")

    ours = score(never, TASK, seeds=1)
    assert ours["status"].tolist() == ["not-applicable"]
    assert "did not end well" not in ours.caption


def test_an_interruption_ends_it() -> None:
    class Interrupted(Zero):
        def predict(self, X: FloatArray) -> FloatArray:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score(Interrupted(), TASK, seeds=1)


def test_threads_are_as_before_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    before = torch.get_num_threads()
    with one_thread():
        assert torch.get_num_threads() == 1
        assert os.environ["OMP_NUM_THREADS"] == os.environ["MKL_NUM_THREADS"] == "1"
    assert torch.get_num_threads() == before
    assert os.environ["OMP_NUM_THREADS"] == "3"
    assert "MKL_NUM_THREADS" not in os.environ


# What may be given ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (RandomForestRegressor(), "random-forest-regressor"),
        (make_pipeline(StandardScaler(), KNeighborsRegressor()), "k-neighbors-regressor"),
        (TransformedTargetRegressor(LinearRegression()), "linear-regression"),
        (GridSearchCV(LinearRegression(), {}), "linear-regression"),
        (small, "small"),
    ],
)
def test_a_model_is_called_by_its_class_or_function(given: Any, name: str, catalogue: Catalogue) -> None:
    assert model_of(given, None, catalogue).name == name


class NoFit:
    def predict(self, X: FloatArray) -> FloatArray:
        return X


class NoPredict:
    def fit(self, X: FloatArray, y: FloatArray) -> None:
        pass


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"model": NoPredict()}, "NoPredict has no predict; give an estimator"),
        ({"model": NoFit()}, "NoFit has no fit; give an estimator"),
        ({"model": RandomForestRegressor}, "is a class; give an instance: RandomForestRegressor"),
        ({"model": int}, "int is a class; give an estimator"),
        ({"model": 3}, "3 is no model; give an estimator"),
        ({"model": lambda: None}, r"can be called neither as \(problem, seed\) nor as \(problem\)"),
        ({"model": "relu-mpl"}, "unknown model 'relu-mpl'. Did you mean 'relu-mlp'"),
        ({"tasks": "sqare"}, "unknown task 'sqare'. Did you mean 'square'"),
        ({"tasks": ()}, r"tasks=\(\) names no task"),
        ({"tasks": [3]}, r"tasks=\[3\] names no task"),
        ({"seeds": 0}, "seeds=0 are no seeds"),
        ({"seeds": [-1]}, r"seeds=\[-1\] are no seeds"),
        ({"seeds": 1.5}, "seeds=1.5 are no seeds"),
        ({"seeds": True}, "seeds=True are no seeds"),
        ({"name": "My Model"}, "name='My Model' is not allowed"),
        ({"jobs": 0}, "jobs=0 is not allowed"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(words: dict[str, Any], message: str) -> None:
    given = {"model": Zero(), "tasks": TASK, **words}
    with pytest.raises(UsageError, match=message):
        score(**given)


def test_a_module_has_to_be_made_anew() -> None:
    from torch import nn

    with pytest.raises(UsageError, match="every seed needs a new one"):
        score(nn.Linear(1, 1), TASK)


def test_a_glob_without_a_task_is_refused() -> None:
    with pytest.raises(NothingSelectedError, match="selects no task"):
        score(Zero(), "zz*")


def test_what_cannot_travel_is_refused_for_isolation() -> None:
    class Held(Zero):
        def __reduce__(self) -> Any:
            raise TypeError("held")

    held = Held()

    def holding(problem: Problem, seed: int) -> Regressor:
        return held

    with pytest.raises(UsageError, match="cannot be taken to a process of its own"):
        score(holding, TASK, seeds=1, isolate=True)


# What is published ----------------------------------------------------------------------------------------------


def test_all_that_is_published_is_one_long_table() -> None:
    frame = records(tasks=["square"], models=["relu-mlp"])
    kept = archive.read(RESULTS)
    record, card = kept.records["square", "relu-mlp"], kept.cards["square"]
    assert len(frame) == len(record.seeds) * (len(card.ladder) + 1)
    third = frame[(frame["seed"] == 3) & (frame["region"] == "outside")]
    assert third["rmse"].tolist() == [record.seeds[3].extrapolation_rmse]
    assert third["nrmse"].tolist() == [(record.seeds[3].extrapolation_rmse or 0) / card.target_sd]
    shells = frame[(frame["seed"] == 3) & (frame["region"] == "shell")]
    assert shells["outer"].tolist() == [*card.ladder[1:]]
    assert shells["rmse"].tolist() == [*record.seeds[3].shell_rmse]


def test_every_published_cell_is_in_it() -> None:
    frame = records()
    kept = archive.read(RESULTS)
    cells = {(task, model) for task, model in kept.records if task in kept.cards}
    assert {*zip(frame["task"], frame["model"], strict=True)} == cells


def test_the_machine_is_imported_without_pandas() -> None:
    code = "import sys, benchmark, benchmark.cli; sys.exit('pandas' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=True)
    assert not hasattr(benchmark, "nothing")


# The example ----------------------------------------------------------------------------------------------------

EXAMPLE = CHECKOUT / "docs" / "score.ipynb"
_EXECUTED = """
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": sys.argv[2]}}).execute()
kinds = [kind for cell in notebook.cells for output in cell.get("outputs", ()) for kind in output.get("data", ())]
print(sorted({*kinds}))
"""


def test_the_example_runs_from_its_first_cell_to_its_last() -> None:
    command = [sys.executable, "-c", _EXECUTED, str(EXAMPLE), str(EXAMPLE.parent)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "['image/svg+xml', 'text/html', 'text/plain']"


def test_the_example_shows_no_error_and_no_path() -> None:
    shown = EXAMPLE.read_text(encoding="utf-8")
    assert '"output_type": "error"' not in shown
    assert "site-packages" not in shown
    assert "stderr" not in shown
