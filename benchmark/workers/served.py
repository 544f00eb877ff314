"""Imported by the process server, before anything else: what makes it ours.

It becomes the parent of what a call leaves behind when the call's own keeper is gone, so that the run
finds it, and says nothing when it collects such a process. Nor does it when somebody sends it what is no
request: it ends, and the run starts another one.
"""

import sys
import warnings
from types import TracebackType

from benchmark.workers.keeper import adopt_orphans

# What Python's own server raises at what is no request.
_NO_REQUEST = (EOFError, RuntimeError, AssertionError, ValueError, ConnectionError)


def _say(kind: type[BaseException], error: BaseException, place: TracebackType | None) -> None:
    if not issubclass(kind, _NO_REQUEST):
        sys.__excepthook__(kind, error, place)


sys.excepthook = _say
adopt_orphans()
warnings.filterwarnings("ignore", message="forkserver: waitpid returned unexpected pid")
