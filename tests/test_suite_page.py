"""The page of a suite, the index of all, and what they weigh where there are hundreds of tasks and dozens of models."""

import csv
import re

import pytest

from benchmark.board.boards import boards_of
from benchmark.render import PLACES, render, stale
from benchmark.show.every_cell import render_csv
from benchmark.show.leaderboard import MOST_BYTES, render_markdown, render_top
from benchmark.show.suite_page import render_suite, render_suites
from benchmark.store.local import Store
from tests.suites import many_boards, many_suites, small_boards
from tests.synthetic import a_card, a_failure, a_record, a_reference, a_seed, a_suite, keyed

# GitHub shows no more of a Markdown page.
GITHUB = 500 * 1024


def section(text: str, title: str) -> str:
    """Return what stands under a heading, up to the next of its level."""
    level = title.split()[0]
    return text.partition(f"\n{title}\n")[2].partition(f"\n{level} ")[0]


def line(text: str, start: str) -> list[str]:
    """Return the cells of the row of a table that begins with these words."""
    [found] = [row for row in text.splitlines() if re.match(rf"\| ?{re.escape(start)} *\|", row)]
    return [cell.strip() for cell in found[1:-1].split("|")]


def test_every_suite_but_core_has_a_page() -> None:
    assert [*render_suites(small_boards())] == ["boards/standard.md", "boards/duo.md", "boards/all.md"]


def test_a_page_has_its_title_both_tables_and_who_has_no_place() -> None:
    boards = small_boards()
    text = render_suite(boards.others["standard"], boards)
    assert text.startswith("# Suite `standard`: What most people ask\n\nSuite `standard` 1: 4 tasks, 2 seeds. ")
    for title in ("## Outside the training range", "## Inside the training range"):
        assert [len(re.findall(f"`{model}`", section(text, title))) > 0 for model in ("good", "bad", "part")] == [
            True
        ] * 3
    assert "`part` has no place: it was run on 2 of 4 tasks." in text
    assert "periodic (2 tasks)" in section(text, "## By class of task")
    # Of one class a table by class would say nothing more.
    assert "## By class of task" not in render_suite(boards.others["duo"], boards)


def test_the_matrix_has_errors_in_units_of_sd_a_mark_where_solved_and_words_of_failures() -> None:
    card = a_card("duo-1").model_copy(update={"target_sd": 2.0})
    seeds = {
        "solver": [a_seed(i, 0.01234, 0.02) for i in range(3)],
        "inner": [a_seed(i, 0.02, 246.8) for i in range(3)],
        "broken": [a_failure(i, "diverged", "no more") for i in range(3)],
        "picky": [a_failure(i, "not-applicable", "no pairs") for i in range(3)],
    }
    suites = (a_suite("square", seeds=3), a_suite("duo-1", "duo-2", seeds=3, name="duo"))
    records = [a_record("duo-1", model, some) for model, some in seeds.items()]
    records.append(a_record("duo-2", "solver", seeds["solver"]))
    boards = boards_of({"duo-1": card, "duo-2": a_card("duo-2")}, keyed(records), {}, suites)
    text = render_suite(boards.others["duo"], boards)
    outside, inside = (section(text, f"## Errors {region} the training range") for region in ("outside", "inside"))
    named = dict(zip(line(outside, "task"), line(outside, "duo-1"), strict=True))
    assert named == {
        "task": "duo-1",
        "`solver`": "0.01 ✓",
        "`inner`": "120",
        "`broken`": "diverged",
        "`picky`": "n/a",
    }
    assert dict(zip(line(inside, "task"), line(inside, "duo-1"), strict=True))["`inner`"] == "0.01 ✓"
    assert dict(zip(line(outside, "task"), line(outside, "duo-2"), strict=True))["`inner`"] == ""


def test_the_table_of_tasks_has_formulas_ranges_and_whatever_references_a_card_has() -> None:
    card = a_card("duo-1").model_copy(update={"formula": "|x|^2", "target_sd": 2.0, "noise_std": 0.1})
    more = (*card.references, a_reference("quadratic", 0.25, 3.0, lambda x: x))
    cards = {"duo-1": card.model_copy(update={"references": more}), "duo-2": a_card("duo-2")}
    suites = (a_suite("square", seeds=1), a_suite(*cards, seeds=1, name="duo"))
    records = keyed([a_record(task, "net", [a_seed(0, 0.1, 1.0)]) for task in cards])
    boards = boards_of(cards, records, {}, suites)
    tasks = section(render_suite(boards.others["duo"], boards), "## Tasks").replace("\\|", "!")
    known = dict(zip(line(tasks, "task"), line(tasks, "duo-1"), strict=True))
    assert known == {
        "task": "duo-1",
        "formula": "`!x!^2`",
        "trained on": "U\\[-1, 1\\]",
        "outside": "uniform on \\[-2, 2\\] beyond \\[-1, 1\\]",
        "rows": "100",
        "noise": "0.05",
        "constant": "0.5 / 5",
        "clamp": "0 / 2.5",
        "quadratic": "0.12 / 1.5",
    }
    assert dict(zip(line(tasks, "task"), line(tasks, "duo-2"), strict=True))["quadratic"] == ""
    assert "*quadratic*" in render_suite(boards.others["duo"], boards)


