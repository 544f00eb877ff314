"""The sum over a pair, with fewer and with more training rows."""

from findings.sizes import with_rows
from tasks.core import PAIR_SUM

TASKS = with_rows(PAIR_SUM, (100, 300, 1_000, 10_000))
