"""The matrix of verdicts: a sign for each word, and the way that takes least room."""

from benchmark.board.aggregate import Board, board_of
from benchmark.show.verdicts import SIGNS, verdict_matrix
from benchmark.store.record import SeedOutcome
from tests.synthetic import a_card, a_failure, a_record, a_seed, keyed

# How many of ten seeds are exact, hold outside, solve the inside alone, and do not.
KINDS = {
    "exact": (10, 0, 0, 0),
    "holds": (0, 10, 0, 0),
    "most-hold": (0, 9, 1, 0),
    "inside": (0, 0, 10, 0),
    "some-hold": (0, 5, 5, 0),
    "some-learn": (0, 0, 6, 4),
    "none": (0, 0, 0, 10),
}


def seeds(*counts: int) -> list[SeedOutcome]:
    errors = [(0.0, 0.0), (0.01, 0.02), (0.01, 0.08), (0.9, 9.0)]
    each = [error for error, n in zip(errors, counts, strict=True) for _ in range(n)]
    return [a_seed(i, *error) for i, error in enumerate(each)]


def made(n_tasks: int) -> Board:
    cards = {f"a-task-{i}": a_card(f"a-task-{i}") for i in range(n_tasks)}
    records = [a_record(task, name, seeds(*counts)) for task in cards for name, counts in KINDS.items()]
    records += [a_record(task, "broken", [a_failure(i, "out-of-memory") for i in range(2)]) for task in cards]
    records += [a_record(task, "picky", [a_failure(0, "not-applicable")]) for task in cards]
    records.append(a_record("a-task-0", "part", seeds(0, 0, 0, 10)))
    return board_of(cards, keyed(records), {})


def columns(text: str, name: str) -> dict[str, str]:
    """Return the cells of a row by the names of the columns."""
    head, _, *rows = ([cell.replace("\u00a0", " ") for cell in line[1:-1].split("|")] for line in text.splitlines())
    [row] = (row for row in rows if row[0] == name)
    return {title.replace("<br>", ""): cell for title, cell in zip(head[1:], row[1:], strict=True)}


EXPECTED = {
    "exact": "\u2713 exact \u22652",
    "holds": "\u2713 holds \u22652",
    "most-hold": "\u2713 holds \u22652",
    "inside": "\u25d0 in 1.5",
    "some-hold": "~ out 5/10",
    "some-learn": "~ in 6/10",
    "none": "\u2717 no",
    "broken": "! out of memory",
    "picky": "n/a",
    "part": "",
}


def test_every_verdict_has_its_sign_a_word_and_how_far_it_holds() -> None:
    board = made(12)
    assert columns(verdict_matrix(board, board.cards), "a-task-1") == EXPECTED
    assert len({*SIGNS.values()}) == len(SIGNS)


def test_of_tasks_and_models_the_more_stand_below_each_other() -> None:
    board = made(2)
    text = verdict_matrix(board, board.cards)
    assert text.splitlines()[0] == "|model|a-<br>task-<br>0|a-<br>task-<br>1|"
    assert [columns(text, model)["a-task-1"] for model in EXPECTED] == [*EXPECTED.values()]


def test_models_stand_by_place_and_who_was_run_on_none_of_the_tasks_is_left_out() -> None:
    board = made(12)
    assert list(columns(verdict_matrix(board, board.cards), "a-task-1"))[:2] == ["exact", "holds"]
    assert "part" not in columns(verdict_matrix(board, board.cards[1:]), "a-task-1")
