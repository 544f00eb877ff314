"""Replays a recorded step on memory that is laid out once: no call allocates, and no view is made twice.

Every result has a place of its own for as long as it is needed. In a place the numbers of each seed fill a block of
whole `ALIGNMENT`s, so that a seed's bits do not depend on its slot.
"""

import operator
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from math import prod
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch._ops import OpOverload
from torch.fx import Graph, Node
from torch.fx.node import map_arg

from models.training.engines.products import product, product_calls
from models.training.weights import padded

_ATEN = torch.ops.aten
_FILLED = {_ATEN.ones_like.default, _ATEN.zeros_like.default, _ATEN.full_like.default}
# These change running means and variances in place, and their schema does not say so.
_NORMS = {_ATEN.native_batch_norm.default, _ATEN.cudnn_batch_norm.default}
_SUMS = {_ATEN.sum.dim_IntList: False, _ATEN.mean.dim: True}
# More would take far more memory than what they hold.
_BLOCKS_OF_A_SEED = 16


class _Place:
    """Memory of one result, and how many calls are still to read it."""

    def __init__(self, memory: Tensor) -> None:
        self.memory = memory
        self.readers = 0


def can_be_laid_out(graph: Graph) -> bool:
    """Return whether no call of the graph writes into its arguments."""
    for node in graph.nodes:
        if node.op in ("placeholder", "get_attr", "output") or node.target in (operator.getitem, product):
            continue
        if not isinstance(node.target, OpOverload) or node.target._schema.is_mutable or node.target in _NORMS:
            return False
    return True


