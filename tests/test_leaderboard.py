"""The leaderboard's text, against golden files made from small records and read by a person.

After a change that is meant: `python -m tests.test_leaderboard` writes the golden files anew; read what changed.
"""

import csv
import re
import sys
from pathlib import Path
from typing import get_args

import pytest

from benchmark.board.aggregate import Board, board_of
from benchmark.board.behaviour import Behaviour
from benchmark.board.sureness import Sureness
from benchmark.board.verdicts import Verdict
from benchmark.show.every_cell import CSV_COLUMNS
from benchmark.store.record import Offer, SeedOutcome, Status, TaskCard
from tests.alone import render_csv, render_markdown, render_page, render_top
from tests.synthetic import (
    HERE,
    a_card,
    a_failure,
    a_record,
    a_seed,
    a_suite,
    a_timing,
    keyed,
    made_quick,
    timed,
    with_quantity,
)

GOLDEN = Path(__file__).parent / "golden"


def full_board() -> Board:
    """Two tasks, four models: one that holds, one that is flat, one that fails on some seeds, one that abstains."""
    cards = {"square": a_card(), "recovery": with_quantity(a_card("recovery", title="Recover a constant"))}
    records = []
    for task in cards:
        good = [a_seed(i, 0.001 * (i + 1), 0.002 * (i + 1)) for i in range(5)]
        if task == "recovery":
            good = [
                s.model_copy(update={"quantities": {"lambda_hat": 0.25, "lambda_error": 0.001 * s.seed}}) for s in good
            ]
        flat = [a_seed(i, 0.01 + 0.01 * i, 5.0 + i, lambda x: min(x * x, 1.0)) for i in range(5)]
        shaky = [*(a_seed(i, 0.02, 40.0, lambda x: 90 * x**3) for i in range(3)), a_failure(3, "timeout", "over 5 s")]
        records += [a_record(task, "linear-net", flat), a_record(task, "holder", good), a_record(task, "shaky", shaky)]
    records.append(a_record("square", "picky", [a_failure(0, "not-applicable", "needs pairs of | things")]))
    records.append(a_record("recovery", "picky", [a_failure(0), a_failure(1)]))
    # Both tasks have one shape, and `holder` is timed on each.
    by_shape = a_timing("recovery", "linear-net", 0.5, 0.05, card=cards["square"])
    by_task = [a_timing(task, "holder", 2.0, 0.2) for task in cards]
    return board_of(cards, keyed(records), timed(by_shape, *by_task))


def one_model_board() -> Board:
    """One task, one model, one seed."""
    return board_of({"square": a_card()}, keyed([a_record("square", "net", [a_seed(0, 0.0, 1e300)])]), {})


def awkward_board() -> Board:
    """Titles, formulas and reasons full of markup; a task nobody ran."""
    sly = "*bold* | `code` <script>alert(1)</script> [link](x) ~~no~~ $x$ \\ \n# heading"
    card = with_quantity(a_card(title=sly), error="odd|`error", estimate=None)
    card = card.model_copy(update={"formula": "a `tick` | pipe", "source": sly, "training_range": "[1|2]"})
    record = a_record("square", "net", [a_failure(0, reason=sly), a_seed(1, 1.0, 2.0)], title=sly)
    return board_of({"square": card, "unrun": a_card("unrun")}, keyed([record]), {})


def quick_board() -> Board:
    """Two cells, one of them made with `--quick`."""
    records = [a_record("square", name, [a_seed(0, 0.1, 1.0)]) for name in ("full", "quick")]
    records[1] = made_quick(records[1])
    return board_of({"square": a_card()}, keyed(records), {})


