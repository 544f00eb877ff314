"""Removes folders that a plugin has had in its hands: however deep they are, and whatever rights they have."""

import contextlib
import os
import secrets
import shutil
from pathlib import Path


def _lifted(folder: Path, top: Path) -> None:
    """Remove a folder and what is in it, except for the folders there: these are moved up to the top."""
    folder.chmod(0o700)
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                # A folder that may not be written cannot be moved.
                Path(entry.path).chmod(0o700)
                Path(entry.path).rename(top / secrets.token_hex(8))
            else:
                Path(entry.path).unlink()
    folder.rmdir()


def remove(folder: Path) -> None:
    """Remove a folder with all that is in it, as far as that can be done; links are not followed."""
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if not folder.is_dir() or folder.is_symlink():
        return
    # What is left is too deep, or locked. A path never gets longer than two names from here.
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
        while below := [entry for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)]:
            for entry in below:
                _lifted(Path(entry.path), folder)
        shutil.rmtree(folder, ignore_errors=True)
