"""A suite as it is published: small, reviewable, mergeable; its only reader and writer.

| file | what it holds |
| --- | --- |
| `tasks.json` | the suite, and the cards of its tasks |
| `<model>.csv` | a row a seed: status, errors, quantities, reason; figures to eight significant digits |
| `<model>.json` | what is said of the model, its stamps and machines, what most cells say, and a line a cell |
| `<model>.npz` | median and band of each cell along its task's slice, in 16 bit, compressed |

Nobody's model touches another one's files.
"""

from benchmark.store.published.folder import FORMAT, TASKS, Published, read, read_cards, write

__all__ = ["FORMAT", "TASKS", "Published", "read", "read_cards", "write"]