class Replay:
    """One recorded step, bound to the tensors that it reads: `outputs` are written anew by every call.

    Args:
        graph: calls that change nothing in place.
        held: a tensor for each input of the graph, in its order.
        n_seeds: how many seeds share the record.
    """

    def __init__(self, graph: Graph, held: Sequence[Tensor], n_seeds: int) -> None:
        self._n_seeds = n_seeds
        self._calls: list[Callable[[], object]] = []
        self._free: dict[tuple[torch.dtype, int], list[_Place]] = defaultdict(list)
        # What a node stands for: tensors, and the places that they lie in. Inputs and constants have none.
        self._tensors: dict[Node, Any] = {}
        self._places: dict[Node, tuple[_Place | None, ...]] = {}
        self._constant: set[Node] = set()
        self.outputs: list[Tensor] = []
        given = iter(held)
        for node in graph.nodes:
            if node.op == "placeholder":
                self._tensors[node], self._places[node] = next(given), (None,)
            elif node.op == "get_attr":
                # A tensor that the module made while it was recorded.
                held_by_module = getattr(graph.owning_module, node.target)
                self._tensors[node], self._places[node] = held_by_module.detach(), (None,)
                self._constant.add(node)
            elif node.op == "output":
                self.outputs = map_arg(node.args[0], self._tensors.__getitem__)
            else:
                self._lay_out(node)

    def __call__(self) -> None:
        """Read the inputs and write the outputs."""
        for call in self._calls:
            call()

    def _lay_out(self, node: Node) -> None:
        """Find a place for what a call returns, and add what has to be done at every step."""
        dying = self._read(node)
        target: Any = node.target
        args: Any = map_arg(node.args, self._tensors.__getitem__)
        kwargs: Any = map_arg(node.kwargs, self._tensors.__getitem__)
        if target is operator.getitem:
            index = args[1]
            self._keep(node, args[0][index], (self._places[node.all_input_nodes[0]][index],))
        else:
            # What is run here once gives sizes, and numbers that later calls may need to be in their range.
            result = target(*args, **kwargs)
            if self._is_constant(node):
                self._constant.add(node)
                self._keep(node, result, (None,) * len(_several(result)))
            elif self._is_needless_copy(node, args, result):
                # Nothing is overwritten before its last reader: the original stands for its copy.
                self._keep(node, args[0], self._places[node.all_input_nodes[0]])
            elif _are_views(result, args):
                self._keep(node, result, self._places[node.all_input_nodes[0]] * len(_several(result)))
            else:
                self._write(node, args, kwargs, result, dying)
        for place in dying:
            if place.readers == 0:
                self._release(place)

    def _is_needless_copy(self, node: Node, args: Any, result: Any) -> bool:
        """Return whether a call copies a result of ours, and no input, into the order in memory that it has already."""
        if node.target is not _ATEN.clone.default or self._places[node.all_input_nodes[0]] == (None,):
            return False
        return bool(args[0].stride()[1:] == result.stride()[1:])

    def _is_constant(self, node: Node) -> bool:
        sources = node.all_input_nodes
        of_constants = isinstance(node.target, OpOverload) and sources and self._constant.issuperset(sources)
        return node.target in _FILLED or bool(of_constants)

    def _read(self, node: Node) -> list[_Place]:
        """Count this node as having read; return the places that nothing reads after it."""
        dying = []
        for source in node.all_input_nodes:
            places = self._places[source]
            if node.target is operator.getitem:
                places = (places[node.args[1]],)  # type: ignore[index]
            for place in places:
                if place is not None:
                    place.readers -= 1
                    if place.readers == 0:
                        dying.append(place)
        return dying

    def _keep(self, node: Node, tensors: Any, places: tuple[_Place | None, ...]) -> None:
        self._tensors[node], self._places[node] = tensors, places
        for position, place in enumerate(places):
            if place is not None:
                readers = [user for user in node.users if user.target is not operator.getitem or len(places) == 1]
                items = [user for user in node.users if user not in readers and user.args[1] == position]
                place.readers += len(readers) + len(items)

    def _release(self, place: _Place) -> None:
        self._free[place.memory.dtype, place.memory.numel()].append(place)

    def _place(self, shape: torch.Size, dtype: torch.dtype) -> tuple[Tensor, _Place]:
        """Return a tensor of this shape and the place that it lies in."""
        n_blocks, size = 1, prod(shape)
        # Seeds may come with heads or the like as one axis: then each of them is a block.
        if len(shape) > 1 and shape[0] % self._n_seeds == 0 and shape[0] // self._n_seeds <= _BLOCKS_OF_A_SEED:
            n_blocks, size = shape[0], prod(shape[1:])
        free = self._free[dtype, n_blocks * padded(size)]
        place = free.pop() if free else _Place(torch.zeros(n_blocks * padded(size), dtype=dtype))
        return place.memory.view(n_blocks, -1)[:, :size].view(shape), place

    def _write(self, node: Node, args: Any, kwargs: Any, result: Any, dying: list[_Place]) -> None:
        """Add the calls that write a result into its places."""
        results = _several(result)
        found: list[tuple[Any, _Place | None]] = []
        for each in results:
            if not isinstance(each, Tensor):
                found.append((each, None))
            else:
                found.append(self._in_place(node, each, dying) or self._place(each.shape, each.dtype))
        tensors, places = zip(*found, strict=True)
        # A tuple's places hold until the calls that take its parts, so `_keep` comes before anything is released.
        self._calls += self._calls_of(node, args, kwargs, tensors)
        for tensor, each in zip(tensors, results, strict=True):
            if isinstance(tensor, Tensor):
                tensor.copy_(each)
        self._keep(node, tensors if isinstance(result, tuple | list) else tensors[0], places)
        for place in places:
            if place is not None and place.readers == 0 and place not in dying:
                self._release(place)

    def _in_place(self, node: Node, result: Tensor, dying: list[_Place]) -> tuple[Tensor, _Place] | None:
        """Return an input that an elementwise call may overwrite, for nothing reads it afterwards."""
        # A copy is there for another order in memory, which it cannot have in place.
        is_elementwise = isinstance(node.target, OpOverload) and torch.Tag.pointwise in node.target.tags
        if not is_elementwise or node.target is _ATEN.clone.default:
            return None
        for place in dying:
            held = [self._tensors[each] for each in node.all_input_nodes if place in self._places[each]]
            first = held[0]
            if 0 not in first.stride() and all(
                each.shape == result.shape
                and each.dtype == result.dtype
                and each.stride() == first.stride()
                and each.data_ptr() == first.data_ptr()
                for each in held
            ):
                dying.remove(place)
                return first, place
        return None

    def _calls_of(self, node: Node, args: Any, kwargs: Any, out: tuple[Any, ...]) -> list[Callable[[], object]]:
        target: Any = node.target
        if target is product:
            copies: list[_Place] = []

            def place(operand: Tensor) -> Tensor:
                tensor, memory = self._place(operand.shape, operand.dtype)
                copies.append(memory)
                return tensor

            left, right = args
            calls = product_calls(left, right, out[0], place)
            for memory in copies:
                self._release(memory)
            return calls
        if target in _SUMS and not kwargs and (summed := self._sum_of_rows(target, args, out[0])) is not None:
            return [summed]
        names = _out_names(target) if isinstance(target, OpOverload) and _looks_at_strides(target, args, out) else None
        if names is None:
            return [partial(_copy_from, target, args, kwargs, out)]
        variant, arguments = names
        return [partial(variant._op, *args, **kwargs, **dict(zip(arguments, out, strict=True)))]

    def _sum_of_rows(self, target: Any, args: Any, out: Tensor) -> Callable[[], object] | None:
        """Return the sum over the last axis as a product with ones, which takes half the time; None where it cannot."""
        x, axes = args[0], [axis % args[0].dim() for axis in args[1] or ()]
        if axes != [x.dim() - 1] or x.dim() < 3 or len(x) != self._n_seeds or not x.is_floating_point():
            return None
        width = x.shape[-1]
        try:
            rows = x.view(self._n_seeds, -1, width)
        except RuntimeError:
            return None
        ones = np.full((width, 1), 1 / width if _SUMS[target] else 1.0, dtype=rows.numpy().dtype)
        return partial(np.matmul, rows.numpy(), ones, out=out.view(self._n_seeds, -1, 1).numpy())


