"""The committed board reaches the numbers that careful implementations reach, and follows from its records."""

import pandas as pd
import pytest

from benchmark import reporting
from benchmark.catalogue.registry import Catalogue
from benchmark.environment import RESULTS
from benchmark.run.observed import observe
from benchmark.run.options import RunOptions
from benchmark.store import archive
from benchmark.store.stamp import MODEL, TASK, same
from findings.claims import seeds_needed
from tests.conftest import ROOT
from tests.test_pipeline import Quiet

pytestmark = pytest.mark.results
BOARD = pd.read_csv(ROOT / "results" / "leaderboard.csv").set_index(["task", "model"])


def figure(task: str, model: str, column: str) -> float:
    return float(BOARD[column].to_dict()[task, model])


def inside(task: str, model: str) -> float:
    return figure(task, model, "interpolation_rmse")


def outside(task: str, model: str) -> float:
    return figure(task, model, "extrapolation_rmse")


def test_the_committed_files_follow_from_the_committed_records() -> None:
    reporting.check_report(RESULTS)


def test_every_cell_has_ten_seeds_or_as_many_as_its_findings_need() -> None:
    contents = archive.read(RESULTS)
    assert contents.bad == ()
    assert len(contents.records) >= 56
    expected = dict.fromkeys(contents.records, 10) | seeds_needed()
    assert {place: len(record.seeds) for place, record in contents.records.items()} == expected
    assert {seed.status for record in contents.records.values() for seed in record.seeds} == {"ok", "not-applicable"}


def test_the_committed_records_hold_for_the_committed_code(catalogue: Catalogue) -> None:
    records = archive.read(RESULTS).records
    # The findings' own models practise for minutes: those of the board stand for them here.
    names = {model for (_, model), record in records.items() if "core" in record.model_tags}
    entries = [*catalogue.tasks.values(), *(catalogue.models[name] for name in names)]
    observed = observe(entries, None, options=RunOptions(jobs=2), progress=Quiet()).observed
    for (task, model), record in records.items():
        assert record.environment.modified is False, (task, model)
        assert same(record.task_stamp, observed[catalogue.tasks[task]].stamp, TASK), task
        if model in names:
            assert same(record.model_stamp, observed[catalogue.models[model]].stamp, MODEL), model


def test_every_cell_that_ran_was_timed() -> None:
    ran = BOARD[(BOARD["kind"] == "model") & (BOARD["seeds"] > 0)]
    assert ran[["fit_seconds", "predict_seconds"]].notna().all().all()


def test_the_linear_net_is_the_best_line() -> None:
    assert inside("sum", "linear-net") < 0.5
    assert outside("sum", "linear-net") < 0.5
    assert 0.97 <= inside("square", "linear-net") / 74535.4 <= 1.04
    assert 0.97 <= outside("square", "linear-net") / 1157103.5 <= 1.03
    lines = {"sinc": 0.438531, "piecewise": 0.408461, "smooth": 0.46372, "pair-sum": 0.783770}
    for task, line in (lines | {"lambda-recovery": 0.084224}).items():
        assert inside(task, "linear-net") == pytest.approx(line, rel=0.03), task


def test_polynomials_reach_the_best_of_their_degree() -> None:
    assert inside("square", "polynomial-2") < 1e-3
    assert outside("square", "polynomial-2") < 1e-3
    for task, degree, best in (
        *(("piecewise", 2, 0.246327), ("piecewise", 5, 0.13892)),
        *(("smooth", 2, 0.193025), ("smooth", 5, 1.47814e-3)),
    ):
        assert inside(task, f"polynomial-{degree}") == pytest.approx(best, rel=0.03), (task, degree)
    assert BOARD["verdict"].to_dict()["lambda-recovery", "polynomial-5"] == "not applicable"


def test_trees_stand_still_outside() -> None:
    assert 1.00 <= outside("square", "gradient-boosting") / 1593058 <= 1.02
    for task, clamp in (("sinc", 0.35772), ("piecewise", 1.51902), ("smooth", 1.67873)):
        assert 0.95 <= outside(task, "gradient-boosting") / clamp <= 1.07, task


def test_a_relu_network_learns_inside_and_continues_straight() -> None:
    assert inside("square", "relu-mlp") < 400
    assert 4.4e5 <= outside("square", "relu-mlp") <= 1.2e6
    assert inside("smooth", "relu-mlp") < 0.01
    assert inside("sinc", "relu-mlp") < 0.004
    assert inside("piecewise", "relu-mlp") < 0.05


def test_sharing_what_is_shared_pays() -> None:
    plain = inside("pair-sum", "relu-mlp")
    assert inside("pair-sum", "deep-sets") <= 0.45 * plain
    assert inside("pair-sum", "shared-sum") <= 0.2 * plain
    assert inside("sinc", "deep-sets") < 0.012
    assert inside("piecewise", "deep-sets") < 0.03
    assert figure("lambda-recovery", "deep-sets", "lambda_error") < 0.002


@pytest.mark.parametrize("task", ["piecewise", "sinc"])
def test_nothing_is_better_than_its_own_kind_can_be(task: str) -> None:
    # Additive models cannot, and a continuous one cannot follow a jump: less than this would be a leak.
    floor = {"sinc": 0.39, "piecewise": 0.34}[task]
    assert inside(task, "shared-sum") > floor
