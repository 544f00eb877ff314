"""A processor without what this one has beyond the least that numpy and OpenBLAS need: `python tests/processors.py`.

Prints the features that NPY_DISABLE_CPU_FEATURES has to name for numpy's arithmetic on the plainest processor.
"""

import importlib
import os
import platform


def features_beyond_base() -> list[str]:
    """Return the features of this processor for which numpy has faster code; none where there are none.

    numpy refuses to start without a feature of its base, and warns of one that the processor has not.
    """
    core = importlib.import_module("numpy._core._multiarray_umath")
    return [name for name in core.__cpu_dispatch__ if core.__cpu_features__.get(name)]


def base_processor() -> dict[str, str]:
    """Return the environment in which numpy and OpenBLAS compute as on the plainest processor of this architecture."""
    # What is switched off already stays so.
    off = os.environ.get("NPY_DISABLE_CPU_FEATURES", "").split()
    plain = {"NPY_DISABLE_CPU_FEATURES": " ".join(dict.fromkeys([*off, *features_beyond_base()]))}
    # The first with SSE 4.2, which is the base of numpy's wheels.
    return plain | ({"OPENBLAS_CORETYPE": "Nehalem"} if platform.machine() in {"x86_64", "AMD64"} else {})


if __name__ == "__main__":
    print(" ".join(features_beyond_base()))
