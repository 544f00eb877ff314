"""The random numbers of a recorded step: each seed draws its own, as it would alone in the plain loop.

`vmap` draws for all seeds at once from one stream, so that a seed's numbers would depend on its place among the
others. Here each seed has a stream of its own, which starts at the seed as torch's global one does in the loop.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Generator, Tensor
from torch._ops import OpOverload
from torch.fx import Graph

from models.training.job import Unsuitable

_ATEN = torch.ops.aten


class Chance:
    """The streams of the seeds that share a record, slot by slot; `restart` sets them to the seeds.

    `drawn` says whether the record draws at all.
    """

    def __init__(self) -> None:
        self.drawn = False
        self._streams: list[Generator] = []
        self._draws: Mapping[OpOverload, Callable[..., Tensor]] = {
            _ATEN.bernoulli.p: self._bernoulli,
            _ATEN.bernoulli.default: self._bernoulli_of,
            _ATEN.bernoulli_.float: lambda out, p=0.5: self._fill(out, lambda slot, g: slot.bernoulli_(p, generator=g)),
            _ATEN.normal_.default: self._normal_in_place,
            _ATEN.uniform_.default: self._uniform_in_place,
            _ATEN.randn.default: lambda size, **given: self._normal_in_place(_empty(size, given)),
            _ATEN.rand.default: lambda size, **given: self._uniform_in_place(_empty(size, given)),
            _ATEN.randn_like.default: lambda like, **given: self._normal_in_place(_empty_like(like, given)),
            _ATEN.rand_like.default: lambda like, **given: self._uniform_in_place(_empty_like(like, given)),
        }

    def restart(self, seeds: Iterable[int]) -> None:
        """Start the stream of every slot at its seed."""
        self._streams = [Generator().manual_seed(seed) for seed in seeds]

    def take_over(self, graph: Graph) -> None:
        """Let every random call of a recorded graph draw from these streams.

        Raises:
            Unsuitable: it calls something random that cannot be drawn so.
        """
        for node in graph.nodes:
            if isinstance(node.target, OpOverload) and torch.Tag.nondeterministic_seeded in node.target.tags:
                if node.target not in self._draws:
                    raise Unsuitable(f"it draws random numbers by {node.target.overloadpacket.__name__!r}")
                self.drawn = True
                node.target = _named(self._draws[node.target], node.target)

    def _fill(self, out: Tensor, draw: Callable[[Tensor, Generator], object]) -> Tensor:
        for slot, stream in zip(out, self._streams, strict=True):
            draw(slot, stream)
        return out

    def _bernoulli(self, like: Tensor, p: float = 0.5) -> Tensor:
        return self._fill(_empty_like(like, {}), lambda slot, stream: slot.bernoulli_(p, generator=stream))

    def _bernoulli_of(self, shares: Tensor) -> Tensor:
        pairs = zip(shares, self._streams, strict=True)
        return torch.stack([torch.bernoulli(share, generator=stream) for share, stream in pairs])

    def _normal_in_place(self, out: Tensor, mean: float = 0.0, sd: float = 1.0) -> Tensor:
        return self._fill(out, lambda slot, stream: slot.normal_(mean, sd, generator=stream))

    def _uniform_in_place(self, out: Tensor, low: float = 0.0, high: float = 1.0) -> Tensor:
        return self._fill(out, lambda slot, stream: slot.uniform_(low, high, generator=stream))


def _empty(size: Sequence[int], given: Mapping[str, Any]) -> Tensor:
    return torch.empty(*size, dtype=given.get("dtype"))


def _empty_like(like: Tensor, given: Mapping[str, Any]) -> Tensor:
    # Contiguous, so that every slot is filled in the order in which the loop fills its own.
    return torch.empty(like.shape, dtype=given.get("dtype") or like.dtype)


def _named(draw: Callable[..., Tensor], stands_for: OpOverload) -> Callable[..., Tensor]:
    """Return the draw as a function with a name, by which the recorded code can call it."""

    def drawn(*given: Any, **options: Any) -> Tensor:
        return draw(*given, **options)

    drawn.__name__ = f"drawn_{stands_for.overloadpacket.__name__}"
    return drawn
