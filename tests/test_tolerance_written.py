"""Where a board of another tolerance is written, and that what is published stays as it is."""

import shutil
from pathlib import Path

import pytest

from benchmark import cli
from benchmark.board.tolerance import PUBLISHED
from benchmark.environment import RESULTS
from benchmark.errors import UsageError
from benchmark.render import render
from benchmark.reporting import folder_of
from benchmark.store.local import Store
from tests.synthetic import a_card, a_record
from tests.test_tolerance import SEVEN, TEN


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = Store(tmp_path_factory.mktemp("made") / "r")
    store.prepare()
    store.save_card(a_card())
    store.save_record(a_record("square", "net", SEVEN))
    render(store, store.read())
    return store.root


@pytest.fixture
def results(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "r")
    return tmp_path / "r"


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_board_of_another_tolerance_is_rendered_into_a_folder_of_its_own(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(results)
    cli.report(results, tolerance=0.1)
    assert files(results) == before
    apart = results.with_name("r-tolerance-0.1")
    assert "solved to 10 %" in (apart / "leaderboard.md").read_text(encoding="utf-8")
    # What belongs to the board, and no records.
    rendered = {name for name in before if not name.startswith(("records/", "tasks/", "README"))}
    assert files(apart).keys() == rendered
    said = capsys.readouterr()
    assert "Solved means 10 % here" in said.out
    assert "r-tolerance-0.1 holds the board at 10 %" in said.err
    # Once more there is nothing to do, and the folder is known.
    cli.report(results, tolerance=0.1)
    cli.report(results, check=True)


def test_no_folder_of_another_tolerance_lies_in_what_is_published() -> None:
    for results in (RESULTS, RESULTS / "local"):
        assert folder_of(results, PUBLISHED) == results
    found = [folder_of(results, TEN) for results in (RESULTS, RESULTS / "local", RESULTS.with_name("results-quick"))]
    assert [folder.name for folder in found] == [
        *("results-tolerance-0.1", "results-local-tolerance-0.1", "results-quick-tolerance-0.1")
    ]
    assert {folder.parent for folder in found} == {RESULTS.parent}


def test_a_folder_that_holds_something_else_is_left(results: Path) -> None:
    apart = results.with_name("r-tolerance-0.1")
    apart.mkdir()
    (apart / "thesis.txt").write_text("years", encoding="utf-8")
    with pytest.raises(UsageError, match="holds something else"):
        cli.report(results, tolerance=0.1)
    assert [path.name for path in apart.iterdir()] == ["thesis.txt"]


def test_it_is_printed_or_written_to_a_file(results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.report(results, form="csv", tolerance=0.1)
    printed = capsys.readouterr().out
    assert "holds outside" in printed
    cli.report(results, form="csv", output=tmp_path / "ten.csv", tolerance=0.1)
    assert (tmp_path / "ten.csv").read_text(encoding="utf-8") == printed
    cli.report(results, form="csv", tolerance=0.05)
    assert capsys.readouterr().out == (results / "leaderboard.csv").read_text(encoding="utf-8")


def test_what_is_published_is_at_five_percent(results: Path) -> None:
    with pytest.raises(
        UsageError, match=r"--check is of what is published, at 5 % of sd\(y\); leave out --tolerance 0.1"
    ):
        cli.report(results, check=True, tolerance=0.1)
    with pytest.raises(UsageError, match="lies beside the published board, which is at 5 %; name a file elsewhere"):
        cli.report(results, form="md", output=RESULTS / "leaderboard.md", tolerance=0.1)
    with pytest.raises(UsageError, match=r"got 10"):
        cli.report(results, tolerance=10)
