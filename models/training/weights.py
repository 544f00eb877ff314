"""The weights of many seeds in one flat buffer, and the optimisers that update it in place."""

from collections.abc import Iterator, Sequence
from math import prod

import torch
from torch import Tensor

# Every seed's block has this multiple of numbers: all blocks lie alike in memory, so that a seed's
# arithmetic takes the same path in every slot and its bits do not depend on the other seeds.
ALIGNMENT = 64
# Keras's settings, by torch's names.
RMSPROP = {"alpha": 0.9, "eps": 1e-7}


def padded(size: int) -> int:
    """Return the size rounded up to whole blocks of `ALIGNMENT` numbers."""
    return -(-size // ALIGNMENT) * ALIGNMENT


class FlatWeights:
    """Arrays of the given shapes for each seed: values[i] and gradients[i] are views (seeds, *shapes[i]).

    One fused elementwise update serves all seeds. (`torch.optim.Adam(fused=True)` is not used: it
    updates the wrong elements when a gradient has other strides than its weights, and says nothing.)
    """

    def __init__(
        self, n_seeds: int, shapes: Sequence[tuple[int, ...]], *, dtype: torch.dtype, optimizer: str = "adam"
    ) -> None:
        self.step = {"adam": self._adam, "rmsprop": self._rmsprop}[optimizer]
        size = padded(sum(prod(shape) for shape in shapes))
        self._values, self._gradient, self._mean, self._square = (
            torch.zeros(n_seeds, size, dtype=dtype) for _ in range(4)
        )
        self.values = tuple(_views(self._values, shapes))
        self.gradients = tuple(_views(self._gradient, shapes))

    def _adam(self, count: Tensor, rate: float) -> None:
        """Take Adam's step number `count` (a float, from 1 on) with the gradients at hand, in place."""
        torch._fused_adam_(
            [self._values],
            [self._gradient],
            [self._mean],
            [self._square],
            [],
            [count],
            lr=rate,
            beta1=0.9,
            beta2=0.999,
            weight_decay=0.0,
            eps=1e-8,
            amsgrad=False,
            maximize=False,
        )

    def _rmsprop(self, count: Tensor, rate: float) -> None:
        """Take a step of RMSprop with the gradients at hand, in place."""
        self._square.mul_(RMSPROP["alpha"]).addcmul_(self._gradient, self._gradient, value=1 - RMSPROP["alpha"])
        torch.sqrt(self._square, out=self._mean)
        self._values.addcdiv_(self._gradient, self._mean.add_(RMSPROP["eps"]), value=-rate)


def _views(flat: Tensor, shapes: Sequence[tuple[int, ...]]) -> Iterator[Tensor]:
    start = 0
    for shape in shapes:
        yield flat[:, start : start + prod(shape)].view(len(flat), *shape)
        start += prod(shape)
