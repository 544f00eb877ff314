"""The pictures: the same bytes each time, nothing blank, nothing left out without a word."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import numpy as np
import pytest

from benchmark.record import Record
from benchmark.report.aggregate import Board, board_of
from benchmark.report.curves import distance_band, slice_band
from benchmark.report.gallery import MOST_TASKS, gallery_of
from benchmark.report.leaderboard import render_markdown
from benchmark.report.plots import draw_all
from benchmark.report.window import window_of
from tests.synthetic import POSITION, ManyRecords, a_card, a_failure, a_record, a_seed, a_timing, keyed
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


def test_without_models_there_are_no_pictures() -> None:
    assert draw_all(board()) == {}
    assert draw_all(board_of({}, {}, {})) == {}


def test_too_many_tasks_have_the_pictures_of_all_together_only() -> None:
    many = ManyRecords(MOST_TASKS + 1, 1, n_seeds=1)
    gallery = gallery_of(board_of(many.cards(), many, {}))
    assert list(gallery.overall) == ["overview"]
    assert not gallery.curves
    assert "median task" in texts(draw_all(board_of(many.cards(), many, {}))["plots/overview.svg"])


def test_without_seconds_there_is_no_picture_of_the_cost() -> None:
    record = a_record("square", "net", [a_seed(0, 0.1, 1.0)])
    timing = {("square", "net"): a_timing("square", "net", 0.0, 0.0)}
    assert "cost" not in gallery_of(board(record)).overall
    timed = board_of({"square": a_card()}, keyed([record]), timing)
    # A fit too fast for the clock still has its place on a logarithmic scale.
    assert "plots/cost.svg" in draw_all(timed)


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
