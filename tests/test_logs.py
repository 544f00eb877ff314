"""A log is read, cut and replaced only where it is a plain file, and nobody ever waits for one."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmark.workers.guard import capture_output
from benchmark.workers.logs import LOG_LIMIT, is_plain, last_line, make_way, tail, trim

WORDS = 'Thread 0x1 (most recent call first):\n  File "/x/my_model.py", line 12 in fit\n'


def pipe(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    (path / "inside").mkdir(parents=True)


def link(path: Path) -> None:
    (path.parent / "victim").write_text(WORDS)
    path.symlink_to(path.parent / "victim")


def loop(path: Path) -> None:
    path.symlink_to(path)


def link_to_a_pipe(path: Path) -> None:
    os.mkfifo(path.parent / "fifo")
    path.symlink_to(path.parent / "fifo")


@pytest.mark.parametrize("put", [pipe, folder, link, loop, link_to_a_pipe])
def test_what_is_no_plain_file_is_neither_read_nor_written_and_makes_way(
    tmp_path: Path, put: Callable[[Path], None]
) -> None:
    log = tmp_path / "logs" / "output.log"
    log.parent.mkdir()
    put(log)
    assert not is_plain(log)
    assert (tail(log, 100), last_line(log)) == (b"", "")
    trim(log)
    assert os.path.lexists(log)
    make_way(log)
    assert not os.path.lexists(log)
    victim = log.parent / "victim"
    assert not victim.exists() or victim.read_text() == WORDS


@pytest.mark.parametrize("put", [pipe, folder, link, loop])
def test_output_goes_nowhere_rather_than_into_what_is_no_plain_file(
    tmp_path: Path, put: Callable[[Path], None]
) -> None:
    log = tmp_path / "output.log"
    put(log)
    if (child := os.fork()) == 0:
        code = 1
        try:
            capture_output(log)
            os.write(1, b"some words")
            code = 0 if os.fstat(1).st_rdev == Path(os.devnull).stat().st_rdev else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert not (tmp_path / "victim").exists() or (tmp_path / "victim").read_text() == WORDS


def test_the_folder_of_logs_makes_way_as_well(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "tiny" / "line.log"
    log.parent.parent.mkdir()
    log.parent.write_text("no folder")
    make_way(log)
    assert log.parent.is_dir()
    log.parent.rmdir()
    log.parent.symlink_to(log.parent)
    make_way(log)
    assert log.parent.is_dir()


def test_a_plain_log_is_read_and_cut_and_goes_when_it_is_empty(tmp_path: Path) -> None:
    log = tmp_path / "output.log"
    log.write_text(WORDS)
    assert is_plain(log)
    assert last_line(log) == "; last in fit (my_model.py:12)"
    log.write_bytes(b"a" * LOG_LIMIT + b"the end")
    trim(log)
    assert log.read_bytes().startswith(b"[the beginning is cut]\naaa")
    assert tail(log, 7) == b"the end"
    log.write_bytes(b"")
    trim(log)
    assert not log.exists()
