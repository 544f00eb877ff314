"""Imported by the process server, before anything else: what makes it ours.

It becomes the parent of what a call leaves behind when the call's own keeper is gone, so that the run
finds it, and says nothing when it collects such a process.
"""

import warnings

from benchmark.run.keeper import adopt_orphans

adopt_orphans()
warnings.filterwarnings("ignore", message="forkserver: waitpid returned unexpected pid")