def test_the_leaderboard_has_standard_and_core_in_front_all_in_short_and_an_index() -> None:
    text = render_markdown(small_boards())
    titles = re.findall("^## (.+)$", text, flags=re.MULTILINE)
    assert titles[:8] == [
        *("Suite `standard`", "Suite `core`", "Suite `all`, in short", "All boards", "Places on all boards"),
        *("By class of task", "Verdicts, task by task", "What it costs"),
    ]
    assert titles[-2:] == ["square: Square of a number", "sum: Square of a number"]
    index = section(text, "## All boards")
    assert line(index, "[duo](boards/duo.md)")[1:] == ["Two of a kind", "2", "1", "2", "`good`", "`good`"]
    assert line(index, "[core](#suite-core)")[2:5] == ["2", "2", "3"]
    assert "unrun" not in text
    assert "Of suite `standard` 1: the share of seeds" in text


def test_the_places_of_every_model_stand_side_by_side() -> None:
    mine = [a_record(task, "mine", [a_seed(0, 0.001, 0.002)]) for task in ("duo-1", "duo-2")]
    places = section(render_markdown(small_boards(extra=mine)), "## Places on all boards")
    outside = places.partition("### Inside")[0]
    assert line(outside, "model") == ["model", "core", "standard", "duo", "all"]
    assert line(outside, "`part`")[2:] == ["", "-", ""]
    core, standard, duo, whole = line(outside, "`mine`")[1:]
    assert (core, standard, whole) == ("-", "", "")
    assert re.fullmatch(r"1(-\d)?", duo)


def test_the_top_has_a_narrow_table_of_standard_and_below_it_one_of_core() -> None:
    text = render_top(small_boards())
    first, second = text.index("**Suite `standard` 1: What most people ask**"), text.index("**Suite `core` 1**")
    assert first < second
    assert line(text[:second], "model") == [
        *("model", "place outside", "solved to 5 %", "place inside", "solved to 5 %", "fit s"),
    ]
    assert "`part` (2 of 4 tasks)" in text[:second]
    assert max(map(len, text.splitlines())) < 120


def test_the_top_shows_a_plugins_model_wherever_it_stands() -> None:
    def record(model: str, i: int) -> object:
        return a_record("square", model, [a_seed(0, 0.01 * (i + 1), 0.1 * (i + 1))])

    models = [record(f"net-{i:02}", i) for i in range(14)]
    models[-1] = models[-1].model_copy(update={"model_origin": "plugin my_model.py"})  # type: ignore[attr-defined]
    suites = (a_suite("square", seeds=1),)
    text = render_top(boards_of({"square": a_card()}, keyed(models), {}, suites))  # type: ignore[arg-type]
    assert "`net-13`" in text
    assert "`net-12`" not in text


def test_the_csv_has_every_cell_of_every_suite_once_with_its_suites() -> None:
    rows = [*csv.DictReader(render_csv(small_boards()).splitlines())]
    models = {(row["task"], row["model"]): row["suites"] for row in rows if row["kind"] == "model"}
    assert len(models) == sum(row["kind"] == "model" for row in rows) == 10
    assert models["sum", "part"] == "core standard all"
    assert models["duo-1", "good"] == "standard duo all"


def test_a_page_of_a_suite_that_is_gone_is_removed(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    suites = (a_suite("square", seeds=1), a_suite("sum", seeds=1, name="other"))
    monkeypatch.setattr("benchmark.render.cards", lambda: suites)
    store = Store(tmp_path)  # type: ignore[arg-type]
    store.prepare()
    for task in ("square", "sum"):
        store.save_card(a_card(task))
        store.save_record(a_record(task, "net", [a_seed(0, 0.1, 1.0)]))
    render(store, store.read())
    assert store.paths("boards/*") == ["boards/other.md"]
    monkeypatch.setattr("benchmark.render.cards", lambda: suites[:1])
    assert "boards/other.md" in stale(store, store.read())[0]
    render(store, store.read())
    assert store.paths("boards/*") == []
    assert "boards/*.md" in PLACES


def test_of_one_suite_there_are_no_pages_and_no_index(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    boards = boards_of(
        {"square": a_card()},
        keyed([a_record("square", "net", [a_seed(0, 0.1, 1.0)])]),
        {},
        (a_suite("square", seeds=1),),
    )
    text = render_markdown(boards)
    assert render_suites(boards) == {}
    assert "## All boards" not in text
    assert "\n\nSuite `core` 1: 1 task, 1 seed. There are two boards" in text


def test_400_tasks_and_40_models_fit_the_pages_of_github() -> None:
    """One test, since its 16,000 records take seconds to make."""
    large = many_boards(40)
    pages = {**render_suites(large), "leaderboard.md": render_markdown(large)}
    assert len(pages) == len(many_suites())
    assert len(pages["leaderboard.md"].encode()) < MOST_BYTES
    # As many matrices of verdicts as have room, and links to the others.
    assert "### Verdicts of suite `standard`" in pages["leaderboard.md"]
    assert "<summary>Verdicts of suite <code>nguyen</code>" in pages["leaderboard.md"]
    assert re.search(r"^On pages of their own: .*\[all\]\(boards/all.md\)", pages["leaderboard.md"], re.MULTILINE)
    assert {path for path, text in pages.items() if len(text.encode()) >= GITHUB} == set()
    # What is too long to stand on one page stands on those of other suites, and says so.
    whole = pages["boards/all.md"]
    assert "## Errors outside" not in whole
    assert "[feynman](feynman.md)" in section(whole, "## Task by task")
    assert len(line(section(pages["boards/feynman.md"], "## Errors outside the training range"), "feynman-120")) == 41