def failing_board() -> Board:
    """Ten seeds of which one, six, nine and all fail, and four of which one does: what medians and intervals say."""
    card = with_quantity(a_card())

    def seeds(n: int, n_failed: int, status: Status = "diverged") -> list[SeedOutcome]:
        good = [a_seed(i, 0.01 * (i + 1), 0.1 * (i + 1)) for i in range(n - n_failed)]
        measured = [s.model_copy(update={"quantities": {"lambda_hat": 0.25, "lambda_error": 0.1}}) for s in good]
        return [*measured, *(a_failure(i, status, "no more") for i in range(n - n_failed, n))]

    counts = {"one": (10, 1), "six": (10, 6), "nine": (10, 9), "all": (10, 10), "few": (4, 1), "lone": (1, 0)}
    records = [a_record("square", name, seeds(*n)) for name, n in counts.items()]
    records.append(a_record("square", "two-words", [*seeds(3, 2), a_failure(3, "out-of-memory", "no room")]))
    return board_of({"square": card}, keyed(records), {})


def suite_board() -> Board:
    """A suite of two tasks at two seeds and a task of a plugin: models that lack tasks, seeds or all, or have more."""
    cards = {"square": a_card(), "sum": a_card("sum"), "ripple": a_card("ripple", title="A plugin's task")}
    places = [(task, model) for task in ("square", "sum") for model in ("whole", "more", "few", "quick")]
    places += [("square", "one-task"), ("sum", "another-task"), ("ripple", "whole"), ("ripple", "guest")]
    n_seeds = {"more": 4, "few": 1}
    records = [
        a_record(task, model, [a_seed(i, 0.01, 0.02 + i) for i in range(n_seeds.get(model, 2))])
        for task, model in places
    ]
    records = [made_quick(record) if record.model == "quick" else record for record in records]
    return board_of(cards, keyed(records), {}, suite=a_suite("square", "sum", seeds=2))


def offering_board() -> Board:
    """Two classes of tasks in one unit: one model offers formulas and sds, one does not apply to a class."""
    tags = {"wave": ("periodic",), "sets": ("sets",)}
    cards = {task: a_card(task, tags=each).model_copy(update={"horizon_unit": "widths"}) for task, each in tags.items()}
    offer = Offer(recovery="exact", shown="sin(x1)", coverage=(0.95, 0.25))
    signs = {"wrong": 0.5, "sd missed": 0.1, "box missed": 0.62}
    good = [a_seed(i, 0.0, 0.0).model_copy(update={"offer": offer, "signs": signs}) for i in range(10)]
    records = [a_record(task, "formula", good) for task in cards]
    records += [a_record("wave", "picky", [a_seed(i, 0.01, 9.0 if i else 0.02) for i in range(10)])]
    records += [a_record("sets", "picky", [a_failure(i, "not-applicable", "no sets") for i in range(10)])]
    return board_of(cards, keyed([*records, a_record("wave", "part", [a_seed(0, 0.5, 0.9)])]), {})


BOARDS = {"full": full_board, "one-model": one_model_board, "awkward": awkward_board, "failing": failing_board}
BOARDS |= {"suite": suite_board, "offers": offering_board}


@pytest.mark.parametrize("word", [*get_args(Verdict), *filter(None, (*get_args(Behaviour), *get_args(Sureness)))])
def test_every_word_for_a_cell_is_explained(word: str) -> None:
    reading = render_markdown(full_board()).partition("## How to read it")[2].partition("\n## ")[0]
    assert re.search(f"`{word}( k/n)?`", reading)


@pytest.mark.parametrize("name", BOARDS)
def test_the_markdown_is_the_golden_one(name: str) -> None:
    assert render_markdown(BOARDS[name]()) == (GOLDEN / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BOARDS)
