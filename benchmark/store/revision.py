"""Results as they were committed at a git revision, laid out in a folder to be read like any other."""

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmark.environment import CHECKOUT
from benchmark.errors import UsageError


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
