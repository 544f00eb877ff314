"""Curves of cells in 16 bit: the median and the band along the slice, each cell over its own range, and compressed.

The range is that of its values near the function: what explodes is cut off thirty function ranges away, where every
picture and every word for it has long decided.
"""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.store.record import Curve, TaskCard

_STEPS = 2**16 - 1
_KINDS = ("tasks", "ranges", "bends", "curves")
_REACH = 30.0
# The first day that an archive can name: a file's bytes are those of its content alone, by one version of zlib.
_DATE = (1980, 1, 1, 0, 0, 0)

Arrays = dict[str, NDArray[np.generic]]


def _window(card: TaskCard) -> tuple[float, float]:
    truth = next((r.slice for r in card.references if r.name == "truth" and r.slice), (0.0,))
    low, high = min(truth), max(truth)
    reach = _REACH * max(high - low, card.target_sd)
    return low - reach, high + reach


def _bends(steps: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Return curves (k, 3, n) as second differences along the slice, first the high bytes, then the low ones.

    Those are of the median and of how far the band is from it: most are small, which takes a third of the room.
    """
    median, low, high = np.moveaxis(steps, 1, 0)
    lines = np.stack([median, median - low, high - median], axis=1)
    bends = np.diff(lines, n=2, axis=2, prepend=np.zeros((len(steps), 3, 2), dtype=np.uint16))
    return np.stack([bends >> 8, bends & 0xFF]).astype(np.uint8)


def _steps(bends: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Return the curves (k, 3, n) of these second differences."""
    lines = bends[0].astype(np.uint16) << 8 | bends[1]
    for _ in range(2):
        lines = np.cumsum(lines, axis=2, dtype=np.uint16)
    median, below, above = np.moveaxis(lines, 1, 0)
    return np.stack([median, median - below, median + above], axis=1)


def packed(curves: Mapping[str, Curve], cards: Mapping[str, TaskCard]) -> bytes:
    """Return the curves of a model's cells, by task, as an npz archive; the same curves give the same bytes."""
    arrays: Arrays = {}
    by_length: dict[int, list[str]] = {}
    for task in sorted(curves):
        by_length.setdefault(len(curves[task].median), []).append(task)
    for n, tasks in sorted(by_length.items()):
        lines = np.array([[c.median, c.low, c.high] for c in (curves[task] for task in tasks)], dtype=np.float64)
        windows = np.array([_window(cards[task]) for task in tasks])
        lines = np.clip(lines, windows[:, :1, None], windows[:, 1:, None])
        ranges = np.stack([lines.min(axis=(1, 2)), lines.max(axis=(1, 2))], axis=1)
        spans = np.ptp(ranges, axis=1)
        shares = (lines - ranges[:, :1, None]) / np.where(spans > 0, spans, 1.0)[:, None, None]
        arrays |= {
            f"tasks_{n}": np.array(tasks),
            f"ranges_{n}": ranges.astype("<f8"),
            f"bends_{n}": _bends(np.rint(shares * _STEPS).astype(np.uint16)),
        }
    return _archive(arrays)


def _archive(arrays: Mapping[str, NDArray[np.generic]]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, array in sorted(arrays.items()):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _DATE), member.getvalue(), zipfile.ZIP_DEFLATED, 9)
    return content.getvalue()


@dataclass(frozen=True)
class PackedCurve:
    """A curve in 16 bit over a range; it becomes numbers when somebody looks at it."""

    steps: NDArray[np.uint16]
    low_end: float
    high_end: float

    def _values(self, part: int) -> tuple[float, ...]:
        inner = self.low_end + self.steps[part].astype(np.float64) / _STEPS * (self.high_end - self.low_end)
        # The ends exactly, so that what was read is written as it was.
        values: list[float] = np.where(self.steps[part] == _STEPS, self.high_end, inner).tolist()
        return tuple(values)

    @property
    def median(self) -> tuple[float, ...]:
        """The median over seeds."""
        return self._values(0)

    @property
    def low(self) -> tuple[float, ...]:
        """The lower end of the band."""
        return self._values(1)

    @property
    def high(self) -> tuple[float, ...]:
        """The upper end of the band."""
        return self._values(2)


def unpacked(content: bytes) -> dict[str, Curve]:
    """Return the curves by task.

    Raises:
        ValueError: this is no such archive.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = dict(archive)
    except (ValueError, OSError, zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise ValueError(f"it is no npz archive: {error}") from error
    found: dict[str, Curve] = {}
    for name in arrays:
        kind, _, n = name.partition("_")
        if kind not in _KINDS or not n.isdigit():
            raise ValueError(f"it holds {name!r}, which is no curve")
    for n in sorted({name.partition("_")[2] for name in arrays}):
        found |= _curves(arrays, n)
    return found


def _curves(arrays: Mapping[str, NDArray[np.generic]], n: str) -> dict[str, Curve]:
    # Before they were compressed, curves stood there as they are.
    plain = f"curves_{n}" in arrays
    try:
        tasks, ranges, kept = (arrays[f"{kind}_{n}"] for kind in ("tasks", "ranges", "curves" if plain else "bends"))
    except KeyError as error:
        raise ValueError(f"it lacks {error}") from error
    k = len(tasks) if tasks.ndim == 1 else -1
    right = (tasks.dtype.kind, ranges.dtype, kept.dtype) == ("U", np.dtype("<f8"), np.dtype("<u2" if plain else "u1"))
    if not right or ranges.shape != (k, 2) or kept.shape != (() if plain else (2,)) + (k, 3, int(n)):
        raise ValueError(f"its arrays of length {n} do not belong together")
    limits = ranges.astype(np.float64)
    if not np.isfinite(limits).all() or (limits[:, 0] > limits[:, 1]).any():
        raise ValueError("a range of it is none")
    steps = kept.astype(np.uint16) if plain else _steps(kept.astype(np.uint8))
    each = zip(tasks.tolist(), steps, limits.tolist(), strict=True)
    return {task: PackedCurve(lines, low, high) for task, lines, (low, high) in each}  # type: ignore[misc]
