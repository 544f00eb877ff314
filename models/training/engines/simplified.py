"""Rewrites a recorded step so that it takes fewer passes over memory: the same numbers to within rounding.

Constant factors are carried along and multiplied in where a call needs the number itself, which for most gradients is
at their very end. Whatever is computed twice is computed once. A layer norm becomes sums, and a tanh a logistic
function: torch is several times slower at the whole.
"""

import math
import operator
from collections.abc import Callable, Hashable
from typing import Any

import torch
from torch.fx import Graph, Node
from torch.fx.node import Argument

_ATEN = torch.ops.aten
_Scaled = tuple[float, Node]
# A sum of two terms whose factors are further apart than this is not rewritten: nothing may overflow on the way.
_APART = 1e6

# Calls that are linear in their first argument, and for which a factor of it is one of their result.
_LINEAR = {
    _ATEN.view.default,
    _ATEN.reshape.default,
    _ATEN.expand.default,
    _ATEN.transpose.int,
    _ATEN.permute.default,
    _ATEN.unsqueeze.default,
    _ATEN.squeeze.dims,
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


def _is_real(value: object) -> bool:
    """Return whether a node is a tensor of real floating-point numbers."""
    meta = value.meta.get("tensor_meta") if isinstance(value, Node) else None
    return meta is not None and getattr(meta, "dtype", torch.int64).is_floating_point


def _args(node: Node) -> Any:
    """Return a call's arguments: of which type follows from its target alone."""
    return node.args


def _shape(node: Node) -> tuple[int, ...]:
    return tuple(node.meta["tensor_meta"].shape)


class Simplifier:
    """Rewrites one graph whose calls change nothing in place; `product` is the call that stands for `bmm`."""

    def __init__(self, product: Callable[..., object]) -> None:
        self._graph: Graph
        self._scaled: dict[Node, _Scaled] = {}
        self._made: dict[Hashable, Node] = {}
        self._ones: set[Node] = set()
        self._logistic: dict[Node, Node] = {}
        self._normed: dict[Node, Node] = {}
        self._rules: dict[Any, Callable[[Node], _Scaled | None]] = {
            product: self._product,
            _ATEN.mul.Tensor: self._product,
            _ATEN.mul.Scalar: self._multiple,
            _ATEN.div.Tensor: self._quotient,
            _ATEN.div.Scalar: self._quotient,
            _ATEN.neg.default: lambda node: self._times(node, -1.0),
            _ATEN.pow.Tensor_Scalar: self._power,
            _ATEN.add.Tensor: self._sum,
            _ATEN.sub.Tensor: self._sum,
            _ATEN.tanh.default: self._tanh,
            _ATEN.tanh_backward.default: self._tanh_backward,
            _ATEN.native_layer_norm.default: self._layer_norm,
            _ATEN.native_layer_norm_backward.default: self._layer_norm_backward,
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
        self._graph.eliminate_dead_code()
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

    def _times(self, node: Node, factor: float) -> _Scaled | None:
        """Return the node's first argument times a number."""
        first = _args(node)[0]
        if not isinstance(first, Node) or not _is_real(first) or not _is_real(node):
            return None
        if factor == 0 or not math.isfinite(factor):
            return None
        given, inner = self._scaled[first]
        return given * factor, inner

    def _linear(self, node: Node) -> _Scaled | None:
        first = _args(node)[0]
        # A tuple has no dtype of its own.
        if not isinstance(first, Node) or node.kwargs or not (_is_real(first) or node.target is operator.getitem):
            return None
        factor, inner = self._scaled[first]
        made = self._call(node.target, inner, *self._plain(_args(node)[1:]))
        if inner in self._ones and node.target in _KEEPS_ONES:
            self._ones.add(made)
        return factor, made

    def _multiple(self, node: Node) -> _Scaled | None:
        return self._times(node, _number(_args(node)[1]))

    def _quotient(self, node: Node) -> _Scaled | None:
        divisor = _number(_args(node)[1])
        return self._times(node, 1 / divisor) if divisor and not node.kwargs else None

    def _product(self, node: Node) -> _Scaled | None:
        left, right = _args(node)
        if not isinstance(right, Node):
            return self._multiple(node)
        if (
            not (_is_real(left) and _is_real(right))
            or left.meta["tensor_meta"].dtype != right.meta["tensor_meta"].dtype
        ):
            return None
        (a, left_inner), (b, right_inner) = self._scaled[left], self._scaled[right]
        if node.target is _ATEN.mul.Tensor:
            for ones, other, shape in (
                (left_inner, right_inner, _shape(right)),
                (right_inner, left_inner, _shape(left)),
            ):
                if ones in self._ones and shape == _shape(node):
                    return a * b, other
        return a * b, self._call(node.target, left_inner, right_inner)

    def _power(self, node: Node) -> _Scaled | None:
        x, exponent = _args(node)
        if exponent == 1:
            return self._times(node, 1.0)
        if exponent != 2 or not _is_real(node):
            return None
        factor, inner = self._scaled[x]
        return factor**2, self._call(_ATEN.pow.Tensor_Scalar, inner, 2)

    def _sum(self, node: Node) -> _Scaled | None:
        left, right = _args(node)
        sign = 1.0 if node.target is _ATEN.add.Tensor else -1.0
        if node.kwargs or not _is_real(left) or not _is_real(node):
            return None
        a, left_inner = self._scaled[left]
        if not isinstance(right, Node):
            apart = abs(_number(right) / a)
            return (a, self._call(_ATEN.add.Tensor, left_inner, sign * right / a)) if apart < _APART else None
        if not _is_real(right):
            return None
        b, right_inner = self._scaled[right]
        ratio = sign * b / a
        if not 1 / _APART < abs(ratio) < _APART:
            return None
        if ratio == -1:
            return a, self._call(_ATEN.sub.Tensor, left_inner, right_inner)
        options = {} if ratio == 1 else {"alpha": ratio}
        return a, self._call(_ATEN.add.Tensor, left_inner, right_inner, **options)

    def _tanh(self, node: Node) -> _Scaled | None:
        """Return 2 logistic(2x) - 1: within rounding of tanh, in single precision three times as fast."""
        if not _is_real(node) or node.meta["tensor_meta"].dtype is not torch.float32:
            return None
        factor, inner = self._scaled[_args(node)[0]]
        logistic = self._call(_ATEN.sigmoid.default, self._call(_ATEN.mul.Tensor, inner, 2 * factor))
        self._logistic[node] = logistic
        return 2.0, self._call(_ATEN.add.Tensor, logistic, -0.5)

    def _tanh_backward(self, node: Node) -> _Scaled | None:
        """Return g (1 - t^2), which is 4 g s (1 - s) with the logistic s."""
        gradient, output = _args(node)
        if output not in self._logistic:
            return None
        factor, inner = self._scaled[gradient]
        return 4 * factor, self._call(_ATEN.sigmoid_backward.default, inner, self._logistic[output])

    def _layer_norm(self, node: Node) -> _Scaled | None:
        """Return the norm over the last axis as three calls, in the place of one: (normed, mean, 1 / sd)."""
        x, shape, weight, bias, epsilon = _args(node)
        if len(shape) != 1 or weight is not None or bias is not None or not _is_real(x):
            return None
        inner = self._with_factor(x)
        mean = self._call(_ATEN.mean.dim, inner, [-1], True)
        centred = self._call(_ATEN.sub.Tensor, inner, mean)
        variance = self._call(_ATEN.mean.dim, self._call(_ATEN.pow.Tensor_Scalar, centred, 2), [-1], True)
        inverse = self._call(_ATEN.rsqrt.default, self._call(_ATEN.add.Tensor, variance, epsilon))
        normed = self._call(_ATEN.mul.Tensor, centred, inverse)
        self._normed[inverse] = normed
        for user in node.users:
            self._scaled[user] = 1.0, (normed, mean, inverse)[_args(user)[1]]
        return None

    def _layer_norm_backward(self, node: Node) -> _Scaled | None:
        """Return (g - mean(g) - n mean(g n)) / sd for the normed n, in the place of the first of three results."""
        gradient, _, _, _, inverse, *_, wanted = _args(node)
        _, inverse = self._scaled[inverse]
        if inverse not in self._normed or list(wanted) != [True, False, False]:
            return None
        (factor, g), normed = self._scaled[gradient], self._normed[inverse]
        along = self._call(_ATEN.mean.dim, self._call(_ATEN.mul.Tensor, g, normed), [-1], True)
        centred = self._call(_ATEN.sub.Tensor, g, self._call(_ATEN.mean.dim, g, [-1], True))
        left = self._call(_ATEN.sub.Tensor, centred, self._call(_ATEN.mul.Tensor, normed, along))
        for user in node.users:
            self._scaled[user] = factor, self._call(_ATEN.mul.Tensor, left, inverse)
        return None


_KEEPS_ONES = {
    _ATEN.view.default,
    _ATEN.reshape.default,
    _ATEN.expand.default,
    _ATEN.unsqueeze.default,
    _ATEN.squeeze.dims,
}


def _number(given: Any) -> float:
    return float(given) if isinstance(given, int | float) else math.nan
