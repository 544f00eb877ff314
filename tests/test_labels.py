"""Names in a picture cover neither each other nor a point, as long as there is room."""

from itertools import combinations

import numpy as np
import pytest

from benchmark.board.aggregate import board_of
from benchmark.show.figures.cost import best, draw_cost
from benchmark.show.figures.labels import Box, placed
from tests.synthetic import a_card, a_record, a_seed, a_timing, keyed, timed

FRAME = Box(0, 0, 500, 300)
HEIGHT = 10.0


def boxes(points: list[tuple[float, float]], widths: list[float], lines: list[Box] | None = None) -> list[Box]:
    found = placed(points, widths, height=HEIGHT, frame=FRAME, lines=lines or [])
    return [
        Box(left, middle - HEIGHT / 2, left + width, middle + HEIGHT / 2)
        for (left, middle), width in zip(found, widths, strict=True)
    ]


def test_a_name_alone_stands_to_the_right_of_its_point() -> None:
    [box] = boxes([(100.0, 100.0)], [40.0])
    assert 100 < box.left < 115
    assert (box.low + box.high) / 2 == 100


def test_at_the_right_edge_a_name_stands_to_the_left() -> None:
    [box] = boxes([(490.0, 100.0)], [40.0])
    assert box.right < 490


def test_forty_names_cover_neither_each_other_nor_a_point() -> None:
    rng = np.random.default_rng(0)
    points = [(float(x), float(y)) for x, y in rng.uniform((60, 30), (440, 270), size=(40, 2)).round(1)]
    found = boxes(points, [60.0] * 40)
    assert all(one.overlap(other) == 0 for one, other in combinations(found, 2))
    assert all(box.overlap(Box(x - 3, y - 3, x + 3, y + 3)) == 0 for box in found for x, y in points)
    assert all(box.within(FRAME) for box in found)


def test_a_name_leaves_a_line_free() -> None:
    line = Box(100.0, 99.0, 400.0, 101.0)
    [box] = boxes([(100.0, 100.0)], [40.0], [line])
    assert box.overlap(line) == 0


def test_where_there_is_no_room_every_name_still_stands_somewhere() -> None:
    assert len(boxes([(250.0, 150.0)] * 200, [60.0] * 200)) == 200
    # Wider than the frame.
    assert len(boxes([(250.0, 150.0)], [900.0])) == 1


@pytest.mark.parametrize("n", [1, 30])
def test_every_model_with_seconds_has_its_name_and_the_best_are_joined(n: int) -> None:
    card = a_card()
    records = [a_record("square", f"net-{i:02}", [a_seed(0, 0.1, 1.0 + (7 * i) % n)]) for i in range(n)]
    timings = [a_timing("square", f"net-{i:02}", 0.1 * (i + 1), 0.1) for i in range(n)]
    board = board_of({"square": card}, keyed([*records, a_record("square", "slow", records[0].seeds)]), timed(*timings))
    axis = draw_cost(board).axes[0]
    assert sorted(text.get_text() for text in axis.texts) == [f"net-{i:02}" for i in range(n)]
    models = board.overall[board.overall["fit_seconds"].notna() & (board.overall["kind"] == "model")]
    ahead = best(models.assign(score=models["outside_score"].round(2)))
    line = next(line for line in axis.lines if line.get_drawstyle() == "steps-post")
    assert np.asarray(line.get_xdata()).tolist() == ahead["fit_seconds"].tolist()
    # Nothing is both faster and better.
    assert ahead["score"].is_monotonic_decreasing
