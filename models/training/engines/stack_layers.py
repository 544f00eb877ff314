"""The layers of a plain stack in closed form: forward and backward in place, many seeds at once.

Arrays are feature-major: a signal of one seed is (features + 1, columns), its last row all ones, so
that the weights (out, in + 1) hold the bias as their last column and one matrix product does both
the sum and its gradient. A column is a row of the batch, or one element of it; elements are the
slower index. Products go through `np.matmul`, which calls BLAS once a seed with the same shapes
whatever the number of seeds, elementwise work through torch's fused kernels on the same memory.
"""

from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.training.weights import padded

Array = NDArray[Any]

_MINUS_ONE = {dtype: torch.full((1,), -1.0, dtype=dtype) for dtype in (torch.float32, torch.float64)}


class Signal:
    """What flows between layers: values (seeds, features + 1, columns), and their gradient without ones."""

    def __init__(self, n_seeds: int, n_features: int, n_columns: int, *, dtype: torch.dtype) -> None:
        used = n_features * n_columns
        values = torch.zeros(n_seeds, padded(used + n_columns), dtype=dtype)
        gradient = torch.zeros(n_seeds, padded(used), dtype=dtype)
        shape = (n_seeds, n_features, n_columns)
        self.flat_values: Tensor = values[:, :used]
        self.flat_gradient: Tensor = gradient[:, :used]
        self.with_ones: Array = values.numpy()[:, : used + n_columns].reshape(n_seeds, n_features + 1, n_columns)
        self.with_ones[:, -1] = 1.0
        self.values: Array = self.with_ones[:, :-1]
        self.gradient: Array = gradient.numpy()[:, :used].reshape(shape)

    def as_basis(self) -> Self:
        """Return the signal with (0, ..., 0, 1) for its ones: the columns of a map, the last its constant."""
        self.with_ones[:, -1, :-1] = 0.0
        return self


class Layer(Protocol):
    """One layer between two signals, with its derivative."""

    def forward(self) -> None:
        """Fill the outgoing values from the incoming ones."""

    def backward(self) -> None:
        """Fill the incoming gradient, and the layer's own, from the outgoing one."""


class Affine:
    """weights @ (inputs, 1), with weights (seeds, out, in + 1), or without bias (seeds, out, in)."""

    def __init__(
        self, weights: Array, weights_gradient: Array, *, before: Signal, after: Signal, is_first: bool
    ) -> None:
        n_inputs = before.values.shape[1]
        self._weights, self._weights_gradient = weights, weights_gradient
        self._weights_transposed = weights[:, :, :n_inputs].swapaxes(1, 2)
        self._inputs = before.with_ones[:, : weights.shape[2]]
        self._inputs_transposed = self._inputs.swapaxes(1, 2)
        self._inputs_gradient = None if is_first else before.gradient
        self._outputs, self._outputs_gradient = after.values, after.gradient
        # numpy has no fast path for a product over one single term.
        self._product = np.multiply if weights.shape[1] == 1 else np.matmul

    def forward(self) -> None:
        np.matmul(self._weights, self._inputs, out=self._outputs)

    def backward(self) -> None:
        np.matmul(self._outputs_gradient, self._inputs_transposed, out=self._weights_gradient)
        if self._inputs_gradient is not None:
            self._product(self._weights_transposed, self._outputs_gradient, out=self._inputs_gradient)


@dataclass(frozen=True)
class Relu:
    """max(x, 0) in place."""

    signal: Signal

    def forward(self) -> None:
        self.signal.flat_values.relu_()

    def backward(self) -> None:
        signal = self.signal
        torch.ops.aten.threshold_backward.grad_input(
            signal.flat_gradient, signal.flat_values, 0, grad_input=signal.flat_gradient
        )


@dataclass(frozen=True)
class Tanh:
    """tanh x in place, as 2 sigmoid(2x) - 1: within rounding of torch's tanh, and three times as fast."""

    signal: Signal

    def forward(self) -> None:
        values = self.signal.flat_values
        torch.add(_MINUS_ONE[values.dtype], values.mul_(2).sigmoid_(), alpha=2, out=values)

    def backward(self) -> None:
        signal = self.signal
        torch.ops.aten.tanh_backward.grad_input(
            signal.flat_gradient, signal.flat_values, grad_input=signal.flat_gradient
        )


class ElementSum:
    """The sum over elements: columns (elements x batch) to columns (batch)."""

    def __init__(self, before: Signal, after: Signal) -> None:
        n_seeds, n_features, n_batch = after.values.shape
        n_elements = before.values.shape[2] // n_batch
        by_element = (n_seeds, n_features, n_elements, n_batch)
        self._ones = np.ones((1, n_elements), dtype=after.values.dtype)
        self._inputs = before.values.reshape(by_element)
        self._inputs_gradient = before.gradient.reshape(by_element)
        self._outputs = after.values[:, :, np.newaxis]
        self._outputs_gradient = after.gradient[:, :, np.newaxis]

    def forward(self) -> None:
        # As a product it takes half the time of a reduction over an inner axis.
        np.matmul(self._ones, self._inputs, out=self._outputs)

    def backward(self) -> None:
        np.copyto(self._inputs_gradient, self._outputs_gradient)
