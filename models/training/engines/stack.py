"""Trains plain stacks in closed form: Linear, ReLU, Tanh, and the sum over the elements of a set.

Forward, backward and Adam are written out and work in place on buffers that are allocated once:
no autograd, no graph, some fifteen calls a step whatever the number of seeds.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
import torch
from torch import Tensor, nn

from models.training.engines import full_batch
from models.training.engines.own_memory import require_own_memory
from models.training.engines.stack_layers import Affine, ElementSum, Layer, Relu, Signal, Tanh
from models.training.engines.watch import watch_of
from models.training.fresh import initial_modules
from models.training.job import Divergence, Job, Trained, Unsuitable, one_thread
from models.training.layers import SumOverElements
from models.training.phases import Constrained, Penalised
from models.training.rows import Array, gathered
from models.training.weights import FlatArrays, FlatWeights

_ACTIVATIONS: Mapping[type[nn.Module], Callable[[Signal], Layer]] = {nn.ReLU: Relu, nn.Tanh: Tanh}
# Seeds are trained in groups whose signals stay in the processor's cache.
_CACHE_BYTES = 2**22


@dataclass(frozen=True)
class _Plan:
    """A stack taken apart: the set it reads a row as, and its layers in order, Unflatten left out."""

    n_elements: int
    n_element_features: int
    layers: tuple[nn.Module, ...]

    @property
    def linears(self) -> tuple[nn.Linear, ...]:
        return tuple(layer for layer in self.layers if isinstance(layer, nn.Linear))

    @property
    def shape(self) -> tuple[object, ...]:
        """What must be alike in plans that are trained together."""
        sizes = [(each.in_features, each.out_features, each.bias is not None) for each in self.linears]
        return self.n_elements, self.n_element_features, sizes, [type(layer) for layer in self.layers]


def _leaves(module: nn.Module) -> Iterator[nn.Module]:
    """Yield the layers of nested `nn.Sequential`s in order; plain ones, which behave as their type does."""
    hooks = [value for name, value in vars(module).items() if name.endswith("_hooks")]
    if any(hooks) or "forward" in vars(module):
        raise Unsuitable(f"a {type(module).__name__} carries hooks or a forward of its own")
    if type(module) is nn.Sequential:
        for child in module:
            yield from _leaves(child)
    else:
        yield module


def _elements(layer: nn.Module, n_features: int) -> tuple[int, int]:
    """Return (elements, features of an element) that an `nn.Unflatten` cuts a row into."""
    sizes = tuple(layer.unflattened_size) if isinstance(layer.unflattened_size, tuple | list) else ()
    if type(layer) is not nn.Unflatten or layer.dim not in (1, -1) or len(sizes) != 2 or prod(sizes) != n_features:
        raise Unsuitable(f"{layer} does not cut a row into elements")
    return int(sizes[0]), int(sizes[1])


def _keeps_rows(layer: nn.Module) -> bool:
    """Return whether a last layer leaves one number a row as it is: `nn.Flatten`, `nn.Flatten(0)`, `nn.Identity`."""
    flattens = type(layer) is nn.Flatten and layer.start_dim in (0, 1) and layer.end_dim in (-1, 1)
    return flattens or type(layer) is nn.Identity


def _plan(module: nn.Module, job: Job) -> _Plan:
    """Return the module taken apart.

    Raises:
        Unsuitable: it is no plain stack from n_features to one number.
    """
    layers = list(_leaves(module))
    n_elements, n_element_features, summed = 1, job.problem.n_features, True
    if layers and isinstance(layers[0], nn.Unflatten):
        n_elements, n_element_features, summed = *_elements(layers.pop(0), n_element_features), False
    width, may_activate = n_element_features, False
    while layers and _keeps_rows(layers[-1]):
        layers.pop()
    for layer in layers:
        # Subclasses may do anything: only the types themselves are known.
        if type(layer) is nn.Linear and layer.in_features == width:
            width, may_activate = layer.out_features, True
        elif type(layer) is SumOverElements and not summed:
            summed, may_activate = True, False
        elif type(layer) in _ACTIVATIONS and may_activate:
            may_activate = False
        else:
            raise Unsuitable(f"{type(layer).__name__} has no closed form here")
    parameters = list(module.parameters())
    held = sum(1 if layer.bias is None else 2 for layer in layers if type(layer) is nn.Linear)
    if not held or width != 1 or not summed:
        raise Unsuitable("the stack does not end in one number a row")
    if len(parameters) != held or any(not p.requires_grad or p.dtype != job.dtype for p in parameters):
        raise Unsuitable("the stack has shared, frozen or mixed-precision weights")
    require_own_memory(module)
    return _Plan(n_elements, n_element_features, tuple(layers))


def _shapes(plan: _Plan) -> list[tuple[int, int]]:
    """Return the shape (out, in + 1) of each Linear's weights, the bias as the last column."""
    return [(linear.out_features, linear.in_features + (linear.bias is not None)) for linear in plan.linears]


