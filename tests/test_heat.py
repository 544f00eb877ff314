"""The map of errors: a square for each cell that was run, marks where it is solved or failed, tasks by class."""

import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from benchmark.board.aggregate import Board, board_of
from benchmark.show.figures.gallery import gallery_of, mapped
from benchmark.show.figures.heat import EDGES, OTHER, draw_heat, grouped, models_of
from benchmark.show.figures.palette import HEAT
from tests.alone import draw_all, render_markdown
from tests.suites import small_boards
from tests.synthetic import a_card, a_failure, a_record, a_seed, a_suite, keyed

TAGS = {"wave-hard": "periodic", "wave-easy": "periodic", "cube": "polynomial", "odd": "core"}


def made(n_more: int = 0) -> Board:
    """Four tasks and more: `good` solves all, `bad` fails on one, `picky` applies to one, `part` was run on one."""
    tags = TAGS | {f"more-{i:03}": "root" for i in range(n_more)}
    cards = {task: a_card(task, tags=(tag,)) for task, tag in tags.items()}
    records = [a_record(task, "good", [a_seed(0, 0.0002, 0.002 if task != "wave-hard" else 0.04)]) for task in cards]
    records += [a_record(task, "bad", [a_failure(0) if task == "cube" else a_seed(0, 0.9, 50.0)]) for task in cards]
    records += [
        a_record(task, "picky", [a_seed(0, 0.9, 9.0) if task == "odd" else a_failure(0, "not-applicable")])
        for task in cards
    ]
    records.append(a_record("odd", "part", [a_seed(0, 0.9, 9.0)]))
    return board_of(cards, keyed(records), {}, suite=a_suite(*cards, seeds=1))


def squares(svg: str) -> Counter[str]:
    """Return how many rows of one square there are of each fill: the height of a row is part of each."""
    found: Counter[str] = Counter()
    for data, fill in re.findall(r'<path d="([^"]+)" fill="([^"]+)"/>', svg):
        for width, left in re.findall(r"h(\d+)v(?:13|4)h-(\d+)z", data):
            assert width == left
            found[fill] += int(width) // 16
    return found


def test_tasks_stand_by_class_and_in_each_the_easiest_first() -> None:
    board = made()
    assert grouped(board, board.cards) == [
        ("periodic", ["wave-easy", "wave-hard"]),
        ("polynomial", ["cube"]),
        (OTHER, ["odd"]),
    ]


def test_models_with_a_place_stand_by_place_and_the_others_are_left_out() -> None:
    assert models_of(made()) == ["good", "picky", "bad"]
    nobody = board_of({"odd": a_card("odd")}, {}, {}, suite=a_suite("odd", "gone", seeds=1))
    assert models_of(nobody) == []


def test_every_cell_has_a_square_in_the_colour_of_its_error_in_both_regions() -> None:
    found = squares(draw_heat(made()))
    # Outside 0.002 three times and 0.04, inside 0.0002 four times.
    assert (found[HEAT[3]], found[HEAT[5]], found[HEAT[1]]) == (3, 1, 4)
    # What failed has the worst colour in both regions, beside three errors of 50 outside.
    assert found[HEAT[10]] == 2 + 3
    assert found["url(#na)"] == 2 * 3
    assert sum(found.values()) == 2 * 12


def test_what_is_solved_and_what_failed_have_marks() -> None:
    svg = draw_heat(made())
    # One of each stands in the legend.
    assert svg.count("h3v2h-3z") == 8 + 1
    assert len(re.findall(r"M\d+ \d+h4(?=[M\"])", svg)) == 2 + 1


def test_a_colour_changes_at_each_edge() -> None:
    assert len(HEAT) == len(EDGES) + 1
    assert len({*HEAT}) == len(HEAT)


def test_of_many_tasks_the_classes_are_named_and_of_few_the_tasks() -> None:
    few, many = draw_heat(made()), draw_heat(made(200))
    assert ">cube</text>" in few
    assert ">cube</text>" not in many
    assert ">root</text>" in many
    assert squares(many)[HEAT[10]] == 2 + 203


def test_of_tasks_and_models_the_more_stand_below_each_other() -> None:
    card = a_card("odd")
    records = [a_record("odd", f"net-{i}", [a_seed(0, 0.1, 1.0)]) for i in range(3)]
    svg = draw_heat(board_of({"odd": card}, keyed(records), {}, suite=a_suite("odd", seeds=1)))
    # A name that is turned stands across.
    assert re.findall(r'rotate\([^)]+\)">([^<]+)<', svg) == ["odd", "odd"]


@pytest.mark.parametrize("n_more", [0, 200])
def test_it_is_valid_xml_on_an_opaque_ground_and_the_same_each_time(n_more: int) -> None:
    svg = draw_heat(made(n_more))
    ET.fromstring(svg)  # noqa: S314
    assert "fill: #ffffff" in svg[svg.index("</defs>") :][:120]
    assert draw_heat(made(n_more)) == svg


def test_the_suites_in_front_and_all_have_a_map_and_no_other() -> None:
    boards = small_boards()
    assert [*mapped(boards)] == [*gallery_of(boards).heat] == ["standard", "core", "all"]


def test_a_map_stands_in_the_leaderboard_and_is_drawn() -> None:
    board = made()
    assert "](plots/heat-core.svg)" in render_markdown(board)
    assert draw_all(board)["plots/heat-core.svg"] == draw_heat(board)
