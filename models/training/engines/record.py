"""Records the gradient step of a module for many seeds: plain tensor operations, to be replayed without autograd.

The module's loss is differentiated with `grad` and taken over seeds with `vmap`; `make_fx` records what comes out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch._ops import OpOverload
from torch.func import functional_call, grad_and_value, vmap
from torch.fx import Graph, GraphModule, Node
from torch.fx.experimental.proxy_tensor import make_fx
from torch.fx.node import Argument
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._pytree import tree_leaves

from models.training.engines.chance import Chance
from models.training.engines.products import product
from models.training.engines.replay import Replay, can_be_laid_out
from models.training.engines.simplified import Simplifier
from models.training.job import Unsuitable, first_line, outputs
from models.training.phases import Constrained, Penalised, one_number
from models.training.recipe import Loss

Tensors = dict[str, Tensor]
Arguments = tuple[Tensors, Tensors, Tensor, Tensor, Tensor]
"""What is trained and what is not, by name, each (seeds, *shape); x (seeds, batch, n_features); y (seeds, batch);
the share of training that is over ()."""


Step = Callable[[Tensor, Tensor, Tensor], tuple[Tensors, Tensor]]

_ATEN = torch.ops.aten
# What `vmap` makes of a product of every seed's rows with a tensor that has no axis of seeds.
_SHARED_PRODUCTS = {_ATEN.mm.default, _ATEN.addmm.default, _ATEN.mv.default, _ATEN.addmv.default}


@dataclass(frozen=True)
class Record:
    """One recorded step: `step` gives gradients by name and losses (seeds,), and changes buffers in place.

    `lean` is the same step in fewer calls, where none of them changes anything in place. `constrain` changes weights
    in place after the optimiser's step, by what the module's own `constrain` does.
    """

    step: Callable[[Tensors, Tensors, Tensor, Tensor, Tensor], tuple[Tensors, Tensor]]
    lean: Graph | None
    constrain: Callable[[Tensors, Tensors, Tensor], object] | None
    chance: Chance

    def bound(self, arguments: Arguments) -> Step:
        """Return the step as a function of rows, targets and progress, for good on these weights and buffers.

        What it returns is overwritten by its next call.

        Raises:
            Unsuitable: a call of the record refuses the memory that is laid out for it.
        """
        values, fixed, x, y, progress = arguments
        if self.lean is None:
            return lambda x, y, progress: self.step(values, fixed, x, y, progress)
        changing = x.clone(), y.clone(), progress.clone()
        self.chance.restart(range(len(y)))
        try:
            replay = Replay(self.lean, tree_leaves((values, fixed, *changing)), len(y))
        except Exception as error:
            raise Unsuitable(f"its record cannot be replayed: {first_line(error)}") from error
        *gradients, losses = replay.outputs
        named = dict(zip(values, gradients, strict=True))

        def step(x: Tensor, y: Tensor, progress: Tensor) -> tuple[Tensors, Tensor]:
            for held, given in zip(changing, (x, y, progress), strict=True):
                held.copy_(given)
            replay()
            return named, losses

        return step

    def tried(self, arguments: Arguments, seeds: list[int]) -> tuple[Tensors, Tensor, Tensors]:
        """Return gradients, losses and buffers after one step from each seed's start, with nothing changed."""
        values, fixed, x, y, progress = arguments
        after = {name: tensor.clone() for name, tensor in fixed.items()}
        # Weights keep their strides, by which torch chooses its routines; a module may overwrite its rows.
        step = self.bound((values, after, x, y, progress))
        self.chance.restart(seeds)
        return *step(x.clone(), y, progress), after

    def constrained(self, held: Tensors, trained: Iterable[str], progress: Tensor) -> Tensors:
        """Return weights and buffers with the constraint, if there is one, and with nothing changed.

        `trained` names those that are trained, in the order of the record.
        """
        after = {name: tensor.clone() for name, tensor in held.items()}
        values = {name: after[name] for name in trained}
        if self.constrain is not None:
            self.constrain(values, {name: tensor for name, tensor in after.items() if name not in values}, progress)
        return after


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