def _pairs(weights: FlatArrays, plans: list[_Plan]) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield each seed's part of the flat weights with the parameter of its module that it stands for."""
    for seed, plan in enumerate(plans):
        for values, linear in zip(weights.values, plan.linears, strict=True):
            yield values[seed, :, : linear.in_features], linear.weight
            if linear.bias is not None:
                yield values[seed, :, -1], linear.bias


def _take(weights: FlatArrays, plans: list[_Plan]) -> None:
    """Fill the flat weights from the modules."""
    for ours, theirs in _pairs(weights, plans):
        ours.copy_(theirs.detach())


def _give_back(weights: FlatArrays, plans: list[_Plan]) -> None:
    """Fill the modules from the flat weights."""
    with torch.no_grad():
        for ours, theirs in _pairs(weights, plans):
            theirs.copy_(ours)


def _columns(inputs: Array, plan: _Plan) -> Array:
    """Return inputs (steps, seeds, batch, n_features) as (steps, seeds, features of an element, columns)."""
    n_steps, n_seeds, n_batch, _ = inputs.shape
    by_element = inputs.reshape(n_steps, n_seeds, n_batch, plan.n_elements, plan.n_element_features)
    return by_element.transpose(0, 1, 4, 3, 2).reshape(n_steps, n_seeds, plan.n_element_features, -1)


def _linear_network(weights: FlatArrays, n_features: int, n_batch: int) -> tuple[Signal, list[Layer], Signal]:
    """Return what `_network` returns, for layers without activation: one affine map, whatever their number.

    The map's n_features + 1 columns go through the layers in place of the batch's many, and the rows
    through the map: the same function and the same gradient for a fraction of the arithmetic.
    """
    n_seeds, dtype = len(weights.values[0]), weights.values[0].dtype
    n_columns = n_features + 1
    signal = basis = Signal(n_seeds, n_features, n_columns, dtype=dtype).as_basis()
    np.copyto(basis.values, np.eye(n_features, n_columns))
    layers: list[Layer] = []
    for values, gradient in zip(weights.values, weights.gradients, strict=True):
        before, signal = signal, Signal(n_seeds, values.shape[1], n_columns, dtype=dtype).as_basis()
        layers.append(Affine(values.numpy(), gradient.numpy(), before=before, after=signal, is_first=before is basis))
    rows, outputs = (Signal(n_seeds, width, n_batch, dtype=dtype) for width in (n_features, 1))
    layers.append(Affine(signal.values, signal.gradient, before=rows, after=outputs, is_first=True))
    return rows, layers, outputs


def _network(plan: _Plan, weights: FlatArrays, n_batch: int) -> tuple[Signal, list[Layer], Signal]:
    """Return the signal that rows go into, the layers, and the signal that outputs come from."""
    n_seeds, dtype = len(weights.values[0]), weights.values[0].dtype
    if plan.layers == plan.linears and plan.n_elements == 1 and plan.n_element_features + 1 < n_batch:
        return _linear_network(weights, plan.n_element_features, n_batch)
    n_columns = plan.n_elements * n_batch
    first = signal = Signal(n_seeds, plan.n_element_features, n_columns, dtype=dtype)
    layers: list[Layer] = []
    arrays = ((v.numpy(), g.numpy()) for v, g in zip(weights.values, weights.gradients, strict=True))
    for layer in plan.layers:
        before = signal
        if isinstance(layer, nn.Linear):
            signal = Signal(n_seeds, layer.out_features, n_columns, dtype=dtype)
            layers.append(Affine(*next(arrays), before=before, after=signal, is_first=before is first))
        elif isinstance(layer, SumOverElements):
            n_columns = n_batch
            signal = Signal(n_seeds, before.values.shape[1], n_columns, dtype=dtype)
            layers.append(ElementSum(before, signal))
        else:
            layers.append(_ACTIVATIONS[type(layer)](signal))
    return first, layers, signal


