"""Variants of a task: the same function with other rows, other noise or another outside, under a name that says so.

`square-100-rows`, `square-noise-0-01` and `square-outside-1-5` are the task `square` with 100 training rows, with noise
of 0.01 sd(y) in their targets, and with an outside that reaches to 1.5 times the training range. A variant draws rows
of its own, as any task does.
"""

import re
from dataclasses import dataclass, replace

from tasks.base import NAME_PATTERN, NAME_WORDS, Task, WithTraining

# What a variant is tagged with; what has the tag stays off the main board.
VARIANT = "variant"
_NUMBER = r"\d+(?:-\d+)?"
_NAME = re.compile(
    rf"(?P<base>.+?)(?:-(?P<rows>[1-9]\d*)-rows)?(?:-noise-(?P<noise>{_NUMBER}))?(?:-outside-(?P<outside>{_NUMBER}))?"
)


def _written(value: float) -> str:
    """Return a number as it stands in a name: 0.01 as "0-01"."""
    return f"{value:.10f}".rstrip("0").rstrip(".").replace(".", "-")


def _read(text: str | None) -> float | None:
    return None if text is None else float(text.replace("-", "."))


@dataclass(frozen=True, kw_only=True)
class Variant:
    """What is otherwise than in the task itself; None where it is the same.

    `rows` are training rows, `noise` is in sd of y on the training law, `outside` is the distance factor at which the
    outside ends.
    """

    rows: int | None = None
    noise: float | None = None
    outside: float | None = None

    @property
    def suffix(self) -> str:
        """What follows the task's own name, "" where nothing is otherwise."""
        parts = [f"-{self.rows}-rows"] if self.rows is not None else []
        for name in ("noise", "outside"):
            value = getattr(self, name)
            if value is not None:
                parts.append(f"-{name}-{_written(value)}")
        return "".join(parts)

    @property
    def words(self) -> str:
        """What is otherwise, in words."""
        parts = [f"{self.rows:,} training rows"] if self.rows is not None else []
        parts += [f"noise of {self.noise:g} sd(y)"] if self.noise is not None else []
        parts += [f"outside to {self.outside:g} times the range"] if self.outside is not None else []
        return ", ".join(parts)


def parsed(name: str) -> tuple[str, Variant] | None:
    """Return the task's own name and the variant that a name means, None where it means none."""
    found = _NAME.fullmatch(name)
    assert found is not None
    rows = found["rows"]
    variant = Variant(rows=int(rows) if rows else None, noise=_read(found["noise"]), outside=_read(found["outside"]))
    # Each variant has one name.
    return (found["base"], variant) if variant.suffix and f"{found['base']}{variant.suffix}" == name else None


def name_of(base: str, variant: Variant) -> str:
    """Return the name of a task's variant.

    Raises:
        ValueError: it would be too long for a name.
    """
    name = f"{base}{variant.suffix}"
    if not NAME_PATTERN.fullmatch(name):
        raise ValueError(f"the variant {name!r} of task {base!r} has no name that is allowed: use {NAME_WORDS}")
    return name


def variant_of(task: Task, variant: Variant) -> Task:
    """Return a variant of a task.

    Raises:
        ValueError: the task has none of this kind; the message says why.
    """
    fixed = task.domain.n_training_rows if isinstance(task.domain, WithTraining) else None
    if variant.rows is not None and fixed is not None:
        raise ValueError(
            f"task {task.name!r} has {fixed:,} fixed training rows, and no variant with {variant.rows:,}; leave out "
            "the task or the rows"
        )
    changes: dict[str, object] = {}
    if variant.rows is not None:
        changes["n_train"] = variant.rows
    if variant.noise is not None:
        changes |= {"noise": variant.noise, "noise_std": 0.0}
    if variant.outside is not None:
        changes["reach"] = variant.outside
    return replace(
        task,
        name=name_of(task.name, variant),
        title=f"{task.title}, {variant.words}",
        tags=(*task.tags, VARIANT),
        family=task.family or task.name,
        **changes,  # type: ignore[arg-type]
    )