def _without_writes(graph: Graph) -> None:
    """Turn calls that write into what another call has just made into calls that return it anew."""
    for node in graph.nodes:
        target = node.target
        if not _writes(node) or torch.Tag.nondeterministic_seeded in target.tags:
            continue
        made = node.args[0]
        anew = getattr(torch.ops.aten, target.overloadpacket.__name__.removesuffix("_"), None)
        overload = getattr(anew, target._overloadname, None)
        if overload is None or overload is target or not _is_its_own(made) or _is_wider(node, made):
            continue
        node.target = overload
        # Who reads what was written into, from here on reads what is returned.
        made.replace_all_uses_with(node, delete_user_cb=lambda user, node=node: user is not node and user > node)


def _is_its_own(node: Argument) -> bool:
    """Return whether a node's memory is that of no other node."""
    if not isinstance(node, Node) or node.op != "call_function" or _writes(node):
        return False
    return not any(_may_alias(each) for each in (node, *node.users) if not _writes(each))


def _is_wider(node: Node, made: Node) -> bool:
    """Return whether another tensor has more digits than the one that is written into: a new one would have them."""
    held = made.meta["tensor_meta"].dtype
    others = [each.meta["tensor_meta"] for each in node.all_input_nodes]
    return any(each.shape and torch.promote_types(each.dtype, held) is not held for each in others)


def _writes(node: Node) -> bool:
    return isinstance(node.target, OpOverload) and node.target._schema.is_mutable


def _may_alias(node: Node) -> bool:
    """Return whether what a node returns may lie in the memory of its arguments."""
    target = node.target
    if node.op == "output" or target is product:
        return False
    if not isinstance(target, OpOverload) or target is torch.ops.aten.reshape.default:
        return True
    return any(each.alias_info is not None for each in target._schema.returns)


def _take_seed_by_seed(graph: Graph, n_seeds: int) -> None:
    """Let products and norms be taken seed by seed.

    Raises:
        Unsuitable: a product is one of all seeds' rows with a matrix that they share.
    """
    ours = {_ATEN.bmm.default: product, **(_norms(n_seeds) if n_seeds > 1 else {})}
    # A product of ours may lie otherwise in memory than the one that was recorded: not all of it is seen as a view.
    ours |= dict.fromkeys((_ATEN.view.default, _ATEN._unsafe_view.default), _ATEN.reshape.default)
    for node in graph.nodes:
        if node.target in _SHARED_PRODUCTS:
            raise Unsuitable("it multiplies by a matrix that is none of its own: register it as a buffer")
        node.target = ours.get(node.target, node.target)


def _tidied(step: GraphModule, chance: Chance, n_seeds: int) -> tuple[GraphModule, Graph | None]:
    """Return the record without the calls that change nothing, nearly half of them.

    Products, norms and random numbers are taken seed by seed.
    """
    for node in step.graph.nodes:
        original = _same_as_input(node)
        if original is not None:
            node.replace_all_uses_with(original)
    _take_seed_by_seed(step.graph, n_seeds)
    _without_writes(step.graph)
    step.graph.eliminate_dead_code()
    is_pure = can_be_laid_out(step.graph)
    chance.take_over(step.graph)
    step.recompile()
    return step, Simplifier().rewritten(step.graph) if is_pure else None


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


def record(template: nn.Module, arguments: Arguments, error_of: Loss) -> Record:
    """Return the record of one step for so many seeds, with this loss; the template is used up.

    Raises:
        Unsuitable: `vmap` or the module refuses, or the step draws what cannot be drawn seed by seed.
    """

    def loss(values: Tensors, fixed: Tensors, x: Tensor, y: Tensor, progress: Tensor) -> Tensor:
        error = error_of(outputs(functional_call(template, (values, fixed), (x,)), len(y)), y)
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
                _take_seed_by_seed(constraint.graph, len(y))
                constraint.recompile()
        chance = Chance()
        return Record(*_tidied(step, chance, len(y)), constraint, chance)
    except Unsuitable:
        raise
    except Exception as error:
        # Whatever vmap or the module itself raises here, the loop decides whether it is an error.
        words = first_line(error)
        branches = "data-dependent control flow" in words
        why = "it reads a tensor's value as a number, or branches on it" if branches else words
        raise Unsuitable(f"it cannot be recorded: {why}") from error
