"""A change is told from noise, and what cannot be compared is named."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmark import cli
from benchmark.board.compare import Comparison, Kept, comparison, of_model
from benchmark.errors import UsageError
from benchmark.show.changes import render_comparison
from benchmark.store.local import Store
from benchmark.store.record import Record, TaskCard
from benchmark.store.revision import results_of
from tests.conftest import CommandLine
from tests.synthetic import a_card, a_failure, a_record, a_seed, keyed

CARDS = {"square": a_card()}


def cell(factor: float = 1.0, *, model: str = "net", n: int = 10, task_version: int = 1) -> Record:
    """Seeds whose errors lie between 1 and 2 times the factor, outside ten times as far."""
    seeds = [a_seed(seed, (1 + seed / n) * factor, 10 * (1 + seed / n) * factor) for seed in range(n)]
    return a_record("square", model, seeds).model_copy(update={"task_version": task_version})


def compared(before: Record, after: Record) -> Comparison:
    return comparison(Kept(CARDS, keyed([before])), Kept(CARDS, keyed([after])))


def test_twice_the_error_is_worse_and_half_of_it_better() -> None:
    assert [(c.region, c.worse) for c in compared(cell(), cell(3.0)).changes] == [("inside", True), ("outside", True)]
    assert [c.worse for c in compared(cell(3.0), cell()).changes] == [False, False]


def test_the_same_seeds_are_no_change() -> None:
    found = compared(cell(), cell())
    assert (found.changes, found.n_compared, found.n_different) == ((), 1, 0)
    assert "No region of a cell differs in any seed." in render_comparison(found, "a", "b")


def changed(record: Record, factors: Sequence[float]) -> Record:
    """Return the record with the errors of its first seeds, inside and outside, times these."""
    seeds = [
        seed.model_copy(
            update={
                "interpolation_rmse": seed.interpolation_rmse * factor,
                "extrapolation_rmse": seed.extrapolation_rmse * factor,
            }
        )
        for seed, factor in zip(record.seeds, [*factors, *[1.0] * len(record.seeds)], strict=False)
        if seed.interpolation_rmse is not None and seed.extrapolation_rmse is not None
    ]
    return record.model_copy(update={"seeds": tuple(seeds)})


def test_a_change_of_every_pair_shows_that_is_far_within_the_spread_of_the_seeds() -> None:
    assert [change.worse for change in compared(cell(), cell(1.05)).changes] == [True, True]
    assert [change.worse for change in compared(cell(1.05), cell()).changes] == [False, False]


def test_changes_of_the_pairs_that_go_either_way_are_noise() -> None:
    found = compared(cell(), changed(cell(), [2, 0.5] * 5))
    assert (found.changes, found.n_different) == ((), 2)


def test_the_order_in_which_seeds_are_kept_does_not_matter() -> None:
    after = cell(1.05)
    turned = after.model_copy(update={"seeds": after.seeds[::-1]})
    assert compared(cell(), turned).changes == compared(cell(), after).changes


def test_a_seed_that_only_one_side_has_is_left_out() -> None:
    # The last ten of the twenty are far worse.
    more = changed(cell(n=20), [1.0] * 10 + [100.0] * 10)
    first_ten = more.model_copy(update={"seeds": more.seeds[:10]})
    assert compared(first_ten, more) == compared(more, first_ten) == Comparison(n_compared=1)
    others = more.model_copy(update={"seeds": more.seeds[10:]})
    assert compared(first_ten, others).apart == {("square", "net"): "no seed is on both sides"}


def test_another_processor_changes_nothing_even_where_all_seeds_are_alike() -> None:
    alike = a_record("square", "net", [a_seed(seed, 1.0, 10.0) for seed in range(10)])
    assert compared(alike, changed(alike, [1 + 9e-5] * 10)).n_different == 0
    assert len(compared(alike, changed(alike, [1 + 1.2e-4] * 10)).worse) == 2


def test_a_failed_seed_is_worse_than_any_number_and_as_bad_as_another() -> None:
    failed = a_record("square", "net", [a_failure(seed) for seed in range(10)])
    timeouts = a_record("square", "net", [a_failure(seed, "timeout") for seed in range(10)])
    assert compared(failed, timeouts).n_different == 0
    assert len(compared(cell(1e200), failed).worse) == 2
    assert len(compared(failed, cell(1e200)).better) == 2


def test_rounding_errors_are_all_as_good() -> None:
    assert compared(cell(1e-12), cell(1e-9)).changes == ()


def test_seeds_that_now_fail_are_worse() -> None:
    failed = a_record("square", "net", [a_failure(seed) for seed in range(10)])
    found = compared(cell(), failed)
    assert [change.after for change in found.worse] == [np.inf, np.inf]
    assert re.search(r"\| +1\.45 \| +failed \| +\| ", render_comparison(found, "a", "b"))


def test_seeds_to_which_a_model_no_longer_applies_have_no_median() -> None:
    gone = a_record("square", "net", [a_failure(seed, "not-applicable") for seed in range(10)])
    found = compared(cell(0.1), gone)
    assert [change.after for change in found.worse] == [None, None]
    # It is as good as the constant, and better than what is worse than that.
    assert len(compared(cell(1e3), gone).better) == 2
    assert "none" in render_comparison(found, "a", "b")


def test_a_seed_that_fails_counts_in_the_median() -> None:
    after = cell(30.0)
    failing = [a_failure(seed.seed) if seed.seed < 4 else seed for seed in after.seeds]
    [inside, _] = compared(cell(), after.model_copy(update={"seeds": tuple(failing)})).worse
    # 42, 45, 48, 51, 54, 57 and four that are worse: the middle two are 54 and 57.
    assert inside.after == pytest.approx(55.5)


@pytest.mark.parametrize(("n", "seeds"), [(1, "1 seed"), (4, "4 seeds")])
def test_two_few_seeds_are_named_and_not_judged(n: int, seeds: str) -> None:
    found = compared(cell(n=n), cell(900.0, n=n))
    assert (found.changes, found.n_compared, found.n_different) == ((), 0, 0)
    assert found.apart["square", "net"] == f"with {seeds} in common any change may be noise; it takes at least 5"
    # One that differs in nothing has not changed, however few they are.
    assert compared(cell(n=n), cell(n=n)).apart == {}


def test_five_seeds_are_enough_for_one_region() -> None:
    after = changed(cell(n=5), [900.0] * 5)
    inside_only = [
        new.model_copy(update={"extrapolation_rmse": old.extrapolation_rmse})
        for new, old in zip(after.seeds, cell(n=5).seeds, strict=True)
    ]
    found = compared(cell(n=5), after.model_copy(update={"seeds": tuple(inside_only)}))
    assert [change.region for change in found.worse] == ["inside"]


def test_the_more_differs_the_more_seeds_a_single_change_needs() -> None:
    # 4 / C(16, 8) = 3.1e-4 and 4 / C(14, 7) = 1.2e-3 against 0.05 / 112 = 4.5e-4.
    names = [f"net-{i}" for i in range(56)]
    for n, seen in ((7, 0), (8, 1)):
        before = {name: cell(model=name, n=n) for name in names}
        # Of the others each region differs in one seed.
        after = {name: changed(record, [1.01]) for name, record in before.items()}
        # Were inside and outside to change together, their share of the false alarms would be doubled.
        worse = [seed.model_copy(update={"interpolation_rmse": 9.0 + seed.seed}) for seed in after["net-0"].seeds]
        after["net-0"] = before["net-0"].model_copy(update={"seeds": tuple(worse)})
        found = comparison(Kept(CARDS, keyed([*before.values()])), Kept(CARDS, keyed([*after.values()])))
        assert (found.n_different, found.least_seeds) == (112, 8)
        assert len(found.changes) == seen
    assert "112 regions of the cells compared differ in some seed: among so many a single change shows from 8" in (
        render_comparison(found, "a", "b")
    )


def test_cells_that_are_as_they_were_hide_no_change() -> None:
    before = {name: cell(model=name, n=6) for name in (f"net-{i}" for i in range(200))}
    after = before | {"net-7": changed(before["net-7"], [99.0] * 6)}
    found = comparison(Kept(CARDS, keyed([*before.values()])), Kept(CARDS, keyed([*after.values()])))
    assert [change.cell_id[1] for change in found.worse] == ["net-7", "net-7"]


def test_another_version_of_the_task_is_not_compared() -> None:
    found = compared(cell(), cell(9.0, task_version=2))
    assert found.apart == {("square", "net"): "the task changed from version 1 to 2"}


def test_missing_and_new_cells_are_named() -> None:
    found = comparison(Kept(CARDS, keyed([cell(model="old")])), Kept(CARDS, keyed([cell(model="young")])))
    text = render_comparison(found, "a", "b")
    assert "## Missing\n\n- square / old" in text
    assert "## New\n\n- square / young" in text


def test_many_cells_of_pure_noise_raise_no_alarm() -> None:
    rng = np.random.default_rng(5)

    def noisy(model: str) -> Record:
        errors = np.exp(rng.normal(size=(10, 2)))
        seeds = [a_seed(i, *pair) for i, pair in enumerate(errors.tolist())]
        return a_record("square", model, seeds)

    names = [f"net-{i}" for i in range(60)]
    found = comparison(Kept(CARDS, keyed([noisy(n) for n in names])), Kept(CARDS, keyed([noisy(n) for n in names])))
    assert len(found.changes) <= 1


def kept(folder: Path, card: TaskCard, *records: Record) -> Path:
    store = Store(folder)
    store.prepare()
    store.save_card(card)
    for record in records:
        store.save_record(record)
    return folder


def test_compare_says_what_got_worse_and_exits_with_1(command_line: CommandLine, tmp_path: Path) -> None:
    before, after = kept(tmp_path / "a", a_card(), cell()), kept(tmp_path / "b", a_card(), cell(3.0))
    worse = command_line("compare", before, after)
    assert worse.returncode == 1
    assert "1 cell compared: 1 worse, 0 better" in worse.stdout
    assert "square / net" in worse.stdout
    assert command_line("compare", after, before).returncode == 0


def test_compare_refuses_what_is_no_folder_and_no_revision(
    command_line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = command_line("compare", "no-such-thing", tmp_path)
    assert wrong.returncode == 2
    assert "'no-such-thing' is neither a results folder nor a git revision" in wrong.stderr
    monkeypatch.setenv("PATH", str(tmp_path))
    without_git = command_line("compare", "HEAD~1", tmp_path)
    assert without_git.returncode == 2
    assert "'HEAD~1' is no results folder, and git, which would know a revision of that name, cannot be" in (
        without_git.stderr
    )


def test_without_another_it_compares_with_the_results_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = kept(tmp_path / "a", a_card(), cell(3.0)), kept(tmp_path / "results", a_card(), cell())
    monkeypatch.setattr(cli, "RESULTS", after)
    for folder in (tmp_path, tmp_path / "a"):
        monkeypatch.chdir(folder)
        cli.compare(str(before))
        assert "square / net" in capsys.readouterr().out


def test_compare_refuses_an_empty_folder(command_line: CommandLine, tmp_path: Path) -> None:
    empty = command_line("compare", tmp_path, tmp_path)
    assert empty.returncode == 1
    assert "it holds no records" in empty.stderr


def test_a_revision_holds_the_results_that_were_committed(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.invalid"]
        subprocess.run(["git", "-C", str(tmp_path), *who, *words], check=True, capture_output=True)

    git("init")
    results = kept(tmp_path / "results", a_card(), cell())
    git("add", "results")
    git("commit", "-m", "Keep results")
    kept(results, a_card(), cell(model="later"))
    with results_of("HEAD", results, tmp_path) as folder:
        assert [model for _, model in Store(folder).read().records] == ["net"]
    with results_of(str(results), results, tmp_path) as folder:
        assert folder == results
    with pytest.raises(UsageError, match="'--output=x' is neither"), results_of("--output=x", results, tmp_path):
        pass


TWO = (cell(), cell(1.1, model="other"))


def test_two_models_are_compared_seed_by_seed(command_line: CommandLine, tmp_path: Path) -> None:
    ran = command_line("compare", kept(tmp_path, a_card(), *TWO), "--models", "net", "other")
    assert ran.returncode == 0
    assert ran.stdout.startswith("# `other` against `net`\n\n1 task compared: 1 worse, 0 better, 0 equal;")
    assert re.search(r"^\| square +\| +inside \| +1.45 \| +1.595 \| +1.1x ", ran.stdout, flags=re.MULTILINE)
    assert "1 task compared: 0 worse, 1 better" in command_line("compare", tmp_path, "--models", "other", "net").stdout


def test_tasks_that_one_of_two_models_met_are_named() -> None:
    both = Kept(CARDS, keyed([cell(), a_record("sum", "other", []), cell(model="other")]))
    found = comparison(of_model(both, "net"), of_model(both, "other"))
    assert (found.n_compared, found.new, found.missing) == (1, (("sum", ""),), ())
    assert "\n## Only other\n\n- sum\n" in render_comparison(found, "net", "other", models=True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--models", "net", "ohter"], "unknown model with a record 'ohter'. Did you mean 'other'? Known: net, other."),
        (["B", "--models", "net", "other"], "--models compares two models of one results folder, not of"),
        ([], "name a results folder or a git revision to compare with, such as HEAD~1, or --models M N"),
    ],
)
def test_what_cannot_be_compared_of_two_models_is_said(
    command_line: CommandLine, tmp_path: Path, words: list[str], said: str
) -> None:
    folder = kept(tmp_path, a_card(), *TWO)
    ran = command_line("compare", *([folder, *words] if words else []))
    assert ran.returncode == 2
    assert said in ran.stderr
