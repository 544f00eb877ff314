"""Matrix products of many seeds, each seed's bits its own."""

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import Tensor

from models.training.weights import padded


def block(shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    """Return an empty tensor (seeds, ...) in which every seed's numbers are at the same place of a whole block."""
    n_seeds, size = shape[0], torch.Size(shape[1:]).numel()
    return torch.empty(n_seeds, padded(size), dtype=dtype)[:, :size].view(shape)


def product(left: Tensor, right: Tensor) -> Tensor:
    """Return left (seeds, m, k) @ right (seeds, k, n), each seed's bits its own.

    `torch.bmm` rounds a seed's product differently with where it lies in memory, and so with the
    seeds before it; `np.matmul` calls BLAS once a seed, here always at the same alignment.
    """
    out = block((len(left), left.shape[1], right.shape[2]), left.dtype)
    for call in product_calls(left, right, out, torch.empty_like):
        call()
    return out


def product_calls(
    left: Tensor, right: Tensor, out: Tensor, place: Callable[[Tensor], Tensor]
) -> list[Callable[[], object]]:
    """Return the calls that write left @ right into `out`; `place` gives memory for a copy in another order."""
    if left.shape[2] == 1:
        return [partial(torch.mul, left, right, out=out)]
    calls: list[Callable[[], object]] = []
    operands = []
    for operand in (left, right):
        plain = operand
        # BLAS reads rows or columns that lie side by side.
        if operand.is_conj() or operand.is_neg() or 1 not in operand.stride()[1:]:
            plain = place(operand)
            calls.append(partial(plain.copy_, operand))
        operands.append(plain.numpy())
    return [*calls, partial(np.matmul, *operands, out=out.numpy())]
