"""What is rendered is in step with the records, and nothing is drawn twice."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from benchmark.render import STAMP, render, stale
from benchmark.show.figures import drawings
from benchmark.show.figures.curves import draw_curves
from benchmark.store.local import Store
from benchmark.store.record import Record, TaskCard
from tests.alone import render_all
from tests.conftest import ROOT
from tests.synthetic import a_card, a_record, a_seed, a_suite
from tests.test_leaderboard import full_board


@pytest.fixture(scope="module")
def rendered_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Store(tmp_path_factory.mktemp("rendered"))
    made.prepare()
    made.save_card(a_card())
    made.save_record(a_record("square", "net", [a_seed(0, 0.1, 1.0)]))
    render(made, made.read())
    return made.root


@pytest.fixture
def store(rendered_folder: Path, tmp_path: Path) -> Store:
    shutil.copytree(rendered_folder, tmp_path / "r")
    return Store(tmp_path / "r")


def times(store: Store) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in store.root.rglob("*") if path.is_file()}


def test_what_was_rendered_follows_from_the_records(store: Store) -> None:
    assert stale(store, store.read())[0] == []


def test_nothing_is_written_when_nothing_changed(store: Store) -> None:
    before = times(store)
    assert "`net`" in render(store, store.read())["top"]
    assert times(store) == before


def test_nothing_is_imported_to_render_when_nothing_changed(store: Store) -> None:
    code = (
        "import sys; from pathlib import Path; from benchmark import reporting; "
        f"reporting.report(Path({str(store.root)!r})); sys.exit(bool({{'pandas', 'matplotlib'}} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=100)


def test_the_suite_that_places_are_made_on_is_that_of_the_tasks(store: Store) -> None:
    assert "Suite `core` 1: 7 tasks, 10 seeds." in (store.read_text("leaderboard.md") or "")


def test_another_suite_is_rendered(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmark.render.cards", lambda: (a_suite("square", seeds=1),))
    assert "leaderboard.md" in stale(store, store.read())[0]
    assert "| 1 `net` " in render(store, store.read())["top"]
    assert stale(store, store.read())[0] == []


def test_a_new_record_is_rendered(store: Store) -> None:
    store.save_record(a_record("square", "newcomer", [a_seed(0, 0.1, 1.0)]))
    assert "index.html" in stale(store, store.read())[0]
    assert "`newcomer`" in render(store, store.read())["top"]
    assert stale(store, store.read())[0] == []


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks whose curves are drawn from now on."""
    tasks: list[str] = []
    exact = draw_curves

    def counting(card: TaskCard, cells: pd.DataFrame, records: Sequence[Record]) -> str:
        tasks.append(card.task)
        return exact(card, cells, records)

    monkeypatch.setattr(drawings, "draw_curves", counting)
    return tasks


@pytest.fixture
def two_tasks(store: Store) -> Store:
    store.save_card(a_card("sinc"))
    store.save_record(a_record("sinc", "net", [a_seed(0, 0.1, 1.0)]))
    render(store, store.read())
    return store


def test_no_picture_is_drawn_again_of_which_nothing_changed(two_tasks: Store, drawn: list[str]) -> None:
    two_tasks.save_record(a_record("sinc", "newcomer", [a_seed(0, 0.2, 1.0)]))
    render(two_tasks, two_tasks.read())
    assert drawn == ["sinc"]
    # What was not drawn is what would have been.
    assert stale(two_tasks, two_tasks.read())[0] == []
    assert drawn == ["sinc", "sinc", "square"]


def test_a_change_of_a_single_seed_is_drawn(two_tasks: Store, drawn: list[str]) -> None:
    two_tasks.save_record(a_record("square", "net", [a_seed(0, 0.1, 1.0), a_seed(1, 0.1, 1.0, lambda x: 0.0)]))
    render(two_tasks, two_tasks.read())
    assert drawn == ["square"]
    assert stale(two_tasks, two_tasks.read())[0] == []


@pytest.mark.parametrize("change", ["an edited picture", "other code"])
def test_a_picture_that_is_not_as_it_was_drawn_is_drawn_again(
    two_tasks: Store, drawn: list[str], monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    if change == "other code":
        monkeypatch.setattr("benchmark.render._code", lambda: "other")
    else:
        two_tasks.write_text("plots/square-curves.svg", "<svg/>")
    render(two_tasks, two_tasks.read())
    assert drawn == (["sinc", "square"] if change == "other code" else ["square"])
    assert "<path" in (two_tasks.read_text("plots/square-curves.svg") or "")


@pytest.mark.parametrize("place", ["leaderboard.md", "plots/overview.svg"])
def test_an_edit_of_a_rendered_file_is_noticed_and_undone(store: Store, place: str) -> None:
    good = store.read_text(place)
    store.write_text(place, "better numbers")
    assert stale(store, store.read())[0] == [place]
    render(store, store.read())
    assert store.read_text(place) == good


def test_a_picture_of_nothing_is_noticed_and_removed(store: Store) -> None:
    store.write_text("plots/gone-curves.svg", "<svg/>")
    assert stale(store, store.read())[0] == ["plots/gone-curves.svg"]
    render(store, store.read())
    assert store.paths("plots/gone*") == []


@pytest.mark.parametrize(
    "text", ["", "[]", '{"origin": 1, "files": [], "top": ""}', '{"pictures": [1], "code": 0, "files": 1}']
)
def test_a_stamp_that_says_nothing_is_no_harm(store: Store, text: str) -> None:
    store.write_text(STAMP, text)
    store.write_text("leaderboard.md", "better numbers")
    assert "`net`" in render(store, store.read())["top"]
    assert stale(store, store.read())[0] == []


def test_the_same_board_gives_the_same_bytes() -> None:
    assert render_all(full_board()) == render_all(full_board())
