"""The committed board reaches the numbers that careful implementations reach, and follows from its records."""

from functools import cache
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd
import pytest

from benchmark import reporting
from benchmark.board.aggregate import board_of
from benchmark.board.solving import REGIONS, Region
from benchmark.catalogue.registry import Catalogue
from benchmark.catalogue.suites import core
from benchmark.environment import RESULTS, commit
from benchmark.run.choice import with_variants_named
from benchmark.run.needed import most, needed_by
from benchmark.run.observed import observe
from benchmark.run.options import RunOptions
from benchmark.run.plan import card_changed
from benchmark.store import archive
from benchmark.store.audit import drawn
from benchmark.store.record import OFF_BOARD, TaskCard
from benchmark.store.stamp import MODEL, TASK, same
from calibration.comparisons import COMPARISONS
from tasks.base import FloatArray
from tasks.suites import SUITES, seeds_of
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


def test_every_cell_has_as_many_seeds_as_its_suites_and_findings_need() -> None:
    contents = archive.read(RESULTS)
    assert contents.bad == ()
    assert len(contents.records) >= 56
    kept = contents.records | contents.detailed
    needed = most(needed_by().values())
    least = {cell_id: seeds_of(cell_id[0]) for cell_id in kept} | needed
    # More are kept where a suite once asked for more.
    assert {cell_id for cell_id, record in kept.items() if len(record.seeds) < least[cell_id]} == set()
    # A rate counts who diverges as none that succeeds, and a formula that was found may have no value somewhere, which
    # counts against it on a board; anywhere else a failed seed is no evidence.
    of_rates = {tuple(cell) for each in COMPARISONS if each.divergence for cell in each.cells}
    statuses: dict[str, set[str]] = {"rate": set(), "formula": set(), "other": set()}
    for cell_id, record in contents.records.items():
        is_formula = "symbolic" in record.model_tags and cell_id not in needed
        kind = "rate" if cell_id in of_rates else "formula" if is_formula else "other"
        statuses[kind] |= {seed.status for seed in record.seeds}
    assert statuses["other"] == {"ok", "not-applicable"}
    assert statuses["formula"] <= {"ok", "not-applicable", "diverged"}
    assert statuses["rate"] <= {"ok", "diverged"}


def test_the_committed_records_hold_for_the_committed_code(catalogue: Catalogue) -> None:
    contents = archive.read(RESULTS)
    records = contents.records
    # All models together practise for minutes: those of the core, and some of the others, drawn by the commit.
    tags = {model: set(record.model_tags) for (_, model), record in records.items()}
    names = {model for model, known in tags.items() if "core" in known}
    others = [("model", model) for model, known in tags.items() if not known & {"core", *OFF_BOARD}]
    names |= {model for _, model in drawn(others, 4, by=commit() or "")}
    tasks = {task for task, _ in records} | contents.cards.keys()
    catalogue = with_variants_named(catalogue, tasks)
    entries = [*(catalogue.tasks[name] for name in tasks), *(catalogue.models[name] for name in names)]
    observed = observe(entries, None, options=RunOptions(jobs=2), progress=Quiet()).observed
    for (task, model), record in records.items():
        assert record.environment.modified is False, (task, model)
        assert same(record.task_stamp, observed[catalogue.tasks[task]].stamp, TASK), task
        if model in names:
            assert same(record.model_stamp, observed[catalogue.models[model]].stamp, MODEL), model
    for task, card in contents.cards.items():
        assert card_changed(card, observed[catalogue.tasks[task]]) == "", task


def test_every_cell_of_the_core_models_that_ran_was_timed(catalogue: Catalogue) -> None:
    core_models = [name for name, entry in catalogue.models.items() if entry.in_core]
    ran = BOARD[(BOARD["kind"] == "model") & (BOARD["seeds"] > 0) & BOARD.index.isin(core_models, level="model")]
    assert len(ran) > 8 * 400
    assert ran[["fit_seconds", "predict_seconds"]].notna().all().all()


def against_its_rows(task: str, model: str, known: Literal["line", "clamp"], *, region: int) -> FloatArray:
    """Return a model's errors inside (0) or outside (1), a seed each, in units of that of what its rows know."""
    contents = archive.read(RESULTS)
    ratios = []
    # Of more seeds than the suite's no card knows the rows.
    for outcome in contents.records[task, model].seeds[: core().seeds]:
        sample = contents.cards[task].sample(outcome.seed)
        assert sample is not None, f"{task}: publish its card anew"
        error = (outcome.interpolation_rmse, outcome.extrapolation_rmse)[region]
        assert error is not None
        ratios.append(error / getattr(sample, known)[region])
    return np.array(ratios)