def test_the_csv_is_the_golden_one(name: str) -> None:
    assert render_csv(BOARDS[name]()) == (GOLDEN / f"{name}.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BOARDS)
def test_every_table_has_as_many_cells_in_each_row(name: str) -> None:
    unescaped = render_markdown(BOARDS[name]()).replace("\\|", "")
    tables: list[list[int]] = [[]]
    for line in unescaped.splitlines():
        if line.startswith("|"):
            tables[-1].append(line.count("|"))
        elif tables[-1]:
            tables.append([])
    assert all(len(set(counts)) <= 1 for counts in tables)


def test_the_columns_of_the_csv_are_fixed() -> None:
    header = next(csv.reader(render_csv(full_board()).splitlines()))
    assert header == [*CSV_COLUMNS, "lambda_error"]


def test_markup_of_a_plugin_is_text() -> None:
    text = render_markdown(awkward_board())
    assert "<script>" not in text.replace("\\<script\\>", "")
    assert "\n# heading" not in text


def test_what_is_missing_is_said() -> None:
    text = render_markdown(full_board())
    assert "`picky`" in text
    assert "picky: not applicable: needs pairs of \\| things" in text
    assert "shaky: timeout on 1 of 4 seeds (first: seed 3): over 5 s" in text
    assert "No model has been run on it yet" in render_markdown(awkward_board())
    assert "`net` has no place: it was run on 1 of 2 tasks." in render_markdown(awkward_board())


def test_a_suite_is_named_where_the_order_is_explained() -> None:
    text = render_markdown(suite_board())
    assert "\n\nSuite `core` 1: 2 tasks, 2 seeds. There are two boards" in text
    assert render_top(suite_board()).endswith(" |\n\nSuite `core` 1: 2 tasks, 2 seeds.")
    assert "Suite" not in render_markdown(full_board())


def test_what_a_model_lacks_of_the_suite_stands_beside_its_name_and_below_the_table() -> None:
    text = render_markdown(suite_board())
    rows = re.findall(r"^\| ([^|]*`[^|]*?) +\|", text.partition("## Inside")[0], flags=re.MULTILINE)
    assert rows == [
        "1-2 `more`",
        "1-2 `whole`",
        "`few` (1 of 2 seeds)",
        "`another-task` (1 of 2 tasks)",
        "`one-task` (1 of 2 tasks)",
        "`quick` (2 tasks with --quick)",
        "`guest` (0 of 2 tasks)",
    ]
    for sentence in (
        "- `few` has no place: it was run on 1 of 2 seeds.",
        "- `quick` has no place: it was run on 2 tasks with --quick.",
        "- `another-task`, `one-task` have no place: each was run on 1 of 2 tasks.",
        "- `guest` has no place: it was run on 0 of 2 tasks.",
        "- Figures are of seeds 0 to 1. 2 records hold more, which do not count here.",
    ):
        assert f"\n{sentence}\n" in text


def test_a_task_outside_the_suite_says_so_in_its_section() -> None:
    _, *sections = re.split(r"^## (?=\w+: )", render_markdown(suite_board()), flags=re.MULTILINE)
    words = "- Not in suite `core` 1: it moves no place\n"
    assert [text.partition(":")[0] for text in sections if words in text] == ["ripple"]
    assert len(sections) == 3


def test_the_code_in_a_remark_is_code_and_the_words_of_others_are_text() -> None:
    there = HERE.model_copy(update={"machine": "*Slide* rule"})
    timing = a_timing("square", "quick", 1.0, 0.1).model_copy(update={"environment": there})
    text = render_markdown(board_of({"square": a_card()}, quick_board().records, timed(timing)))
    assert "\n- Seconds were taken on one thread of: \\*Slide\\* rule.\n" in text
    late = timed(a_timing("square", "full", 1.0, 0.1), timing)
    marked = render_markdown(board_of({"square": a_card()}, quick_board().records, late))
    assert "Figures marked with * are of `full` on another machine: Abacus" in marked
    # On both boards, in the table of costs, and in that of the task.
    assert len(re.findall(r"`full`.* 1\* +\|", marked)) == 4


def test_a_ratio_of_another_machine_is_marked_and_the_cost_with_it() -> None:
    card = a_card().model_copy(update={"n_train": 1000, "set_shape": (2, 1)})
    names = ("linear-net", "one", "two", "guest")
    records = [a_record("square", name, [a_seed(0, 0.1, 1.0)]) for name in names]
    here = [a_timing("square", name, 1.0, 0.1, card=card) for name in names[:3]]
    there = [
        a_timing("square", name, s, s, card=card, machine="Slide") for name, s in (("guest", 6), ("linear-net", 4))
    ]
    found = board_of({"square": card}, keyed(records), timed(*here, *there))
    text = render_markdown(found)
    known = text.partition("## What else is known")[2].partition("\n## ")[0].splitlines()
    costs = text.partition("## What it costs")[2].partition("\n- ")[0].splitlines()
    figures = {"guest": ["6*", "1.5x*", "6*", "1.5x*"], "one": ["1", "1x", "0.1", "1x"]}
    for name, words in figures.items():
        [line] = [line for line in costs if f"`{name}`" in line]
        assert [cell.strip() for cell in line.split("|")][2:-1] == words
        [line] = [line for line in known if f"`{name}`" in line]
        assert [cell.strip() for cell in line.split("|")][2:-1] == [f"{words[0]} s"]


def test_a_quick_run_is_called_one() -> None:
    words = "**Quick run:** 1 of 2 cells made with `--quick`, few seeds and a tenth of the training steps."
    for text in (render_markdown(quick_board()), render_top(quick_board())):
        assert words in text
        assert text.index(words) < text.index("| model")
    assert "Quick run" not in render_markdown(full_board())


@pytest.mark.parametrize("asked", [a_card("square", tags=("as-asked",)), a_card("square", tags=("control",))])
def test_cells_off_the_board_alone_are_said_to_be_there(asked: TaskCard) -> None:
    records = [a_record("square", name, [a_seed(0, 0.1, 1.0)]) for name in ("net", "line")]
    found = board_of({"square": asked}, keyed(records), {})
    words = (
        "No results on the main board yet: run `nox -s bench`. What was run, 2 cells, is of tasks or models that stay "
        "off the main board: see `records/`, `findings.md` where a finding has all of its cells, and `calibration.md`."
    )
    assert render_top(found) == words
    assert render_markdown(found) == f"# Leaderboard\n\n{words}\n"
    off = [record.model_copy(update={"model_tags": ("control",)}) for record in records]
    of_models = board_of({"square": a_card()}, keyed(off), {})
    assert render_top(of_models) == words
    assert words in render_markdown(of_models)


def test_the_csv_has_six_significant_digits() -> None:
    seeds = [a_seed(i, 1e7 * (i + 1) / 3, sys.float_info.max) for i in range(3)]
    text = render_csv(board_of({"square": a_card()}, keyed([a_record("square", "net", seeds)]), {}))
    assert "square,net,model,3,6666670.0,3333330.0,10000000.0,1.79769e+308,1.79769e+308,1.79769e+308," in text


def test_characters_that_act_unseen_are_shown_as_a_sign() -> None:
    nasty = "red \x1b[31m bell\x07 nul\x00 half \ud800 none \ufffe back \u202e"
    # No file and no record can hold half a character.
    whole = nasty.replace("\ud800", "")
    (quantity,) = with_quantity(a_card(), estimate=None).quantities
    card = a_card().model_copy(update={"quantities": (quantity.model_copy(update={"error": whole}),)})
    card = card.model_copy(update={"title": nasty, "formula": nasty, "source": nasty})
    record = a_record("square", "net", [a_failure(0, reason=whole), a_seed(1, 1.0, 2.0)], title=whole)
    found = board_of({"square": card}, keyed([record]), {})
    for text in (render_markdown(found), render_csv(found), render_page(found)):
        assert text.encode()
        assert not [sign for sign in "\x1b\x07\x00\ufffe\u202e" if sign in text or f"\\u{ord(sign):04x}" in text]
        assert "\\ud800" not in text
    assert "## square: red \ufffd\\[31m bell\ufffd nul\ufffd half \ufffd none \ufffd back \ufffd\n" in render_markdown(
        found
    )
    assert "red \ufffd[31m" in render_csv(found)


def test_nothing_at_all_says_what_to_do() -> None:
    empty = board_of({}, {}, {})
    assert render_markdown(empty) == "# Leaderboard\n\nNo results yet: run `nox -s bench`.\n"
    assert render_top(empty) == "No results yet: run `nox -s bench`."
    assert next(csv.reader(render_csv(empty).splitlines())) == list(CSV_COLUMNS)


def test_the_top_holds_models_only() -> None:
    assert "*constant*" not in render_top(full_board())


if __name__ == "__main__":
    for name, made in BOARDS.items():
        (GOLDEN / f"{name}.md").write_text(render_markdown(made()), encoding="utf-8")
        (GOLDEN / f"{name}.csv").write_text(render_csv(made()), encoding="utf-8")
