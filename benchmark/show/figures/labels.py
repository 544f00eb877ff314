"""Where the names of points stand in a picture, so that no name covers another or a point."""

from collections.abc import Sequence
from dataclasses import dataclass

# What stands free around a name and a point.
_FREE, _POINT = 1.5, 5.0
# How far a name may stand from its point, and in which directions: to the right first, then the left, above, below.
_DISTANCES = (9.0, 15.0, 22.0, 32.0, 46.0, 64.0, 90.0, 120.0)
_DIRECTIONS = ((1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1), (0, 1), (0, -1), (2, 1), (2, -1), (-2, 1), (-2, -1))


@dataclass(frozen=True)
class Box:
    """A rectangle from its left and lower ends to its right and upper ones."""

    left: float
    low: float
    right: float
    high: float

    def overlap(self, other: "Box") -> float:
        """Return the area that both cover."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.high, other.high) - max(self.low, other.low)
        return width * height if width > 0 and height > 0 else 0.0

    def within(self, other: "Box") -> bool:
        """Return whether nothing of it is outside the other."""
        inside = self.left >= other.left and self.right <= other.right
        return inside and self.low >= other.low and self.high <= other.high


def _candidates(x: float, y: float, width: float, height: float) -> list[Box]:
    """Return where the name of a point may stand, the nearest first."""
    boxes = []
    for distance in _DISTANCES:
        for sideways, upwards in _DIRECTIONS:
            at_x, at_y = x + distance * (sideways / max(abs(sideways), abs(upwards))), y + distance * upwards / 2
            left = at_x if sideways > 0 else at_x - width if sideways < 0 else at_x - width / 2
            boxes.append(Box(left, at_y - height / 2, left + width, at_y + height / 2))
    return boxes


def placed(
    points: Sequence[tuple[float, float]],
    widths: Sequence[float],
    *,
    height: float,
    frame: Box,
    lines: Sequence[Box] = (),
) -> list[tuple[float, float]]:
    """Return for each point the left end and the middle of its name, in the units of the points.

    Names have these widths and all one height, and stay in the frame. One after the other stands where it covers
    nothing that is there already, none of the lines either, as near to its point as can be; where all is covered,
    where it covers least.
    """
    taken = [*lines, *(Box(x - _POINT, y - _POINT, x + _POINT, y + _POINT) for x, y in points)]
    found = []
    for (x, y), width in zip(points, widths, strict=True):
        boxes = [box for box in _candidates(x, y, width, height) if box.within(frame)] or _candidates(
            x, y, width, height
        )
        # In tenths, so that the last bit of a logarithm moves no name.
        covered = [round(sum(box.overlap(other) for other in taken), 1) for box in boxes]
        best = boxes[covered.index(min(covered))]
        taken.append(Box(best.left - _FREE, best.low, best.right + _FREE, best.high))
        found.append((best.left, (best.low + best.high) / 2))
    return found
