"""Carries constant factors through a recorded step: each is multiplied in where a call needs the number itself.

For most gradients that is at their very end, or at their beginning, where they are few numbers. Whatever is computed
twice is computed once. Gradients of the slices of one tensor are laid side by side, and not filled up with zeros and
added.
"""

import math
import operator
from collections.abc import Callable, Hashable
from typing import Any

import torch
from torch.fx import Graph, Node
from torch.fx.node import Argument

from models.training.engines.products import product

_ATEN = torch.ops.aten
Scaled = tuple[float, Node]
# A sum of two terms whose factors are further apart than this is not rewritten.
_APART = 1e6
# Nor is a factor carried on that is larger than this, or smaller than its reciprocal.
_LARGEST = 1e15
# An operand is small where a product has so many times its numbers.
_FEW = 8

RESHAPES = {_ATEN.view.default, _ATEN.reshape.default, _ATEN.expand.default}
_KEEPS_ONES = RESHAPES | {_ATEN.unsqueeze.default, _ATEN.squeeze.dims}
# Calls that are linear in their first argument, and for which a factor of it is one of their result.
_LINEAR = _KEEPS_ONES | {
    _ATEN.transpose.int,
    _ATEN.permute.default,
    _ATEN.squeeze.dim,
    _ATEN.select.int,
    _ATEN.slice.Tensor,
    _ATEN.sum.dim_IntList,
    _ATEN.sum.default,
    _ATEN.mean.dim,
    _ATEN.gelu_backward.default,
    _ATEN.sigmoid_backward.default,
    _ATEN.threshold_backward.default,
    operator.getitem,
}
_ONES = {_ATEN.ones_like.default, _ATEN.ones.default}
# Calls whose result follows from their arguments: two of them with the same are one.
_SAYS_NOTHING_ELSE = (torch.Tag.nondeterministic_seeded, torch.Tag.data_dependent_output)


def is_real(value: object) -> bool:
    """Return whether a node is a tensor of real floating-point numbers."""
    meta = value.meta.get("tensor_meta") if isinstance(value, Node) else None
    return meta is not None and getattr(meta, "dtype", torch.int64).is_floating_point


def arguments(node: Node) -> Any:
    """Return a call's arguments: of which type follows from its target alone."""
    return node.args


def shape_of(node: Node) -> tuple[int, ...]:
    """Return the shape of the tensor that a node stands for."""
    return tuple(node.meta["tensor_meta"].shape)


