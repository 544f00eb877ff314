"""Finds the processes that a run has started, by a mark in their environment."""

import time
from pathlib import Path

MARK = "FNBENCH_TEST_MARK"


def marked(mark: str) -> list[str]:
    """Return "pid command" of every living process that was started with FNBENCH_TEST_MARK=mark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        # The tracker is Python's own, one for as long as the process that asked for it.
        if f"{MARK}={mark}".encode() in variables and "multiprocessing.resource_tracker" not in command:
            found.append(f"{folder.name} {command[:200]}")
    return found


def left_over(mark: str, seconds: float = 20.0) -> list[str]:
    """Return what is still alive after the time that the end of a process may take on a busy machine.

    What tests leave behind on purpose would live for a minute.
    """
    end = time.monotonic() + seconds
    while (found := marked(mark)) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def stray() -> list[str]:
    """Return "pid command" of every process that a hostile plugin has started without a mark."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"fnbench-stray" in command:
            found.append(f"{path.parent.name} {command}")
    return found