def test_the_linear_net_is_at_every_seed_the_best_line_of_its_rows() -> None:
    assert inside("sum", "linear-net") < 0.5
    assert outside("sum", "linear-net") < 0.5
    for task, off in (
        *(("square", 0.002), ("sinc", 0.03), ("piecewise", 0.03), ("smooth", 0.03)),
        *(("pair-sum", 0.03), ("lambda-recovery", 0.03)),
    ):
        for region in (0, 1):
            ratios = against_its_rows(task, "linear-net", "line", region=region)
            assert ratios == pytest.approx(np.ones(10), abs=off), (task, region)


def test_no_line_is_better_inside_than_the_best_one_of_the_law() -> None:
    # That of the law is a floor for every line, whatever its rows; that of the rows is none, a lucky line may pass it.
    lines = {"square": 74535.413, "sinc": 0.438531, "piecewise": 0.408461, "smooth": 0.46372, "pair-sum": 0.783770}
    contents = archive.read(RESULTS)
    for task, line in (lines | {"lambda-recovery": 0.084224}).items():
        for outcome in contents.records[task, "linear-net"].seeds:
            # The 5,000 rows that it is scored on leave an error of some percent.
            assert outcome.interpolation_rmse is not None
            assert outcome.interpolation_rmse > 0.95 * line, (task, outcome.seed)


def test_polynomials_reach_the_best_of_their_degree() -> None:
    assert inside("square", "polynomial-2") < 1e-3
    assert outside("square", "polynomial-2") < 1e-3
    for task, degree, best in (
        *(("piecewise", 2, 0.246327), ("piecewise", 5, 0.13892)),
        *(("smooth", 2, 0.193025), ("smooth", 5, 1.47814e-3)),
    ):
        assert inside(task, f"polynomial-{degree}") == pytest.approx(best, rel=0.03), (task, degree)
    assert BOARD["verdict"].to_dict()["lambda-recovery", "polynomial-5"] == "not applicable"


def test_trees_stand_still_outside_the_box_of_their_rows() -> None:
    for task, low, high in (
        *(("square", 0.9999, 1.005), ("sum", 1.0, 1.07)),
        *(("sinc", 0.98, 1.07), ("piecewise", 0.98, 1.07), ("smooth", 0.98, 1.07)),
    ):
        ratios = against_its_rows(task, "gradient-boosting", "clamp", region=1)
        assert low <= ratios.min(), (task, ratios)
        assert ratios.max() <= high, (task, ratios)


# What averages or sums constants of its rows.
TREES = ("random-forest", "extra-trees", "histogram-boosting", "lightgbm", "catboost", "nearest-neighbours")


@pytest.mark.parametrize("model", TREES)
@pytest.mark.parametrize("task", ["square", "sum"])
def test_no_tree_is_far_above_the_clamp_of_its_rows(task: str, model: str) -> None:
    ratios = against_its_rows(task, model, "clamp", region=1)
    # A leaf holds more rows than the last one, and a box of few rows is narrower at some seeds.
    assert np.median(ratios) <= 1.07, ratios
    assert ratios.min() >= 0.99, ratios
    assert ratios.max() <= 1.1, ratios


@pytest.mark.parametrize(
    "model",
    [
        *("least-squares", "polynomial-2", "polynomial-cv", "bayesian-polynomial", "sparse-dictionary"),
        *("additive-spline", "thin-plate", "gaussian-process", "model-tree", "line-then-boosting", "operon", "gplearn"),
        *("bilinear", "eql", "nau-nmu"),
    ],
)
def test_what_holds_a_line_is_exact_on_the_sum(model: str) -> None:
    sd = archive.read(RESULTS).cards["sum"].target_sd
    assert inside("sum", model) <= 0.03 * sd
    assert outside("sum", model) <= 0.03 * sd


@pytest.mark.parametrize("model", ["least-squares", "linear-net"])
def test_no_line_knows_more_than_the_best_one(model: str) -> None:
    ratios = against_its_rows("square", model, "line", region=0)
    assert ratios == pytest.approx(np.ones(10), abs=0.002)


@pytest.mark.parametrize(
    ("task", "model"),
    [
        *(
            ("square", m)
            for m in ("polynomial-2", "polynomial-cv", "sparse-dictionary", "log-linear", "operon", "gplearn")
        ),
        *(("sum", m) for m in ("least-squares", "polynomial-cv", "sparse-dictionary", "operon", "gplearn")),
        *(("sum", "eql"), ("sum", "nau-nmu"), ("square", "eql")),
        *(("lambda-recovery", m) for m in ("polynomial-2", "polynomial-cv")),
    ],
)
def test_who_can_write_the_function_down_recovers_it_at_every_seed(task: str, model: str) -> None:
    assert figure(task, model, "n_exact") == figure(task, model, "n_expressed") == 10


