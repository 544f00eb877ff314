"""What one cell may take: the command line's word, then the model's, then the usual."""

import pytest

from benchmark.catalogue.registry import Entry, Origin
from benchmark.run.options import RunOptions, limits_for
from benchmark.workers.isolation import Limits


def entry(memory: int | None, timeout: float | None) -> Entry:
    return Entry("model", "mine", 1, "", "", (), Origin("file", "mine.py"), "mine.py", memory, timeout)


@pytest.mark.parametrize(
    ("options", "memory", "timeout", "limits"),
    [
        (RunOptions(), None, None, Limits(1800, 4096)),
        (RunOptions(), 8000, None, Limits(1800, 8000)),
        (RunOptions(), None, 7200.0, Limits(7200, 4096)),
        (RunOptions(memory=100), 8000, 7200.0, Limits(7200, 100)),
        (RunOptions(timeout=3), 8000, 7200.0, Limits(3, 8000)),
        # Named with the usual figures, they are named all the same.
        (RunOptions(timeout=1800, memory=4096), 8000, 7200.0, Limits(1800, 4096)),
    ],
)
def test_a_model_asks_and_the_command_line_decides(
    options: RunOptions, memory: int | None, timeout: float | None, limits: Limits
) -> None:
    assert limits_for(options, entry(memory, timeout)) == limits


def test_a_card_is_made_also_where_cells_may_take_little() -> None:
    assert RunOptions(timeout=1, memory=10).card_limits == Limits(60, 4096)
    assert RunOptions(timeout=9000, memory=9000).card_limits == Limits(9000, 9000)
    assert RunOptions(timeout=1, memory=10).import_limits == Limits(1, 4096)
