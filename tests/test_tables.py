"""A row of a table is looked at as a whole, for all tasks whose ladders have one length by one pattern."""

import pytest

from benchmark.store.published import tables
from tests.synthetic import a_card, a_seed

CARDS = {name: a_card(name) for name in ("square", "sum")}
COLUMNS = tables.columns_of(CARDS.values())


def lines(task: str) -> list[str]:
    return tables.lines_of(task, [a_seed(seed, 0.5, 0.25) for seed in range(3)], COLUMNS)


def test_tasks_with_one_length_of_ladder_share_what_their_rows_look_like() -> None:
    assert COLUMNS.rows_of(CARDS["square"]) is COLUMNS.rows_of(CARDS["sum"])


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_row_of_another_task_is_none(at: int) -> None:
    mixed = lines("square")
    tables.check(mixed, COLUMNS.rows_of(CARDS["square"]), "square")
    mixed[at] = lines("sum")[at]
    with pytest.raises(ValueError, match=rf"^this is no row of square: 'sum,{at},ok,"):
        tables.check(mixed, COLUMNS.rows_of(CARDS["square"]), "square")


@pytest.mark.parametrize(
    "figure", ["1_0", " 1", "1 ", "+1", ".5", "5.", "1e5", "1e+1234", "0x1", "inf", "1e-", "\u0661", "-1"]
)
def test_what_is_written_otherwise_than_a_figure_is_none(figure: str) -> None:
    row = lines("square")[0]
    assert row.count(",0.5,") == 1
    with pytest.raises(ValueError, match=r"^this is no row of square: "):
        tables.check([row.replace(",0.5,", f",{figure},")], COLUMNS.rows_of(CARDS["square"]), "square")


@pytest.mark.parametrize("seed", ["1234567890", "-1", "", "\u0661", "1.0"])
def test_a_seed_is_a_number_of_at_most_nine_digits(seed: str) -> None:
    row = lines("square")[0]
    with pytest.raises(ValueError, match=r"^this is no row of square: "):
        tables.check([row.replace("square,0,", f"square,{seed},")], COLUMNS.rows_of(CARDS["square"]), "square")
    tables.check([row.replace("square,0,", "square,123456789,")], COLUMNS.rows_of(CARDS["square"]), "square")


def test_the_longest_head_of_a_row_is_read_whole() -> None:
    said = [f"square,123456789,not-applicable,,,,{','.join([''] * COLUMNS.n_shells)},needs pairs"]
    tables.check(said, COLUMNS.rows_of(CARDS["square"]), "square")
    seeds = tables.Seeds(tuple(said), CARDS["square"], COLUMNS, lambda statuses: [({}, {}, None, {})] * len(statuses))
    assert seeds.endings == ((123456789, "not-applicable"),)
