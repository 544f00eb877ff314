"""How long the board of many cells takes: 2,000 tasks by 50 models, ten seeds each, in seconds and memory."""

import subprocess
import sys
from pathlib import Path

from pytest_benchmark.fixture import BenchmarkFixture

ROOT = Path(__file__).resolve().parents[2]
N_TASKS, N_MODELS = 2000, 50
LIMIT_MIB = 2048
# A process of its own, so that its peak of memory is the rendering's alone.
CODE = f"""
import resource, time
from benchmark.board.aggregate import board_of
from tests.alone import render_csv, render_markdown
from tests.synthetic import ManyRecords

records = ManyRecords({N_TASKS}, {N_MODELS})
cards = records.cards()
start = time.perf_counter()
board = board_of(cards, records, {{}})
text = render_markdown(board)
seconds = time.perf_counter() - start
assert text.count("| `model-") == {N_TASKS * N_MODELS}, text.count("| `model-")
assert render_csv(board).count("\\n") > {N_TASKS * N_MODELS}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(seconds, peak)
"""


def _rendered() -> tuple[float, float]:
    done = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, check=True, capture_output=True, text=True)
    seconds, peak = map(float, done.stdout.split())
    # Kibibytes on Linux, bytes on macOS.
    return seconds, peak / (2**20 if sys.platform == "darwin" else 2**10)


def test_many_cells_aggregate_and_render(benchmark: BenchmarkFixture) -> None:
    seconds, mebibytes = benchmark.pedantic(_rendered, rounds=1)
    benchmark.extra_info |= {"cells": N_TASKS * N_MODELS, "seconds": round(seconds, 2), "MiB": round(mebibytes)}
    # Memory is the same on any machine; the seconds are for the reader (20 s is the aim).
    assert mebibytes < LIMIT_MIB
