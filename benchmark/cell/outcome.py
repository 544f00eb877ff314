"""What a cell is asked, and the words for how it ends: an exception as a status and a sentence, settings as values."""

import math
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from benchmark.catalogue.registry import Origin
from benchmark.cell.metrics import NotFiniteError
from benchmark.environment import CHECKOUT, plain, public
from benchmark.store.record import LETTERS, Reason, Status
from benchmark.store.stamp import Setting
from models.base import Diverged, NotApplicable, Problem
from tasks.base import Task

Text = Annotated[str, Field(max_length=1000)]
# Beyond this a whole number is no longer exact as a float.
_EXACT = 2**53
# Compiled libraries have no type of their own for running out of memory: they raise these words or print them.
_OUT_OF_MEMORY = re.compile(
    r"bad_alloc|MemoryError|not enough memory|[Cc]an(?:no|')t allocate memory|Memory allocation"
)


class Ended(BaseModel):
    """How something foreign says that it ended: in a word of ours, and unless all is well with a reason."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

    status: Status
    reason: Reason = ""

    @model_validator(mode="after")
    def _explained(self) -> Self:
        if self.status != "ok" and not self.reason:
            raise ValueError(f"{self.status} without a reason")
        return self


class Said(Ended):
    """What the process with the model says of one seed; errors in the units of y are not for it to say."""

    settings: dict[Text, Text | Setting] = Field(default={})
    expression: Annotated[str, Field(max_length=LETTERS["expression"])] = ""
    n_parameters: Annotated[int, Field(ge=0)] | None = None
    # Whether standard deviations follow the predictions, and what was wrong with what was offered besides these.
    sd: bool = False
    remarks: list[Text] = Field(default=[])
    notes: dict[Text, Text] = Field(default={})
    seconds: dict[Literal["fit", "predict"], list[Annotated[float, Field(ge=0)]]] = Field(default={})


@dataclass(frozen=True)
class CellSpec:
    """Which cell to run: names and origins, never objects."""

    task: str
    task_origin: Origin
    model: str
    model_origin: Origin
    seeds: tuple[int, ...]
    quick: bool


def says_out_of_memory(text: str) -> bool:
    """Whether a library says in this text that memory has run out."""
    return _OUT_OF_MEMORY.search(text) is not None


def problem_of(task: Task, *, quick: bool) -> Problem:
    """Return what a model may know of a task."""
    n_elements, n_element_features = task.set_shape
    return Problem(
        n_features=task.domain.n_features,
        n_elements=n_elements,
        n_element_features=n_element_features,
        n_train=task.n_train,
        quick=quick,
    )


def _where(error: BaseException) -> str:
    """Return the last line outside the installed packages, as " (my_model.py:12 in fit)"."""
    engine = CHECKOUT / "benchmark"
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "site-packages" not in frame.filename
        and not frame.filename.startswith("<")
        and engine not in Path(frame.filename).parents
    ]
    return f" ({Path(own[-1].filename).name}:{own[-1].lineno} in {own[-1].name})" if own else ""


def outcome_of(error: BaseException) -> dict[str, str]:
    """Return the status and the sentence that an exception becomes."""
    try:
        text = public(error)
    except Exception as another:
        # What a plugin raises may be unable to say what it is.
        text = f"(its message could not be read: {type(another).__name__})"
    match error:
        case NotApplicable():
            return {"status": "not-applicable", "reason": text or "the model gave no reason"}
        case Diverged() | NotFiniteError():
            return {"status": "diverged", "reason": text or "the model gave no reason"}
    memory = isinstance(error, MemoryError) or says_out_of_memory(text)
    said = ": ".join(filter(None, (public(type(error).__name__), text)))
    return {"status": "out-of-memory" if memory else "failed", "reason": f"{said}{_where(error)}"[: LETTERS["reason"]]}


def _setting(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < _EXACT else f"{type(value).__name__} of {value.bit_length()} bits"
    if isinstance(value, str):
        return plain(value)
    # A default repr holds an address, which would differ from run to run.
    return type(value).__name__ if " at 0x" in repr(value) else plain(repr(value))


def settings_of(regressor: object) -> dict[str, object]:
    """Return what a regressor says of its settings by scikit-learn's `get_params`, as plain values."""
    get_params = getattr(regressor, "get_params", None)
    if not callable(get_params):
        return {}
    given: Mapping[str, Any] = get_params(deep=False)
    return {plain(name): _setting(value) for name, value in sorted(given.items()) if value is not None}
