"""The sizes that a model sees of a problem: its seconds depend on them, and for most models on nothing else."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Size = Annotated[int, Field(ge=1)]
# Whether seconds follow from the sizes of a problem, or from a task's values as well.
TimedBy = Literal["shape", "task"]


class Shape(BaseModel):
    """The sizes of a problem as a model sees them, and the number of rows that are predicted."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    n_train: Size
    n_features: Size
    n_elements: Size
    n_element_features: Size
    n_predicted: Size

    @property
    def name(self) -> str:
        """The shape as a file may be called; a task's name has no underscore, so that no task is called so."""
        return f"{self.n_train}x{self.n_features}_{self.n_elements}x{self.n_element_features}_{self.n_predicted}"