def _several(result: Any) -> tuple[Any, ...]:
    return tuple(result) if isinstance(result, tuple | list) else (result,)


def _are_views(result: Any, args: Any) -> bool:
    """Return whether all that a call returned lies in the memory of its first argument."""
    first = args[0] if args else None
    return isinstance(first, Tensor) and all(
        isinstance(each, Tensor) and each.untyped_storage().data_ptr() == first.untyped_storage().data_ptr()
        for each in _several(result)
    )


def _looks_at_strides(target: OpOverload, args: Any, out: tuple[Any, ...]) -> bool:
    """Return whether a call may write into memory with gaps; not every kernel does it rightly."""
    if not all(isinstance(each, Tensor) for each in out):
        return False
    given = [each for each in (*args, *out) if isinstance(each, Tensor)]
    is_plain = torch.Tag.pointwise in target.tags or target in _SUMS
    return is_plain or all(each.is_contiguous() for each in given)


def _copy_from(target: Callable[..., Any], args: Any, kwargs: Any, out: tuple[Any, ...]) -> None:
    result = target(*(each.contiguous() if isinstance(each, Tensor) else each for each in args), **kwargs)
    for each, made in zip(out, _several(result), strict=True):
        if isinstance(each, Tensor):
            each.copy_(made)


def _out_names(target: OpOverload) -> tuple[Any, list[str]] | None:
    """Return the variant of a call that writes into given tensors, and what it calls them; None where there is none."""
    packet = target.overloadpacket
    ours = [(each.name, str(each.type)) for each in target._schema.arguments]
    for name in packet.overloads():
        variant = getattr(packet, name)
        arguments = variant._schema.arguments
        written = [each.name for each in arguments if each.is_out]
        if written and [(each.name, str(each.type)) for each in arguments if not each.is_out] == ours:
            return variant, written
    return None