def test_nobody_recovers_what_is_no_formula_of_theirs() -> None:
    written = BOARD[BOARD["n_expressed"] > 0]
    polynomials = written[written.index.isin(["polynomial-2", "polynomial-cv", "least-squares"], level="model")]
    for task in ("sinc", "piecewise", "smooth", "pair-sum"):
        assert (polynomials.xs(task, level="task")["n_exact"] == 0).all(), task


def test_a_relu_network_learns_inside_and_continues_straight() -> None:
    assert inside("square", "relu-mlp") < 400
    assert 4.4e5 <= outside("square", "relu-mlp") <= 1.2e6
    assert inside("smooth", "relu-mlp") < 0.01
    assert inside("sinc", "relu-mlp") < 0.004
    assert inside("piecewise", "relu-mlp") < 0.05


# What is known of networks whose activation is smooth or a wave, in units of sd(y): see docs/models.md.
LEARNED = {"gelu-resnet": 0.05, "sine-mlp": 0.05, "snake": 0.05, "rational": 0.05, "kan": 0.05, "radial-kan": 0.05}


@pytest.mark.parametrize("model", LEARNED)
@pytest.mark.parametrize("task", ["sum", "square", "sinc", "smooth"])
def test_a_network_of_any_activation_learns_what_it_sees_and_does_not_hold_outside(task: str, model: str) -> None:
    sd = archive.read(RESULTS).cards[task].target_sd
    assert inside(task, model) <= LEARNED[model] * sd
    assert outside(task, model) > 0.2 * sd


def test_the_librarys_network_learns_no_sum_of_large_numbers_unless_its_target_is_scaled() -> None:
    sd = archive.read(RESULTS).cards["square"].target_sd
    assert inside("square", "sklearn-mlp") > sd
    assert inside("square", "sklearn-mlp-scaled") < 0.1 * sd


def test_an_ensemble_is_never_much_worse_than_one_of_its_networks() -> None:
    for task in core().tasks:
        assert inside(task, "tanh-ensemble") <= 1.2 * inside(task, "tanh-mlp"), task


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


@cache
def overall(left_out: str = "") -> pd.DataFrame:
    """Return where the contenders stand on the published records, without one of the suite's tasks."""
    contents, suite = archive.read(RESULTS), core()
    less = suite.model_copy(update={"tasks": tuple(task for task in suite.tasks if task != left_out)})
    return board_of(contents.cards, contents.records, {}, suite=less).overall


@pytest.mark.parametrize("left_out", core().tasks)
@pytest.mark.parametrize("region", REGIONS)
def test_leaving_any_task_out_moves_no_model_by_more_than_its_places_say(left_out: str, region: Region) -> None:
    whole, part = overall(), overall(left_out)
    held = dict(zip(whole["model"], whole[f"{region}_rank"], strict=True))
    standing = part[part[f"{region}_rank"] != ""].sort_values(f"{region}_order")["model"].tolist()
    assert len(standing) >= 8
    for place, model in enumerate(standing, 1):
        first, last = (held[model].split("-") * 2)[:2]
        assert int(first) <= place <= int(last), (model, held[model])


# Of these each has four tasks in `standard`, if it has ten in all suites together.
FORMS = ("polynomial", "rational", "periodic", "exponential", "logarithmic", "root", "special", "piecewise", "sets")
# In units of sd(y): references that differ by less are alike.
ALIKE = 0.02


def of_kinds(card: TaskCard) -> set[str]:
    return {*card.kinds, *card.tags}


def test_the_standard_suite_has_tasks_of_every_kind_and_no_two_alike() -> None:
    cards = archive.cards(RESULTS)
    standard = [cards[task] for task in SUITES["standard"].tasks]
    assert 48 <= len(standard) <= 50
    for form in FORMS:
        if sum(form in of_kinds(card) for card in cards.values()) >= 10:
            assert sum(form in of_kinds(card) for card in standard) >= 4, form
    sizes = [card.shape.n_features for card in standard if card.shape]
    assert (len(sizes), min(sizes)) == (len(standard), 1)
    assert max(sizes) <= 20
    assert sum("noisy" in card.classes for card in standard) >= 3
    assert sum("few-rows" in card.classes for card in standard) >= 3

    def left(card: TaskCard, name: Literal["line", "quadratic"]) -> float:
        reference = card.reference(name)
        assert reference is not None
        return reference.interpolation_rmse / card.target_sd

    for one, other in combinations(standard, 2):
        if of_kinds(one) == of_kinds(other):
            apart = [abs(left(one, name) - left(other, name)) for name in ("line", "quadratic")]
            assert max(apart) >= ALIKE, (one.task, other.task)


def test_every_published_task_is_of_a_suite_and_all_of_standard_are_published() -> None:
    assert {*SUITES["core"].tasks, *SUITES["standard"].tasks} <= {*archive.cards(RESULTS)} <= {*SUITES["all"].tasks}