def _train_group(job: Job, modules: list[nn.Module], plans: list[_Plan]) -> list[Trained]:
    weights = FlatWeights(len(plans), _shapes(plans[0]), dtype=job.dtype, recipe=job.recipe)
    _take(weights, plans)
    first, layers, last = _network(plans[0], weights, job.batch_size)
    rates = job.recipe.rates().tolist()
    counts = torch.arange(1, len(rates) + 1, dtype=torch.float32).unbind()
    scale = np.dtype(job.recipe.dtype).type(2 / job.batch_size)
    divergence, watch = Divergence(len(plans)), watch_of(job)
    for start, inputs, targets in gathered(job):
        columns = _columns(inputs, plans[0])
        for index, (x, y) in enumerate(zip(columns, targets, strict=True)):
            np.copyto(first.values, x)
            for layer in layers:
                layer.forward()
            # Residuals stay where the targets were: the losses are looked at once for many steps.
            residuals = np.subtract(last.values[:, 0], y, out=y)
            np.multiply(residuals, scale, out=last.gradient[:, 0])
            for layer in reversed(layers):
                layer.backward()
            weights.step(counts[start + index], rates[start + index])
            if watch is None:
                continue
            if watch.ends(start + index, np.square(residuals).mean(axis=1).tolist(), modules.__getitem__):
                break
        if divergence.everywhere(start, np.square(targets[: index + 1]).mean(axis=2)):
            break
    _give_back(weights, plans)
    return divergence.trained(modules, "stack")


def _train_on_all_rows(job: Job, module: nn.Module, plan: _Plan) -> Trained:
    """Train the module of the only seed of a job by L-BFGS: each evaluation is one pass over all rows."""
    weights = FlatArrays(1, _shapes(plan), dtype=job.dtype)
    _take(weights, [plan])
    first, layers, last = _network(plan, weights, job.n_rows)
    X, y = (rows[0].astype(job.recipe.dtype) for rows in (job.inputs, job.targets))
    np.copyto(first.values, _columns(X[np.newaxis, np.newaxis], plan)[0])
    parameters = [values[0] for values in weights.values]
    for parameter, gradient in zip(parameters, weights.gradients, strict=True):
        parameter.grad = gradient[0]

    def loss_and_gradient() -> Tensor:
        for layer in layers:
            layer.forward()
        residuals = last.values[0, 0] - y
        np.multiply(residuals, 2 * full_batch.SCALE / len(y), out=last.gradient[0, 0])
        for layer in reversed(layers):
            layer.backward()
        return torch.tensor(full_batch.SCALE * np.square(residuals).mean())

    diverged_at = full_batch.search(job.recipe.steps, parameters, loss_and_gradient)
    _give_back(weights, [plan])
    return Trained(module.eval(), "stack", diverged_at)


def _group_size(plan: _Plan, job: Job) -> int:
    """Return how many seeds' signals fit into the cache together, one at least."""
    widths = [linear.out_features for linear in plan.linears]
    n_numbers = 2 * sum(widths) * plan.n_elements * job.batch_size
    return max(1, _CACHE_BYTES // (n_numbers * np.dtype(job.recipe.dtype).itemsize))


def train(job: Job) -> list[Trained]:
    """Train all seeds of a job in closed form.

    Raises:
        Unsuitable: the network is no plain stack of Linear, ReLU, Tanh and a sum over elements, or its recipe asks
            for another loss or for early stopping.
    """
    full_batch.require(job, "lbfgs")
    if job.recipe.loss != "mse":
        raise Unsuitable("its loss is not the mean squared error")
    if job.held_back is not None:
        raise Unsuitable("it stops early")
    modules = initial_modules(job)
    if any(isinstance(module, Penalised | Constrained) for module in modules):
        raise Unsuitable("it has a penalty or a constraint of its own")
    plans = [_plan(module, job) for module in modules]
    if any(plan.shape != plans[0].shape for plan in plans):
        raise Unsuitable("its layers differ from seed to seed")
    positions = range(len(plans))
    with one_thread(), np.errstate(all="ignore"):
        if job.recipe.optimizer == "lbfgs":
            return [_train_on_all_rows(job.at([i]), modules[i], plans[i]) for i in positions]
        size = _group_size(plans[0], job)
        groups = [positions[start : start + size] for start in positions[::size]]
        return [
            trained
            for group in groups
            for trained in _train_group(job.at(group), [modules[i] for i in group], [plans[i] for i in group])
        ]
