"""The weights of many seeds in one flat buffer, and the optimisers that update it in place."""

from collections.abc import Iterator, Sequence
from math import inf, prod

import torch
from torch import Tensor

from models.training.recipe import Recipe

# Every seed's block has this multiple of numbers: all blocks lie alike in memory, so that a seed's
# arithmetic takes the same path in every slot and its bits do not depend on the other seeds.
ALIGNMENT = 64
# Keras's settings, by torch's names.
RMSPROP = {"alpha": 0.9, "eps": 1e-7}


def padded(size: int) -> int:
    """Return the size rounded up to whole blocks of `ALIGNMENT` numbers."""
    return -(-size // ALIGNMENT) * ALIGNMENT


class FlatArrays:
    """Arrays of the given shapes for each seed: values[i] and gradients[i] are views (seeds, *shapes[i])."""

    def __init__(self, n_seeds: int, shapes: Sequence[tuple[int, ...]], *, dtype: torch.dtype) -> None:
        size = padded(sum(prod(shape) for shape in shapes))
        self._values, self._gradient = (torch.zeros(n_seeds, size, dtype=dtype) for _ in range(2))
        self.values = tuple(_views(self._values, shapes))
        self.gradients = tuple(_views(self._gradient, shapes))


class FlatWeights(FlatArrays):
    """Arrays that an optimiser updates: one fused elementwise update serves all seeds.

    (`torch.optim.Adam(fused=True)` is not used: it updates the wrong elements when a gradient has other strides than
    its weights, and says nothing.)
    """

    def __init__(self, n_seeds: int, shapes: Sequence[tuple[int, ...]], *, dtype: torch.dtype, recipe: Recipe) -> None:
        super().__init__(n_seeds, shapes, dtype=dtype)
        self._update = {"adam": self._adam, "adamw": self._adam, "sgd": self._sgd, "rmsprop": self._rmsprop}[
            recipe.optimizer
        ]
        self._fused_adam = torch._fused_adamw_ if recipe.optimizer == "adamw" else torch._fused_adam_
        self._decay, self._momentum = recipe.weight_decay, recipe.momentum or 0.0
        self._clip_norm = recipe.clip_norm or inf
        # Without clipping a step is the update itself.
        self.step = self._update if recipe.clip_norm is None else self._clipped
        self._mean, self._square = (torch.zeros_like(self._values) for _ in range(2))

    def _clipped(self, count: Tensor, rate: float) -> None:
        """Take a step with each seed's gradients made shorter where they are longer than the norm allowed."""
        for gradient in self._gradient:
            # One seed after another: a reduction over all at once may add up otherwise with other numbers of them.
            norm = torch.dot(gradient, gradient).sqrt()
            gradient.mul_((self._clip_norm / (norm + 1e-6)).clamp(max=1.0))
        self._update(count, rate)

    def _adam(self, count: Tensor, rate: float) -> None:
        """Take Adam's step number `count` (a float, from 1 on) with the gradients at hand, in place."""
        self._fused_adam(
            [self._values],
            [self._gradient],
            [self._mean],
            [self._square],
            [],
            [count],
            lr=rate,
            beta1=0.9,
            beta2=0.999,
            weight_decay=self._decay,
            eps=1e-8,
            amsgrad=False,
            maximize=False,
        )

    def _rmsprop(self, count: Tensor, rate: float) -> None:
        """Take a step of RMSprop with the gradients at hand, in place."""
        self._add_decay()
        self._square.mul_(RMSPROP["alpha"]).addcmul_(self._gradient, self._gradient, value=1 - RMSPROP["alpha"])
        torch.sqrt(self._square, out=self._mean)
        self._values.addcdiv_(self._gradient, self._mean.add_(RMSPROP["eps"]), value=-rate)

    def _sgd(self, count: Tensor, rate: float) -> None:
        """Take a step of gradient descent with momentum, in place."""
        self._add_decay()
        self._mean.mul_(self._momentum).add_(self._gradient)
        self._values.add_(self._mean, alpha=-rate)

    def _add_decay(self) -> None:
        if self._decay:
            self._gradient.add_(self._values, alpha=self._decay)


def _views(flat: Tensor, shapes: Sequence[tuple[int, ...]]) -> Iterator[Tensor]:
    start = 0
    for shape in shapes:
        yield flat[:, start : start + prod(shape)].view(len(flat), *shape)
        start += prod(shape)
