"""A folder goes with all that is in it, however deep it is and whatever rights it has; what links lead to stays."""

import os
import subprocess
from pathlib import Path

from benchmark.workers.removal import remove


def test_a_folder_of_any_depth_is_removed(tmp_path: Path) -> None:
    folder, here = tmp_path / "folder", Path.cwd()
    folder.mkdir()
    try:
        os.chdir(folder)
        # Deeper than functions may call each other, and than a path may be long.
        for _ in range(2500):
            Path("d").mkdir()
            Path("file").touch()
            os.chdir("d")
    finally:
        os.chdir(here)
    try:
        remove(folder)
        assert not folder.exists()
    finally:
        # Nobody else could remove what is left when this fails, pytest least of all.
        subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_locked_folders_are_removed_and_what_links_lead_to_is_not(tmp_path: Path) -> None:
    (tmp_path / "kept" / "inside").mkdir(parents=True)
    folder = tmp_path / "folder"
    locked = folder / "locked" / "inside"
    locked.mkdir(parents=True)
    (locked / "link").symlink_to(tmp_path / "kept", target_is_directory=True)
    os.mkfifo(locked / "pipe")
    for each in (locked, folder / "locked", folder):
        each.chmod(0)
    remove(folder)
    assert not folder.exists()
    assert (tmp_path / "kept" / "inside").is_dir()


def test_what_is_no_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    remove(tmp_path / "link")
    remove(tmp_path / "nothing")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "kept").is_dir()
