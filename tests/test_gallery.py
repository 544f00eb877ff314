"""Which tasks have pictures: however many tasks there are, those whose pictures are linked have theirs."""

import re
from collections.abc import Collection

import pytest

from benchmark.board.aggregate import Board, board_of
from benchmark.render import render, stale
from benchmark.show.figures import gallery as gallery_module
from benchmark.show.figures.gallery import LINKED, MOST_TASKS
from benchmark.store.local import Store
from tests.alone import gallery_of, render_markdown
from tests.conftest import ROOT
from tests.synthetic import a_card, a_record, a_seed, a_suite, keyed


def crowded_board(n: int, *, core: Collection[str] = LINKED) -> Board:
    """A board of n tasks: those whose pictures are linked, and others that stand before them, a-00 and so on."""
    names = [*(f"a-{i:02}" for i in range(n - len(LINKED))), *LINKED]
    records = keyed([a_record(name, "net", [a_seed(0, 0.1, 1.0)]) for name in names])
    return board_of({name: a_card(name) for name in names}, records, {}, suite=a_suite(*core, seeds=1))


def test_of_61_tasks_60_have_pictures_and_the_linked_ones_first_of_all() -> None:
    assert MOST_TASKS == 60
    found = crowded_board(61)
    gallery = gallery_of(found)
    assert list(gallery.overall) == ["overview"]
    assert gallery.curves.keys() == gallery.distance.keys()
    assert {card.task for card in found.cards} - gallery.curves.keys() == {"a-56"}
    text = render_markdown(found)
    assert "- Pictures are drawn of 60 of the 61 tasks: of those that README.md and the findings show, then" in text
    # The overview, the map of errors, and two of each task.
    assert text.count("![") == 2 + 2 * 60


def test_nothing_is_said_of_pictures_that_are_all_there() -> None:
    assert len(gallery_of(crowded_board(60)).curves) == 60
    assert "Pictures are drawn of" not in render_markdown(crowded_board(60))


def test_the_tasks_of_the_suite_come_before_the_other_tasks() -> None:
    found = crowded_board(70, core=["a-65", "a-64"])
    assert {*LINKED, "a-64", "a-65", "a-00", "a-53"} <= gallery_of(found).curves.keys()
    assert {"a-54", "a-63"}.isdisjoint(gallery_of(found).curves)


def test_no_linked_picture_is_removed_when_there_are_too_many_tasks(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(gallery_module, "MOST_TASKS", len(LINKED))
    store = Store(tmp_path_factory.mktemp("crowded"))
    store.prepare()
    for task in LINKED:
        store.save_card(a_card(task))
        store.save_record(a_record(task, "net", [a_seed(0, 0.1, 1.0)]))
    render(store, store.read())
    before = store.paths("plots/*.svg")
    store.save_card(a_card("another"))
    store.save_record(a_record("another", "net", [a_seed(0, 0.1, 1.0)]))
    render(store, store.read())
    assert store.paths("plots/*.svg") == before
    assert {f"plots/{task}-{kind}.svg" for task in LINKED for kind in ("curves", "distance")} < {*before}
    assert stale(store, store.read())[0] == []


def test_every_picture_of_a_task_that_a_page_links_is_one_that_is_always_drawn() -> None:
    pages = [ROOT / "README.md", ROOT / "results" / "findings.md", *(ROOT / "docs").glob("*.md")]
    texts = [page.read_text(encoding="utf-8") for page in pages]
    linked = {name for text in texts for name in re.findall(r"plots/((?!finding-)[a-z0-9-]+)\.svg", text)}
    assert {"overview", "sinc-curves", "square-curves"} <= linked
    of_tasks = {name for name in linked if not name.startswith(("overview", "cost", "heat-"))}
    assert {name.rpartition("-")[0] for name in of_tasks} == {*LINKED}
    assert [name for name in sorted(linked) if not (ROOT / "results" / "plots" / f"{name}.svg").is_file()] == []
