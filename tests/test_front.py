"""What the README shows of the boards: few models, and a sign for each verdict on the core."""

from typing import get_args

import pytest

from benchmark.board.boards import Boards, alone, boards_of
from benchmark.board.verdicts import Verdict
from benchmark.show.front import FIRST, LEGEND, render_front
from benchmark.show.verdicts import SIGNS
from benchmark.store.record import Record, SeedOutcome
from tests.suites import small_boards
from tests.synthetic import a_card, a_failure, a_record, a_seed, a_suite, keyed
from tests.test_leaderboard import quick_board
from tests.test_suite_page import line

TEN = range(10)
OFF = 5.0


def cell(task: str, model: str, inside: int, outside: int, *, tags: tuple[str, ...] = ("core",)) -> Record:
    """A cell of ten seeds of which so many solve the inside, and so many both regions."""
    seeds = [a_seed(i, 0.001 if i < inside else OFF, 0.002 if i < outside else OFF) for i in TEN]
    return a_record(task, model, seeds).model_copy(update={"model_tags": tags})


def failing(task: str, model: str, seed: SeedOutcome) -> Record:
    return a_record(task, model, [seed.model_copy(update={"seed": i}) for i in TEN])


def made(*records: Record) -> Boards:
    """The boards of a core of two tasks, and of a standard that has another one besides."""
    suites = (
        a_suite("sum", "square", title="Two that people ask about"),
        a_suite("sinc", "sum", "square", name="standard", title="Three"),
    )
    return boards_of({task: a_card(task) for task in suites[1].tasks}, keyed(records), {}, suites)


def matrix_of(boards: Boards) -> str:
    """Return the last table, with what is said below it."""
    return "| model" + render_front(boards).rpartition("| model")[2]


@pytest.mark.parametrize(
    ("kept", "sign"),
    [
        (cell("square", "net", 10, 10), "\u2713"),
        (cell("square", "net", 10, 0), "\u25d0"),
        (cell("square", "net", 0, 0), "\u2717"),
        (cell("square", "net", 5, 0), "~"),
        (cell("square", "net", 10, 5), "~"),
        (failing("square", "net", a_failure(0, "diverged", "no more")), "!"),
        (failing("square", "net", a_failure(0, "not-applicable", "one input")), "n/a"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_verdict_has_a_sign_and_what_was_not_run_is_blank(kept: Record, sign: str) -> None:
    assert line(matrix_of(made(kept)), "`net`") == ["`net`", "", sign]


def test_every_verdict_has_a_sign_of_its_own_and_the_legend_says_it() -> None:
    assert {*SIGNS} == {*get_args(Verdict)}
    signs = [words.split()[0] for words in SIGNS.values()]
    assert len({*signs}) == len(signs)
    assert [sign for sign in signs if sign not in LEGEND] == []


def test_tasks_stand_in_the_order_of_the_suite_with_what_they_are() -> None:
    boards = made(cell("sum", "net", 10, 10), cell("square", "net", 0, 0))
    assert line(matrix_of(boards), "model") == ["model", "sum", "square"]
    assert line(matrix_of(boards), "`net`") == ["`net`", "\u2713", "\u2717"]
    assert "**Two that people ask about.** Suite `core` 1: 2 tasks, 10 seeds." in render_front(boards)
    assert matrix_of(boards).endswith(f"{LEGEND} `sum` is `x^2`; `square` is `x^2`.")


def test_the_first_of_standard_and_all_of_the_core_are_shown_in_the_order_of_standard() -> None:
    many = [
        cell(task, f"net-{n}", 10 - n, 10 - n, tags=("core",) if n == 8 else ())
        for task in ("square", "sum", "sinc")
        for n in range(10)
    ]
    # What has met the core alone stands below.
    alone_there = [cell(task, "of-the-core", 10, 10) for task in ("square", "sum")]
    front, _, matrix = render_front(made(*many, *alone_there)).partition("**Two that")
    assert "The first 5 of 11 models." in front
    names = [f"net-{n}" for n in range(FIRST)]
    shown = [row.split("`")[1] for row in front.splitlines() if row.startswith("| `")]
    assert [*shown] == names
    assert [row.split("`")[1] for row in matrix.splitlines() if row.startswith("| `")] == [
        *names,
        *("net-8", "of-the-core"),
    ]


def test_places_shares_and_tasks_are_those_of_the_board_in_front() -> None:
    text = render_front(small_boards())
    assert text.startswith("**What most people ask.** Suite `standard` 1: 4 tasks, 2 seeds.\n\n")
    assert line(text.partition("Suite `core`")[0], "`good`") == [
        *("`good`", "1-2", "50 %", "1-2", "100 %", "4 of 4", "0.5"),
    ]
    # It lacks two tasks: it has no place.
    assert line(text.partition("Suite `core`")[0], "`part`")[1::2] == ["", "", "2 of 4"]


def test_of_one_board_alone_the_title_stands_once_and_a_quick_run_is_said() -> None:
    one = boards_of({"square": a_card()}, keyed([cell("square", "net", 10, 10)]), {}, (a_suite("square"),))
    text = render_front(one)
    assert text.count("Suite `core`") == 1
    assert text.count("| `net`") == 2
    assert render_front(alone(quick_board())).startswith("**Quick run:** 1 of 2 cells")


def test_where_nothing_was_run_a_sentence_says_so() -> None:
    assert render_front(boards_of({}, {}, {}, (a_suite("square"),))) == "No results yet: run `nox -s bench`."


def test_markup_of_a_title_or_a_formula_is_text() -> None:
    card = a_card().model_copy(update={"formula": "a `tick` | pipe"})
    suites = (a_suite("square", title="*bold* <b>"),)
    text = render_front(boards_of({"square": card}, keyed([cell("square", "net", 1, 1)]), {}, suites))
    assert "**\\*bold\\* \\<b\\>.**" in text
    assert "`square` is `` a `tick` | pipe ``." in text
