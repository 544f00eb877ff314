"""`python -m benchmark`."""

import os
import sys


def _hidden() -> str:
    """Return the file in the folder that Python looks into first that hides a module of its own, "" if none does."""
    folder = sys.path[0] or os.curdir
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []  # noqa: PTH208, PTH112 - before any other import
    return next((name for name in names if name.endswith(".py") and name[:-3] in sys.stdlib_module_names), "")


if __name__ == "__main__":
    # Before anything else is imported: what is hidden may be needed by any of it.
    if name := _hidden():
        sys.stderr.write(
            f"error: {name} in {sys.path[0]!r} hides Python's module {name[:-3]!r}; give it another name\n"
        )
        sys.exit(2)
    from benchmark.cli import main

    main()
