"""What git knows of results: how they were committed at a revision, laid out in a folder, and what is not committed."""

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmark.environment import CHECKOUT
from benchmark.errors import UsageError

# What a branch is compared with: the main line as it is elsewhere, and as it is here.
MAIN = ("origin/main", "main")


def _git(checkout: Path, *words: str) -> str | None:
    """Return what git prints, None where it fails or cannot be run."""
    try:
        done = subprocess.run(["git", "-C", str(checkout), *words], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def head_of(checkout: Path = CHECKOUT) -> str:
    """Return the commit that is checked out.

    Raises:
        UsageError: there is none, or git cannot be run.
    """
    head = _git(checkout, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if head is None:
        raise UsageError(
            f"{str(checkout)!r} is no git repository with a commit, or git cannot be run; what is verified is drawn by "
            "the commit: work in a clone, and commit first"
        )
    return head.strip()


def base_of(checkout: Path = CHECKOUT) -> str:
    """Return the commit that the work checked out here began from: where it left the main line, or HEAD's parent on it.

    Raises:
        UsageError: there is nothing before HEAD, as in a clone of one commit.
    """
    head = head_of(checkout)
    for name in MAIN:
        found = (_git(checkout, "merge-base", name, "HEAD") or "").strip()
        if found and found != head:
            return found
    parent = _git(checkout, "rev-parse", "--verify", "--quiet", "HEAD~1^{commit}")
    if parent is None:
        raise UsageError(
            f"nothing is known before the commit {head[:7]}, which is the first one here; name a revision to compare "
            "with, take all by --all, or fetch the history by `git fetch --unshallow`"
        )
    return parent.strip()


def uncommitted(results: Path, checkout: Path = CHECKOUT) -> list[str]:
    """Return the files of a results folder, from the checkout, that are not as they are committed."""
    words = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--")
    found = _git(checkout, *words, results.relative_to(checkout).as_posix())
    return [line[3:] for line in (found or "").split("\0") if line]


@contextmanager
def results_of(name: str, results: Path, checkout: Path = CHECKOUT) -> Iterator[Path]:
    """Yield a results folder: `name` itself when it is one, else `results` as committed at the revision `name`.

    Raises:
        UsageError: it is neither a folder nor a revision that holds results.
    """
    if Path(name).is_dir():
        yield Path(name)
        return
    # A leading dash would be an option of git's.
    words = ["archive", "--format=tar", f"{name}:{results.relative_to(checkout).as_posix()}"]
    command = ["git", "-C", str(checkout), *words]
    try:
        done = None if name.startswith("-") else subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        raise UsageError(
            f"{name!r} is no results folder, and git, which would know a revision of that name, cannot be run "
            f"({error.strerror or error}); name a folder, or install git"
        ) from error
    if done is None or done.returncode:
        raise UsageError(
            f"{name!r} is neither a results folder nor a git revision that holds results; name one of them"
        )
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder)
