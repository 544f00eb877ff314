"""Rewrites a recorded step so that it takes fewer passes over memory: the same numbers to within rounding.

Factors are carried along (see `factors`). A layer norm becomes sums, and a tanh a logistic function. A softmax without
a mask looks for no masked rows, and over few numbers it becomes sums, too. Torch is several times slower at the whole.
"""

import torch
from torch.fx import Node

from models.training.engines.factors import RESHAPES, Factors, Scaled, arguments, is_real, shape_of
from models.training.engines.products import product

_ATEN = torch.ops.aten
_MULTIPLES = {_ATEN.mul.Tensor, _ATEN.mul.Scalar, _ATEN.div.Tensor, _ATEN.div.Scalar}
# Over fewer numbers torch takes a softmax one by one.
_SHORT_ROW = 16


class Simplifier(Factors):
    """Rewrites one graph whose calls change nothing in place."""

    def __init__(self) -> None:
        super().__init__()
        self._logistic: dict[Node, Node] = {}
        self._normed: dict[Node, Node] = {}
        self._short: set[Node] = set()
        self._rules |= {
            _ATEN.tanh.default: self._tanh,
            _ATEN.tanh_backward.default: self._tanh_backward,
            _ATEN._safe_softmax.default: self._softmax,
            _ATEN._softmax_backward_data.default: self._softmax_backward,
            _ATEN.native_layer_norm.default: self._layer_norm,
            _ATEN.native_layer_norm_backward.default: self._layer_norm_backward,
        }

    def _softmax(self, node: Node) -> Scaled | None:
        """Return the softmax of a product of matrices, in which no row is masked."""
        x, axis, *dtype = arguments(node)
        if dtype or node.kwargs or not self._is_product(x):
            return None
        inner = self._with_factor(x)
        if shape_of(x)[axis] >= _SHORT_ROW or axis not in (-1, len(shape_of(x)) - 1):
            return 1.0, self._call(_ATEN._softmax.default, inner, axis, False)
        self._short.add(node)
        below = self._call(_ATEN.sub.Tensor, inner, self._call(_ATEN.amax.default, inner, [axis], True))
        share = self._call(_ATEN.exp.default, below)
        total = self._call(_ATEN.sum.dim_IntList, share, [axis], True)
        return 1.0, self._call(_ATEN.mul.Tensor, share, self._call(_ATEN.reciprocal.default, total))

    def _softmax_backward(self, node: Node) -> Scaled | None:
        """Return g s - s sum(g s) for the shares s."""
        gradient, shares, axis, _ = arguments(node)
        if shares not in self._short:
            return None
        (factor, g), (_, s) = self._scaled[gradient], self._scaled[shares]
        weighed = self._call(_ATEN.mul.Tensor, g, s)
        along = self._call(_ATEN.sum.dim_IntList, weighed, [axis], True)
        return factor, self._call(_ATEN.sub.Tensor, weighed, self._call(_ATEN.mul.Tensor, s, along))

    @staticmethod
    def _is_product(node: Node) -> bool:
        """Return whether a node is a product of matrices, times a number perhaps and in another shape."""
        while node.target in RESHAPES or (node.target in _MULTIPLES and not isinstance(arguments(node)[1], Node)):
            node = arguments(node)[0]
        return node.target is product

    def _tanh(self, node: Node) -> Scaled | None:
        """Return 2 logistic(2x) - 1: within rounding of tanh, in single precision three times as fast."""
        if not is_real(node) or node.meta["tensor_meta"].dtype is not torch.float32:
            return None
        factor, inner = self._scaled[arguments(node)[0]]
        logistic = self._call(_ATEN.sigmoid.default, self._call(_ATEN.mul.Tensor, inner, 2 * factor))
        self._logistic[node] = logistic
        return 2.0, self._call(_ATEN.add.Tensor, logistic, -0.5)

    def _tanh_backward(self, node: Node) -> Scaled | None:
        """Return g (1 - t^2), which is 4 g s (1 - s) with the logistic s."""
        gradient, output = arguments(node)
        if output not in self._logistic:
            return None
        factor, inner = self._scaled[gradient]
        return 4 * factor, self._call(_ATEN.sigmoid_backward.default, inner, self._logistic[output])

    def _layer_norm(self, node: Node) -> Scaled | None:
        """Return the norm over the last axis as three calls, in the place of one: (normed, mean, 1 / sd)."""
        x, shape, weight, bias, epsilon = arguments(node)
        if len(shape) != 1 or weight is not None or bias is not None or not is_real(x):
            return None
        inner = self._with_factor(x)
        mean = self._call(_ATEN.mean.dim, inner, [-1], True)
        centred = self._call(_ATEN.sub.Tensor, inner, mean)
        variance = self._call(_ATEN.mean.dim, self._call(_ATEN.pow.Tensor_Scalar, centred, 2), [-1], True)
        inverse = self._call(_ATEN.rsqrt.default, self._call(_ATEN.add.Tensor, variance, epsilon))
        normed = self._call(_ATEN.mul.Tensor, centred, inverse)
        self._normed[inverse] = normed
        for user in node.users:
            self._scaled[user] = 1.0, (normed, mean, inverse)[arguments(user)[1]]
        return None

    def _layer_norm_backward(self, node: Node) -> Scaled | None:
        """Return (g - mean(g) - n mean(g n)) / sd for the normed n, in the place of the first of three results."""
        gradient, _, _, _, inverse, *_, wanted = arguments(node)
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
