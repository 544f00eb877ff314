"""Trains ordinary modules, many seeds at once: the gradient is traced once and replayed without autograd.

The module's loss is differentiated with `grad` and taken over seeds with `vmap`; `make_fx` records
the plain tensor operations that come out, and every step replays that record. What `vmap` refuses
or what a record cannot hold (state that changes in training, chance, a branch on a value) is not
for this engine.
"""

from collections.abc import Callable
from copy import deepcopy

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call, grad_and_value, vmap
from torch.fx import GraphModule, Node
from torch.fx.experimental.proxy_tensor import make_fx
from torch.nn.attention import SDPBackend, sdpa_kernel

from models.trainer.rows import gathered
from models.trainer.trained import Divergence, Job, Trained, Unsuitable, initial_module, one_thread
from models.trainer.weights import FlatWeights, padded

Tensors = dict[str, Tensor]
Arguments = tuple[Tensors, Tensors, Tensor, Tensor]
Step = Callable[[Tensors, Tensors, Tensor, Tensor], tuple[Tensors, Tensor]]

# More seeds together gain nothing, and memory grows with them.
_GROUP_SIZE = 10
# How far the recorded gradient may be from autograd's, relative to its length.
_TOLERANCE = {"float32": 1e-3, "float64": 1e-9}


def _split(module: nn.Module) -> tuple[Tensors, Tensors]:
    """Return what is trained, each shared tensor once, and the tensors that stay as they are."""
    trainable = {name: p.detach() for name, p in module.named_parameters() if p.requires_grad}
    fixed = {name: p.detach() for name, p in module.named_parameters() if not p.requires_grad}
    return trainable, fixed | {name: b.detach() for name, b in module.named_buffers()}


def _require_stateless(module: nn.Module, x: Tensor) -> None:
    """Raise `Unsuitable` if calling the module changes its buffers or draws random numbers."""
    probe = deepcopy(module)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        before = torch.get_rng_state()
        probe(x)
        if not torch.equal(before, torch.get_rng_state()):
            raise Unsuitable("it draws random numbers in training")
    for (name, buffer), old in zip(probe.named_buffers(), module.buffers(), strict=True):
        if not torch.equal(buffer, old):
            raise Unsuitable(f"its buffer {name!r} changes in training")


def _product(left: Tensor, right: Tensor) -> Tensor:
    """Return left (seeds, m, k) @ right (seeds, k, n), each seed's bits its own.

    `torch.bmm` rounds a seed's product differently with where it lies in memory, and so with the
    seeds before it; `np.matmul` calls BLAS once a seed, here always at the same alignment.
    """
    if left.shape[2] == 1:
        return left * right
    n_seeds, rows, columns = len(left), left.shape[1], right.shape[2]
    out = left.new_empty(n_seeds, padded(rows * columns))[:, : rows * columns].view(n_seeds, rows, columns)
    operands = [each if 1 in each.stride()[1:] else each.contiguous() for each in (left, right)]
    np.matmul(operands[0].numpy(), operands[1].numpy(), out=out.numpy())
    return out


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


def _tidied(step: GraphModule) -> GraphModule:
    """Return the record without the calls that change nothing, nearly half of them, and with our products."""
    for node in step.graph.nodes:
        original = _same_as_input(node)
        if original is not None:
            node.replace_all_uses_with(original)
        elif node.target is torch.ops.aten.bmm.default:
            node.target = _product
    step.graph.eliminate_dead_code()
    step.recompile()
    return step


def _record(module: nn.Module, values: Tensors, fixed: Tensors, x: Tensor, y: Tensor) -> Step:
    """Return the record: gradients by name and losses (seeds,), for x (seeds, batch, n_features)."""

    def loss(values: Tensors, fixed: Tensors, x: Tensor, y: Tensor) -> Tensor:
        output: Tensor = functional_call(template, (values, fixed), (x,))
        return (output.reshape(-1) - y).square().mean()

    # A copy is recorded: where a layer is used twice, functional_call leaves its tensors behind in it.
    template = deepcopy(module)

    try:
        with sdpa_kernel(SDPBackend.MATH):  # vmap has no rule for the other kernels of attention
            step = make_fx(vmap(grad_and_value(loss)))(values, fixed, x, y)
    except Exception as error:
        # Whatever vmap or the module itself raises here, the loop decides whether it is an error.
        words = str(error).strip().splitlines()[:1] or [type(error).__name__]
        raise Unsuitable(f"it cannot be recorded: {words[0]}") from error
    return _tidied(step)


