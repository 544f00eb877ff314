"""The pictures: the same bytes each time, nothing blank, nothing left out without a word."""

import dataclasses
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable

import numpy as np
import pytest

from benchmark.board.aggregate import Board, board_of
from benchmark.board.curves import distance_band, slice_band
from benchmark.board.window import window_of
from benchmark.show.figures.gallery import MOST_PANELS
from benchmark.show.figures.overview import SHAPES, draw_overview
from benchmark.store.record import Record
from tests.alone import draw_all, gallery_of, render_markdown, render_page
from tests.synthetic import POSITION, ManyRecords, a_card, a_failure, a_record, a_seed, a_timing, keyed, timed
from tests.test_leaderboard import awkward_board, full_board, one_model_board

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [" ".join("".join(node.itertext()).split()) for node in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314


def board(*records: Record) -> Board:
    return board_of({"square": a_card()}, keyed(records), {})


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return draw_all(full_board())


def test_a_second_rendering_has_the_same_bytes(drawn: dict[str, str]) -> None:
    assert draw_all(full_board()) == drawn


def test_every_picture_of_the_markdown_is_drawn_and_none_besides(drawn: dict[str, str]) -> None:
    embedded = re.findall(r"!\[.+\]\((plots/\S+)\)", render_markdown(full_board()))
    assert sorted(embedded) == sorted(drawn)
    assert {"plots/overview.svg", "plots/cost.svg", "plots/square-curves.svg"} <= drawn.keys()


def test_a_picture_has_an_opaque_ground_and_no_date(drawn: dict[str, str]) -> None:
    for svg in drawn.values():
        first = svg.index("<path")
        assert "fill: #ffffff" in svg[first : first + 300]
        assert "dc:date" not in svg


def test_every_model_has_a_panel_with_its_name_and_behaviour(drawn: dict[str, str]) -> None:
    said = texts(drawn["plots/square-curves.svg"])
    for words in ("holder: follows", "linear-net: flat", "shaky: explodes", "picky", "not applicable"):
        assert words in said
    assert "failed" in texts(drawn["plots/recovery-curves.svg"])


def test_the_horizon_stands_in_words_on_the_errors_by_distance(drawn: dict[str, str]) -> None:
    said = texts(drawn["plots/square-distance.svg"])
    assert "holder: holds to >= 2" in said
    assert "linear-net: holds to 1" in said


@pytest.mark.parametrize("made", [one_model_board, awkward_board])
def test_awkward_boards_are_drawn_and_their_markup_is_text(made: Callable[[], Board]) -> None:
    for svg in draw_all(made()).values():
        assert not list(ET.fromstring(svg).iter(f"{SVG}script"))  # noqa: S314


def test_only_failures_are_drawn_as_words() -> None:
    pictures = draw_all(board(a_record("square", "net", [a_failure(0), a_failure(1)])))
    assert "failed" in texts(pictures["plots/square-curves.svg"])
    assert "failed" in texts(pictures["plots/square-distance.svg"])


def test_seventeen_models_have_seventeen_panels() -> None:
    names = [f"model-{i:02}" for i in range(17)]
    pictures = draw_all(board(*(a_record("square", name, [a_seed(0, 0.1, 1.0)]) for name in names)))
    assert set(names) <= {said.split(":")[0] for said in texts(pictures["plots/square-curves.svg"])}
    assert set(names) <= set(texts(pictures["plots/overview.svg"]))


def test_the_names_of_fifty_models_stand_below_the_panels() -> None:
    names = [f"a-model-of-many-letters-{i:02}" for i in range(50)]
    figure = draw_overview(board(*(a_record("square", name, [a_seed(0, 0.1, 1.0)]) for name in names)))
    # Warns where the panels have no room.
    figure.draw_without_rendering()
    (legend,) = figure.legends
    assert sorted(text.get_text() for text in legend.get_texts()) == names
    (panel,) = figure.axes
    assert legend.get_window_extent().y1 < panel.get_window_extent().y0
    assert panel.get_window_extent().height > 100


def test_without_models_there_are_no_pictures() -> None:
    assert draw_all(board()) == {}
    assert draw_all(board_of({}, {}, {})) == {}


def test_of_many_tasks_each_model_has_a_row_with_a_stroke_for_each() -> None:
    many = ManyRecords(MOST_PANELS + 1, 3, n_seeds=1)
    figure = draw_overview(board_of(many.cards(), many, {}))
    assert [axis.get_title(loc="left") for axis in figure.axes] == [
        "outside the training range",
        "inside the training range",
    ]
    assert sorted(label.get_text() for label in figure.axes[0].get_yticklabels()) == [
        "model-00",
        "model-01",
        "model-02",
    ]
    for axis in figure.axes:
        strokes = [np.asarray(line.get_xdata()) for line in axis.lines if len(np.asarray(line.get_xdata())) > 2]
        assert [len(xs) // 3 for xs in strokes] == [MOST_PANELS + 1] * 3
        assert [text.get_text() for text in axis.texts][-1] == "solved"


def test_what_failed_stands_in_its_row_at_the_edge_and_what_does_not_apply_has_no_stroke() -> None:
    names = [f"task-{i:02}" for i in range(MOST_PANELS + 1)]
    kept = [a_record(name, "net", [a_failure(0)] if i else [a_seed(0, 0.1, 1.0)]) for i, name in enumerate(names)]
    kept += [a_record(name, "picky", [a_failure(0, "not-applicable", "no pairs")]) for name in names]
    axis = draw_overview(board_of({name: a_card(name) for name in names}, keyed(kept), {})).axes[0]
    (xs,) = [np.asarray(line.get_xdata()) for line in axis.lines if len(np.asarray(line.get_xdata())) > 2]
    assert xs[::3].tolist() == [1.0, *[100.0] * MOST_PANELS]
    assert "no errors" in [text.get_text() for text in axis.texts]


def test_without_seconds_there_is_no_picture_of_the_cost() -> None:
    record = a_record("square", "net", [a_seed(0, 0.1, 1.0)])
    timing = timed(a_timing("square", "net", 0.0, 0.0))
    assert "cost" not in gallery_of(board(record)).overall
    drawn = board_of({"square": a_card()}, keyed([record]), timing)
    # A fit too fast for the clock still has its place on a logarithmic scale.
    assert "plots/cost.svg" in draw_all(drawn)


def test_a_board_to_which_no_model_applies_has_its_pictures() -> None:
    found = board(a_record("square", "net", [a_failure(0, "not-applicable", "no pairs")]))
    # With pyarrow, pandas makes a column of texts of what no cell is mapped to, and nothing is divided by that: nor by
    # a column of categories.
    categories = dataclasses.replace(found, cells=found.cells.astype({"task": "category"}))
    assert [text.get_text() for text in draw_overview(categories).axes[0].texts] == ["no errors"]
    assert "no errors" in texts(draw_all(found)["plots/overview.svg"])


def test_cells_that_failed_stand_beside_each_other_at_the_edge_in_sight() -> None:
    names = [f"net-{i}" for i in range(5)]
    axis = draw_overview(board(*(a_record("square", name, [a_failure(0)]) for name in names))).axes[0]
    xs = [np.asarray(line.get_xdata()).item() for line in axis.lines if line.get_marker() in SHAPES]
    assert len(set(xs)) == 5
    assert all(axis.get_xlim()[0] < x < axis.get_xlim()[1] for x in xs)


def test_a_median_that_failed_has_its_word_in_place_of_a_curve() -> None:
    record = a_record("square", "net", [a_seed(0, 0.01, 0.01), *(a_failure(i, "diverged") for i in range(1, 4))])
    assert slice_band(a_card(), record) is None
    distance = distance_band(a_card(), record)
    assert distance is not None
    assert (distance.low[0], distance.median[0], distance.high[0]) == (0.01, 1e300, 1e300)
    pictures = draw_all(board(record))
    assert "diverged" in texts(pictures["plots/square-curves.svg"])
    assert "net: fails inside" in texts(pictures["plots/square-distance.svg"])
    good = [a_seed(i, 0.01, 0.01, lambda x, i=i: float(i)) for i in range(1, 4)]  # type: ignore[misc]
    band = slice_band(a_card(), a_record("square", "net", [a_failure(0), *good]))
    assert band is not None
    assert band.median[0] == 2.0


NASTY = (
    "esc \x1b[3m nul\x00 half \ud800 none \ufffe\uffff back \u202e"
    """ <&>"' ]]> -- 中 \U0001f600 $x_$ x="1.234" #pabcdef0123"""
)


def test_pictures_are_valid_xml_whatever_a_title_holds() -> None:
    card = a_card()
    # No record can hold half a character.
    whole = NASTY.replace("\ud800", "")
    card = card.model_copy(update={"title": NASTY, "slice": card.slice.model_copy(update={"label": NASTY})})
    record = a_record("square", "net", [a_seed(0, 0.1, 1.0), a_failure(1, reason=whole)], title=whole)
    timing = timed(a_timing("square", "net", 0.1, 0.1))
    pictures = draw_all(board_of({"square": card}, keyed([record]), timing))
    assert len(pictures) == 4
    for picture in pictures.values():
        assert picture.encode()
        ET.fromstring(picture)  # noqa: S314
    said = " ".join(texts(pictures["plots/square-curves.svg"]))
    assert "esc \ufffd[3m nul\ufffd half \ufffd none" in said
    # What only looks like a coordinate or a name is text, and stays.
    assert 'x="1.234"' in said
    assert "#pabcdef0123" in said


@pytest.mark.parametrize("size", [1e308, sys.float_info.max])
def test_enormous_predictions_and_errors_give_valid_pictures_and_pages(size: float) -> None:
    seeds = [a_seed(i, size, size, lambda x, i=i: size * (-1) ** i * (1 if x > 0 else -1)) for i in range(4)]  # type: ignore[misc]
    found = board(a_record("square", "net", seeds), a_record("square", "one", seeds[:1]))
    for picture in draw_all(found).values():
        ET.fromstring(picture)  # noqa: S314
        for attribute in re.findall(r' (?:d|x|y|transform)="([^"]*)"', picture):
            assert "nan" not in attribute
            assert "inf" not in attribute
    # It would refuse what JSON cannot hold.
    render_page(found)


def test_the_truth_lies_over_the_models_line() -> None:
    picture = draw_curves_of("net")
    styles = re.findall(r"stroke-dasharray|stroke: #0b62a8", picture)
    assert styles.index("stroke-dasharray") > styles.index("stroke: #0b62a8")


def draw_curves_of(model: str) -> str:
    return draw_all(board(a_record("square", model, [a_seed(0, 0.1, 1.0)])))["plots/square-curves.svg"]


def test_a_band_holds_the_middle_eight_of_ten_seeds() -> None:
    record = a_record("square", "net", [a_seed(i, 1.0 + i, 1.0, lambda x, i=i: float(i)) for i in range(10)])  # type: ignore[misc]
    band = slice_band(a_card(), record)
    assert band is not None
    assert (band.low[0], band.median[0], band.high[0]) == (1.0, 4.5, 8.0)
    distance = distance_band(a_card(), record)
    assert distance is not None
    assert (distance.low[0], distance.median[0], distance.high[0]) == (2.0, 5.5, 9.0)
    assert len(distance.median) == 3


def test_the_window_is_the_truth_and_a_margin_however_far_models_explode() -> None:
    band = slice_band(a_card(), a_record("square", "net", [a_seed(0, 1.0, 1.0, lambda x: 1e300 * x)]))
    assert window_of([0.0, 4.0], [band]) == pytest.approx((-1.2, 5.2))
    low, high = window_of((), [band])
    assert np.isfinite([low, high]).all()
    assert window_of([3.0] * len(POSITION), []) == (0.0, 6.0)
