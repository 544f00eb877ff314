"""How a process of a call ended that gave no answer: as a status and a sentence, with the limit that it met."""

import signal
from pathlib import Path
from typing import Any

from benchmark.cell.outcome import says_out_of_memory
from benchmark.workers.heard import Answer, Heard
from benchmark.workers.logs import last_line, tail


def with_limit(said: dict[str, Any], memory_mib: int) -> dict[str, Any]:
    """Return what is said of a seed, with the limit of memory and its option where that was too little."""
    if said.get("status") != "out-of-memory" or "--memory" in said["reason"]:
        return said
    return said | {"reason": f"{said['reason']}; the limit is {memory_mib:,} MiB (--memory)"}


def _words(code: int) -> str:
    if code >= 0:
        return f"its process ended with exit code {code} and gave no answer"
    if code == -signal.SIGKILL:
        return "its process was ended by SIGKILL, as a system does that runs out of memory"
    try:
        return f"its process was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"its process was ended by signal {-code}"


def ending_of(heard: Heard, log: Path, *, in_time: bool, seconds: float, memory_mib: int, disk_mib: int) -> Answer:
    """Return the status and the sentence for a process that was heard so far, within these limits."""
    end, where = heard.end, last_line(log)
    if not in_time:
        return Answer(status="timeout", reason=f"stopped after {seconds:g} s (--timeout){where}")
    if end and end.excess == "memory":
        limit = f"{memory_mib:,} MiB (--memory)"
        return Answer(status="out-of-memory", reason=f"its processes together held more than {limit}{where}")
    if end and end.excess == "disk":
        words = f"it wrote more than {disk_mib:,} MiB into its temporary folder{where}"
        return Answer(status="failed", reason=words)
    if heard.trouble:
        return Answer(status="failed", reason=f"{heard.trouble}{where}")
    if end is None or end.code is None:
        words = "the process that keeps it was ended, by itself or by the system"
        return Answer(status="crashed", reason=words + where)
    if end.code == -signal.SIGXCPU:
        words = "used up its processor time (--timeout times the number of cores)"
        return Answer(status="timeout", reason=words)
    words = _words(end.code)
    if end.role == "rows":
        words = f"{words}, while the rows of the task were drawn or scored"
    memory = end.code != 0 and says_out_of_memory(tail(log, 2**16).decode(errors="replace"))
    return Answer(status="out-of-memory" if memory else "crashed", reason=words + where)