def _require_same_gradient(module: nn.Module, gradients: Tensors, x: Tensor, y: Tensor, *, tolerance: float) -> None:
    """Raise `Unsuitable` unless one seed's recorded gradients are those of autograd on its own module."""
    trainable = {name: p for name, p in module.named_parameters() if p.requires_grad}
    loss = (module(x).reshape(-1) - y).square().mean()
    plain = torch.autograd.grad(loss, list(trainable.values()), allow_unused=True)
    for (name, parameter), expected in zip(trainable.items(), plain, strict=True):
        expected = torch.zeros_like(parameter) if expected is None else expected
        distance = (gradients[name] - expected).norm()
        if expected.isfinite().all() and not distance <= tolerance * (1e-3 + expected.norm()):
            raise Unsuitable(f"its recorded gradient of {name!r} is not the one of plain autograd")


def _train_group(job: Job, modules: list[nn.Module], records: dict[int, Step]) -> list[Trained]:
    # One seed alone would take other routines than many do, so it is given a copy for company.
    slots = modules if len(modules) > 1 else modules * 2
    splits = [_split(module) for module in slots]
    names = list(splits[0][0])
    shapes = [tuple(splits[0][0][name].shape) for name in names]
    weights = FlatWeights(len(slots), shapes, dtype=job.dtype, optimizer=job.recipe.optimizer)
    values = dict(zip(names, weights.values, strict=True))
    for name in names:
        torch.stack([trainable[name] for trainable, _ in splits], out=values[name])
    fixed = {name: torch.stack([constant[name] for _, constant in splits]) for name in splits[0][1]}
    rates = job.recipe.learning_rates().tolist()
    counts = torch.arange(1, len(rates) + 1, dtype=torch.float32).unbind()
    divergence = Divergence(len(modules))
    for start, inputs, targets in gathered(job):
        if len(slots) > len(modules):
            inputs, targets = np.repeat(inputs, 2, axis=1), np.repeat(targets, 2, axis=1)
        losses = torch.empty(len(targets), len(slots), dtype=job.dtype)
        for index, (x, y) in enumerate(zip(torch.from_numpy(inputs), torch.from_numpy(targets), strict=True)):
            if start + index == 0:
                step = _checked(job, modules, records, (values, fixed, x, y))
            gradients, losses[index] = step(values, fixed, x, y)
            torch._foreach_copy_(weights.gradients, [gradients[name] for name in names])
            weights.step(counts[start + index], rates[start + index])
        if divergence.everywhere(start, losses[:, : len(modules)].numpy()):
            break
    for seed, module in enumerate(modules):
        for name, parameter in module.named_parameters():
            if name in values:
                parameter.copy_(values[name][seed])
    return divergence.trained(modules, "traced")


def _checked(job: Job, modules: list[nn.Module], records: dict[int, Step], arguments: Arguments) -> Step:
    """Return the record for so many seeds, its first gradients compared with those of each seed's module."""
    *_, x, y = arguments
    n_slots = len(y)
    with torch.enable_grad():
        if n_slots not in records:
            _require_stateless(modules[0], x[0])
            records[n_slots] = _record(modules[0], *arguments)
        gradients, _ = records[n_slots](*arguments)
        for seed, module in enumerate(modules):
            own = {name: gradient[seed] for name, gradient in gradients.items()}
            _require_same_gradient(module, own, x[seed], y[seed], tolerance=_TOLERANCE[job.recipe.dtype])
    return records[n_slots]


def train(job: Job) -> list[Trained]:
    """Train all seeds of a job with one recorded step.

    Raises:
        Unsuitable: the network cannot be recorded, or its record is not faithful.
    """
    modules = [initial_module(job, seed) for seed in job.seeds]
    records: dict[int, Step] = {}
    with one_thread(), torch.no_grad():
        return [
            trained
            for start in range(0, len(modules), _GROUP_SIZE)
            for trained in _train_group(
                job.part(start, start + _GROUP_SIZE), modules[start : start + _GROUP_SIZE], records
            )
        ]
