"""Records the gradient step of a module for many seeds: plain tensor operations, to be replayed without autograd.

The module's loss is differentiated with `grad` and taken over seeds with `vmap`; `make_fx` records what comes out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call, grad_and_value, vmap
from torch.fx import GraphModule, Node
from torch.fx.experimental.proxy_tensor import make_fx
from torch.nn.attention import SDPBackend, sdpa_kernel

from models.training.engines.chance import Chance
from models.training.job import Unsuitable, outputs
from models.training.phases import Constrained, Penalised, one_number
from models.training.weights import padded

Tensors = dict[str, Tensor]
Arguments = tuple[Tensors, Tensors, Tensor, Tensor, Tensor]
"""What is trained and what is not, by name, each (seeds, *shape); x (seeds, batch, n_features); y (seeds, batch);
the share of training that is over ()."""


@dataclass(frozen=True)
class Record:
    """One recorded step: `step` gives gradients by name and losses (seeds,), and changes buffers in place.

    `constrain` changes weights in place after the optimiser's step, by what the module's own `constrain` does.
    """

    step: Callable[[Tensors, Tensors, Tensor, Tensor, Tensor], tuple[Tensors, Tensor]]
    constrain: Callable[[Tensors, Tensors, Tensor], object] | None
    chance: Chance

    def tried(self, arguments: Arguments, seeds: list[int]) -> tuple[Tensors, Tensor, Tensors]:
        """Return gradients, losses and buffers after one step from each seed's start, with nothing changed."""
        values, fixed, x, y, progress = arguments
        after = {name: tensor.clone() for name, tensor in fixed.items()}
        self.chance.restart(seeds)
        # Weights keep their strides, by which torch chooses its routines; a module may overwrite its rows.
        return *self.step(values, after, x.clone(), y, progress), after

    def constrained(self, values: Tensors, fixed: Tensors, progress: Tensor) -> Tensors:
        """Return the weights with the constraint, if there is one, and with nothing changed."""
        after = {name: tensor.clone() for name, tensor in values.items()}
        if self.constrain is not None:
            self.constrain(after, {name: tensor.clone() for name, tensor in fixed.items()}, progress)
        return after


def _product(left: Tensor, right: Tensor) -> Tensor:
    """Return left (seeds, m, k) @ right (seeds, k, n), each seed's bits its own.

    `torch.bmm` rounds a seed's product differently with where it lies in memory, and so with the
    seeds before it; `np.matmul` calls BLAS once a seed, here always at the same alignment.
    """
    if left.shape[2] == 1:
        return left * right
    n_seeds, rows, columns = len(left), left.shape[1], right.shape[2]
    out = left.new_empty(n_seeds, padded(rows * columns))[:, : rows * columns].view(n_seeds, rows, columns)
    plain = (each.resolve_conj() for each in (left, right))
    operands = [each if 1 in each.stride()[1:] else each.contiguous() for each in plain]
    np.matmul(operands[0].numpy(), operands[1].numpy(), out=out.numpy())
    return out


def _norms(n_seeds: int) -> dict[object, Callable[..., object]]:
    """Return batch normalisation and its derivative, seed by seed: for all at once, bits depend on the place.

    A call gets the channels of all seeds one after another: rows (batch, seeds x channels, ...), the rest (seeds x
    channels,). The running mean and variance are changed in place.
    """

    def parts(given: Tensor | None) -> Sequence[Tensor | None]:
        if given is None:
            return [None] * n_seeds
        return [each.contiguous() for each in given.chunk(n_seeds, dim=1)] if given.dim() > 1 else given.chunk(n_seeds)

    def together(results: Iterable[Tensor | None]) -> Tensor | None:
        found = [each for each in results if each is not None]
        return torch.cat(found, dim=1 if found[0].dim() > 1 else 0) if found else None

    def seed_by_seed(norm: Callable[..., tuple[Tensor | None, ...]], n_tensors: int) -> Callable[..., object]:
        def seed_by_seed_norm(*given: Any) -> tuple[Tensor | None, ...]:
            tensors = zip(*map(parts, given[:n_tensors]), strict=True)
            results = [norm(*each, *given[n_tensors:]) for each in tensors]
            return tuple(together(each) for each in zip(*results, strict=True))

        return seed_by_seed_norm

    forward, backward = torch.ops.aten.native_batch_norm.default, torch.ops.aten.native_batch_norm_backward.default
    return {forward: seed_by_seed(forward, 5), backward: seed_by_seed(backward, 7)}


