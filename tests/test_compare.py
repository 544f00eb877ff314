"""A change is told from noise, and what cannot be compared is named."""

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from benchmark import cli
from benchmark.board.compare import Comparison, Kept, comparison, least_seeds, mann_whitney
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


def test_mann_whitney_of_two_apart_samples_is_a_count_of_orders() -> None:
    # 20 ways to choose 3 of 6 places; the two most extreme of them are as extreme as this one.
    assert mann_whitney(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])) == pytest.approx(2 / 20)
    assert mann_whitney(np.arange(10.0), np.arange(10.0) + 100) == pytest.approx(2 / 184756)


def test_mann_whitney_with_ties_by_hand() -> None:
    # Ranks 1.5 1.5 | 3.5 3.5: of the 6 ways to choose two of them the sums are 3, 5, 5, 5, 5, 7.
    assert mann_whitney(np.array([0.0, 0.0]), np.array([1.0, 1.0])) == pytest.approx(2 / 6)
    assert mann_whitney(np.zeros(5), np.zeros(7)) == 1.0


def test_mann_whitney_is_the_same_either_way_round() -> None:
    rng = np.random.default_rng(3)
    left, right = rng.normal(size=8), rng.normal(size=11).round(1)
    assert mann_whitney(left, right) == pytest.approx(mann_whitney(right, left))


def test_mann_whitney_of_many_is_close_to_the_exact_one() -> None:
    rng = np.random.default_rng(4)
    left, right = rng.normal(size=25), rng.normal(0.6, size=25)
    exact = mann_whitney(left, right)
    both = mann_whitney(np.append(left, 0.3), right)
    assert 0 < exact < 0.2
    assert both == pytest.approx(exact, rel=0.3)
    assert mann_whitney(np.zeros(60), np.zeros(60)) == 1.0


def test_mann_whitney_refuses_nothing() -> None:
    with pytest.raises(ValueError, match="got 0 and 1"):
        mann_whitney(np.array([]), np.array([1.0]))


def test_twice_the_error_is_worse_and_half_of_it_better() -> None:
    assert [(c.region, c.worse) for c in compared(cell(), cell(3.0)).changes] == [("inside", True), ("outside", True)]
    assert [c.worse for c in compared(cell(3.0), cell()).changes] == [False, False]


def test_the_same_seeds_are_no_change() -> None:
    found = compared(cell(), cell())
    assert (found.changes, found.n_compared) == ((), 1)


def test_a_change_within_the_spread_of_the_seeds_is_noise() -> None:
    assert compared(cell(), cell(1.05)).changes == ()


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
    assert "none" in render_comparison(found, "a", "b")


def test_a_seed_that_fails_counts_in_the_median() -> None:
    after = cell(30.0)
    failing = [a_failure(seed.seed) if seed.seed < 4 else seed for seed in after.seeds]
    [inside, _] = compared(cell(), after.model_copy(update={"seeds": tuple(failing)})).worse
    # 42, 45, 48, 51, 54, 57 and four that are worse: the middle two are 54 and 57.
    assert inside.after == pytest.approx(55.5)


def test_two_few_seeds_are_named_and_not_judged() -> None:
    found = compared(cell(n=3), cell(9.0, n=3))
    assert found.changes == ()
    assert found.apart["square", "net"] == (
        "3 and 3 seeds are too few to tell any change from noise; a change of one region of one cell among 1 shows "
        "from 5 seeds a side on"
    )
    assert compared(cell(n=3), cell(n=3)).apart == {}


def test_the_more_is_compared_the_more_seeds_a_single_change_needs() -> None:
    # 2 / C(10, 5) = 0.008 and 2 / C(8, 4) = 0.029 against 0.05 / 2; 2 / C(16, 8) = 1.6e-4 against 0.05 / 112 = 4.5e-4.
    assert [least_seeds(n) for n in (1, 2, 112)] == [4, 5, 8]
    names = [f"net-{i}" for i in range(56)]
    for n, seen in ((7, 0), (8, 1)):
        before = {name: cell(model=name, n=n) for name in names}
        # Were inside and outside to change together, their share of the false alarms would be doubled.
        worse = [seed.model_copy(update={"interpolation_rmse": 9.0 + seed.seed}) for seed in before["net-0"].seeds]
        after = before | {"net-0": before["net-0"].model_copy(update={"seeds": tuple(worse)})}
        found = comparison(Kept(CARDS, keyed([*before.values()])), Kept(CARDS, keyed([*after.values()])))
        assert found.least_seeds == 8
        assert len(found.changes) == seen
    assert "Among 56 cells a change of one region of one cell shows from 8 seeds a side on" in render_comparison(
        found, "a", "b"
    )


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
    assert "1 cells compared: 1 worse, 0 better" in worse.stdout
    assert "square / net" in worse.stdout
    assert command_line("compare", after, before).returncode == 0


def test_compare_refuses_what_is_no_folder_and_no_revision(process: CommandLine, tmp_path: Path) -> None:
    wrong = process("compare", "no-such-thing", tmp_path)
    assert wrong.returncode == 2
    assert "'no-such-thing' is neither a results folder nor a git revision" in wrong.stderr
    without_git = process("compare", "HEAD~1", tmp_path, PATH=str(tmp_path))
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