class Factors:
    """The rules for factors, sums and slices, by which `rewritten` rewrites one graph: see `Simplifier`."""

    def __init__(self) -> None:
        self._graph: Graph
        self._scaled: dict[Node, Scaled] = {}
        self._made: dict[Hashable, Node] = {}
        self._ones: set[Node] = set()
        # Of sums of gradients of slices: the shape of the whole, the axis, and the gradient at each place of it.
        self._slices: dict[Node, tuple[Any, int, dict[int, Node]]] = {}
        self._rules: dict[Any, Callable[[Node], Scaled | None]] = {
            product: self._product,
            _ATEN.mul.Tensor: self._product,
            _ATEN.mul.Scalar: self._multiple,
            _ATEN.div.Tensor: self._quotient,
            _ATEN.div.Scalar: self._quotient,
            _ATEN.neg.default: lambda node: self._times(node, -1.0),
            _ATEN.pow.Tensor_Scalar: self._power,
            _ATEN.add.Tensor: self._sum,
            _ATEN.sub.Tensor: self._sum,
            _ATEN.select_backward.default: self._slice,
            **dict.fromkeys(_LINEAR, self._linear),
        }

    def rewritten(self, graph: Graph) -> Graph:
        """Return the graph rewritten, with the same inputs and outputs in the same order."""
        self._graph = Graph(owning_module=graph.owning_module)
        for node in graph.nodes:
            if node.op == "output":
                self._graph.output(self._plain(node.args[0]))
                continue
            if node in self._scaled:
                continue
            if node.op != "call_function":
                self._scaled[node] = 1.0, self._graph.node_copy(node, lambda each: self._scaled[each][1])
                continue
            rule = self._rules.get(node.target)
            found = rule(node) if rule is not None else None
            self._scaled[node] = found or (1.0, self._as_it_is(node))
            if node.target in _ONES:
                self._ones.add(self._scaled[node][1])
        self._graph.eliminate_dead_code(_has_effect)
        return self._graph

    def _call(self, target: Any, *args: Argument, **kwargs: Argument) -> Node:
        """Return the node of this call, the one before where it was made already."""
        key = (target, repr(args), repr(kwargs))
        is_repeatable = isinstance(target, torch._ops.OpOverload) and not set(_SAYS_NOTHING_ELSE) & set(target.tags)
        if is_repeatable and key in self._made:
            return self._made[key]
        self._made[key] = self._graph.call_function(target, args, kwargs)
        return self._made[key]

    def _plain(self, given: Any) -> Any:
        """Return an argument with every node as the number that it stands for, its factor multiplied in."""
        return torch.fx.node.map_arg(given, self._with_factor)

    def _with_factor(self, node: Node) -> Node:
        factor, inner = self._scaled[node]
        return inner if factor == 1 else self._call(_ATEN.mul.Tensor, inner, factor)

    def _as_it_is(self, node: Node) -> Node:
        return self._call(node.target, *self._plain(node.args), **self._plain(node.kwargs))

    def _times(self, node: Node, factor: float) -> Scaled | None:
        """Return the node's first argument times a number."""
        first = arguments(node)[0]
        if not isinstance(first, Node) or not is_real(first) or not is_real(node):
            return None
        given, inner = self._scaled[first]
        return (given * factor, inner) if _is_moderate(given * factor) else None

    def _linear(self, node: Node) -> Scaled | None:
        first = arguments(node)[0]
        # A tuple has no dtype of its own.
        if not isinstance(first, Node) or node.kwargs or not (is_real(first) or node.target is operator.getitem):
            return None
        factor, inner = self._scaled[first]
        made = self._call(node.target, inner, *self._plain(arguments(node)[1:]))
        if inner in self._ones and node.target in _KEEPS_ONES:
            self._ones.add(made)
        return factor, made

    def _multiple(self, node: Node) -> Scaled | None:
        return self._times(node, _number(arguments(node)[1]))

    def _quotient(self, node: Node) -> Scaled | None:
        divisor = _number(arguments(node)[1])
        return self._times(node, 1 / divisor) if divisor and not node.kwargs else None

    def _product(self, node: Node) -> Scaled | None:
        left, right = arguments(node)
        if not isinstance(right, Node):
            return self._multiple(node)
        if not (is_real(left) and is_real(right)) or left.meta["tensor_meta"].dtype != right.meta["tensor_meta"].dtype:
            return None
        (a, left_inner), (b, right_inner) = self._taken(left, node), self._taken(right, node)
        if node.target is _ATEN.mul.Tensor:
            for ones, other, shape in (
                (left_inner, right_inner, shape_of(right)),
                (right_inner, left_inner, shape_of(left)),
            ):
                if ones in self._ones and shape == shape_of(node):
                    return a * b, other
        return a * b, self._call(node.target, left_inner, right_inner)

    def _taken(self, operand: Node, result: Node) -> Scaled:
        """Return the factor of an operand and the rest of it; into a small operand it is multiplied at once."""
        factor, inner = self._scaled[operand]
        given, made = shape_of(operand), shape_of(result)
        # Of one seed's numbers, so that it is decided alike for any number of seeds. An operand of fewer axes is what
        # all seeds share.
        is_small = len(given) < len(made) or _FEW * math.prod(given[1:]) <= math.prod(made[1:])
        return (1.0, self._with_factor(operand)) if factor != 1 and is_small else (factor, inner)

    def _power(self, node: Node) -> Scaled | None:
        x, exponent = arguments(node)
        if exponent == 1:
            return self._times(node, 1.0)
        if exponent != 2 or not is_real(x) or not is_real(node):
            return None
        factor, inner = self._scaled[x]
        return (factor**2, self._call(_ATEN.pow.Tensor_Scalar, inner, 2)) if _is_moderate(factor**2) else None

    def _sum(self, node: Node) -> Scaled | None:
        left, right = arguments(node)
        sign = 1.0 if node.target is _ATEN.add.Tensor else -1.0
        if node.kwargs or not is_real(left) or not is_real(node):
            return None
        if sign == 1 and isinstance(right, Node) and (whole := self._side_by_side(node, left, right)) is not None:
            return 1.0, whole
        a, left_inner = self._scaled[left]
        if not isinstance(right, Node):
            apart = abs(_number(right) / a)
            return (a, self._call(_ATEN.add.Tensor, left_inner, sign * right / a)) if apart < _APART else None
        if not is_real(right):
            return None
        b, right_inner = self._scaled[right]
        ratio = sign * b / a
        if not 1 / _APART < abs(ratio) < _APART:
            return None
        if ratio == -1:
            return a, self._call(_ATEN.sub.Tensor, left_inner, right_inner)
        options = {} if ratio == 1 else {"alpha": ratio}
        return a, self._call(_ATEN.add.Tensor, left_inner, right_inner, **options)

    def _slice(self, node: Node) -> None:
        gradient, shape, axis, place = arguments(node)
        self._slices[node] = shape, axis, {place % shape[axis]: gradient}

    def _side_by_side(self, node: Node, left: Node, right: Node) -> Node | None:
        """Return a sum of gradients of all slices of a tensor, each of another one, as one stack of them."""
        if left not in self._slices or right not in self._slices:
            return None
        shape, axis, slices = self._slices[left]
        *alike, others = self._slices[right]
        if alike != [shape, axis] or slices.keys() & others.keys():
            return None
        slices = slices | others
        self._slices[node] = shape, axis, slices
        if len(slices) < shape[axis]:
            return None
        return self._call(_ATEN.stack.default, [self._with_factor(slices[i]) for i in range(shape[axis])], axis)


def _has_effect(node: Node) -> bool:
    """Return whether a call has to stay where nothing reads its result: one that draws moves its stream on."""
    is_known = isinstance(node.target, torch._ops.OpOverload) or node.target in (product, operator.getitem)
    return node.is_impure() or (node.op == "call_function" and not is_known)


def _is_moderate(factor: float) -> bool:
    return 1 / _LARGEST <= abs(factor) <= _LARGEST


def _number(given: Any) -> float:
    return float(given) if isinstance(given, int | float) else math.nan