def _same_as_input(node: Node) -> Node | None:
    """Return the node that this one repeats: a reshape to the same shape, a factor 1, a transpose undone."""
    aten, source = torch.ops.aten, node.args[0] if node.args else None
    if not isinstance(source, Node):
        return None
    if node.target in (aten.view.default, aten.expand.default, aten._unsafe_view.default):
        return source if node.meta["tensor_meta"].shape == source.meta["tensor_meta"].shape else None
    if node.target is aten.mul.Scalar and node.args[1] == 1:
        return source
    if node.target is aten.transpose.int and source.target is node.target and source.args[1:] == node.args[1:]:
        origin = source.args[0]
        return origin if isinstance(origin, Node) else None
    return None


def _tidied(step: GraphModule, chance: Chance, n_seeds: int) -> GraphModule:
    """Return the record without the calls that change nothing, nearly half of them.

    Products, norms and random numbers are taken seed by seed.
    """
    aten = torch.ops.aten
    ours = {aten.bmm.default: _product, **(_norms(n_seeds) if n_seeds > 1 else {})}
    # A product of ours may lie otherwise in memory than the one that was recorded: not all of it is seen as a view.
    ours[aten.view.default] = aten.reshape.default
    for node in step.graph.nodes:
        original = _same_as_input(node)
        if original is not None:
            node.replace_all_uses_with(original)
        else:
            node.target = ours.get(node.target, node.target)
    step.graph.eliminate_dead_code()
    chance.take_over(step.graph)
    step.recompile()
    return step


class _Method(nn.Module):
    """A method of a module as a forward, so that it can be called with other weights."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, name: str, *given: Tensor) -> object:
        """Return what the module's method of this name returns."""
        return getattr(self.module, name)(*given)

    def called(self, name: str, held: Tensors, *given: Tensor) -> object:
        """Return what the method returns with these weights and buffers of the module."""
        named = {f"module.{each}": tensor for each, tensor in held.items()}
        said: object = functional_call(self, named, (name, *given))
        return said


def record(template: nn.Module, arguments: Arguments) -> Record:
    """Return the record of one step for so many seeds; the template is used up.

    Raises:
        Unsuitable: `vmap` or the module refuses, or the step draws what cannot be drawn seed by seed.
    """

    def loss(values: Tensors, fixed: Tensors, x: Tensor, y: Tensor, progress: Tensor) -> Tensor:
        error = (outputs(functional_call(template, (values, fixed), (x,)), len(y)) - y).square().mean()
        if not isinstance(template, Penalised):
            return error
        return error + one_number(_Method(template).called("penalty", values | fixed, progress))

    def constrain(values: Tensors, fixed: Tensors, progress: Tensor) -> Tensor:
        with torch.no_grad():
            _Method(template).called("constrain", values | fixed, progress)
        return progress

    values, fixed, x, y, progress = arguments
    # Recording runs the step once: what it changes are copies.
    copies, started = ({name: tensor.clone() for name, tensor in held.items()} for held in (fixed, values))
    constraint = None
    try:
        with sdpa_kernel(SDPBackend.MATH):  # vmap has no rule for the other kernels of attention
            step = make_fx(vmap(grad_and_value(loss), (0, 0, 0, 0, None), randomness="different"))(
                values, copies, x.clone(), y, progress
            )
            if isinstance(template, Constrained):
                constraint = make_fx(vmap(constrain, (0, 0, None)))(started, copies, progress)
    except Exception as error:
        # Whatever vmap or the module itself raises here, the loop decides whether it is an error.
        words = str(error).strip().splitlines()[:1] or [type(error).__name__]
        branches = "data-dependent control flow" in words[0]
        why = "it reads a tensor's value as a number, or branches on it" if branches else words[0]
        raise Unsuitable(f"it cannot be recorded: {why}") from error
    chance = Chance()
    return Record(_tidied(step, chance, len(y)), constraint, chance)
