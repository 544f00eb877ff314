"""What a results folder may be: new or ours, writable, and without links in place of folders."""

import os
from pathlib import Path

from benchmark.errors import UsageError

KNOWN = frozenset(
    {
        "README.md",
        "tasks",
        "records",
        "timing",
        "logs",
        "leaderboard.md",
        "leaderboard.csv",
        "leaderboard.tex",
        "findings.md",
        "calibration.md",
    }
    | {"index.html", "axes.md", "plots", "boards", "speed.md", "speed.csv", "findings", "local"}
)
# Where the kept files lie.
_FOLDERS = ("tasks", "records", "timing")
README = """\
# Results

Written by `python -m benchmark run`; read by `python -m benchmark report`, which needs nothing else.

| what | where |
| --- | --- |
| what each task is: formula, ranges, references | `tasks/<task>.json` |
| what each model did, seed by seed | `records/<task>/<model>.json` |
| how long it took, alone on one thread | `timing/<machine>/<model>.json` |
| the board, rendered from the above | `leaderboard.md`, `leaderboard.csv`, `leaderboard.tex`, `plots/` |
| the board of each other suite | `boards/<suite>.md` |
| the same to explore, offline, in any browser | `index.html` |
| variants of tasks along their axes | `axes.md` |
| the claims of the threads, with their verdicts | `findings.md` |
| figures that others have published, measured here | `calibration.md` |
| a file that could not be read and had to make way | `<name>.json.unreadable-1` |
| what cells printed, when they printed anything | `logs/<task>/<model>.log` (not committed) |
"""


def check_links(root: Path) -> None:
    """Refuse folders of kept files that are links: nothing below them would be seen.

    Raises:
        UsageError: with the first of them.
    """
    for name in _FOLDERS:
        folder = root / name
        # Only folders hold folders; what a file of this name means is said elsewhere.
        real = folder.is_dir() and not folder.is_symlink()
        inner = sorted((*folder.glob("*"), *folder.glob("*/*"))) if real else []
        for path in (folder, *inner):
            if ".json" not in path.name and path.is_symlink():
                raise UsageError(
                    f"results folder {str(root)!r}: {path.relative_to(root).as_posix()!r} is a symbolic "
                    "link, which is not followed; put the folder itself in its place"
                )


def check(root: Path) -> None:
    """Refuse a folder that is not ours or cannot be written; touches nothing.

    Raises:
        UsageError: the path is a file, holds something else, has links for folders, or is not writable.
    """
    check_links(root)
    if root.exists() and not root.is_dir():
        raise UsageError(f"results folder {str(root)!r} is a file; name a folder")
    if root.is_dir() and not (root / "records").is_dir():
        entries = [p for p in root.iterdir() if p.name not in KNOWN and p.name[0] != "."]
        # A suite that is published lies in a folder of its own.
        strange = sorted(p.name for p in entries if not (p / "tasks.json").is_file())
        if strange:
            raise UsageError(
                f"results folder {str(root)!r} holds something else ({strange[0]!r}); name an empty or a new folder"
            )
    existing = next(p for p in (root, *root.absolute().parents) if p.exists())
    if not os.access(existing, os.W_OK | os.X_OK):
        raise UsageError(f"results folder {str(root)!r} is not writable; name another with --results")
