"""Trains ordinary modules, many seeds at once: the gradient is traced once and replayed without autograd.

What `vmap` refuses or what a record cannot hold (state outside the buffers, a branch on a value, a library's
random numbers) is not for this engine. Buffers that change in training, as BatchNorm's do, are carried along,
and random numbers are drawn seed by seed.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from models.training.engines import full_batch
from models.training.engines.own_memory import require_own_memory
from models.training.engines.probe import probe
from models.training.engines.record import Arguments, Record, Tensors, record
from models.training.engines.watch import watch_of
from models.training.fresh import initial_module, initial_modules
from models.training.job import Divergence, Job, Trained, Unsuitable, one_thread, outputs, seeded
from models.training.losses import loss_function
from models.training.phases import Constrained, loss_of, progress_of
from models.training.recipe import Loss
from models.training.rows import gathered
from models.training.state import bits, structure, tensors_of
from models.training.weights import FlatWeights

# More seeds together gain nothing, and memory grows with them.
_GROUP_SIZE = 10
# How far the recorded gradient may be from autograd's, relative to its length.
_TOLERANCE = {"float32": 1e-3, "float64": 1e-9}
# By so many batches a record for one seed is compared with a record for two.
_COMPARED = 2


@dataclass(frozen=True)
class _Slots:
    """The weights of so many modules, stacked: `values` are trained and views of `weights`, `fixed` are not."""

    weights: FlatWeights
    values: Tensors
    fixed: Tensors

    def gradients(self, given: Mapping[str, Tensor]) -> None:
        """Take over the gradients, in the optimiser's order."""
        torch._foreach_copy_(self.weights.gradients, [_as_real(given[name]) for name in self.values])

    def write_back(self, modules: Iterable[nn.Module]) -> None:
        """Copy weights and buffers into the modules."""
        for slot, module in enumerate(modules):
            self.written(slot, module)

    def written(self, slot: int, module: nn.Module) -> nn.Module:
        """Return the module with the weights and buffers of this slot."""
        held = self.values | self.fixed
        for name, tensor in tensors_of(module).items():
            tensor.copy_(held[name][slot])
        return module

    def read(self, slot: int, module: nn.Module) -> None:
        """Take over the weights and buffers of a module into this slot."""
        held = self.values | self.fixed
        for name, tensor in tensors_of(module).items():
            held[name][slot].copy_(tensor)


def _as_real(tensor: Tensor) -> Tensor:
    return torch.view_as_real(tensor.resolve_conj()) if tensor.is_complex() else tensor


def _split(module: nn.Module) -> tuple[Tensors, Tensors]:
    """Return what is trained, each shared tensor once, and the tensors that stay as they are.

    Complex ones come first: as pairs of numbers they must begin at an even place.
    """
    trainable = {name: p.detach() for name, p in module.named_parameters() if p.requires_grad}
    trainable = dict(sorted(trainable.items(), key=lambda named: not named[1].is_complex()))
    fixed = {name: p.detach() for name, p in module.named_parameters() if not p.requires_grad}
    return trainable, fixed | {name: b.detach() for name, b in module.named_buffers()}


def _stacked(job: Job, modules: list[nn.Module]) -> _Slots:
    splits = [_split(module) for module in modules]
    trainable, constant = splits[0]
    shapes = [tuple(_as_real(value).shape) for value in trainable.values()]
    weights = FlatWeights(len(modules), shapes, dtype=job.dtype, recipe=job.recipe)
    values = {
        name: torch.view_as_complex(flat) if value.is_complex() else flat
        for (name, value), flat in zip(trainable.items(), weights.values, strict=True)
    }
    for name, value in values.items():
        torch.stack([each[name] for each, _ in splits], out=value)
    return _Slots(weights, values, {name: torch.stack([each[name] for _, each in splits]) for name in constant})


def _require_same(what: str, ours: Tensor, expected: Tensor, *, tolerance: float) -> None:
    if not (expected.is_floating_point() or expected.is_complex()):
        if not torch.equal(ours, expected):
            raise Unsuitable(f"its recorded {what} is not the one of plain autograd")
        return
    distance = (ours - expected).abs().to(torch.float64).norm()
    # Where a seed has diverged there is nothing to compare.
    if expected.isfinite().all() and not distance <= tolerance * (1e-3 + expected.abs().to(torch.float64).norm()):
        raise Unsuitable(f"its recorded {what} is not the one of plain autograd")


def _require_faithful(job: Job, modules: list[nn.Module], made: Record, arguments: Arguments) -> None:
    """Raise `Unsuitable` for the seeds on whose own module autograd gives another gradient or buffer."""
    values, fixed, x, y, progress = arguments
    copies, tolerance = len(y) // len(modules), _TOLERANCE[job.recipe.dtype]
    error_of = loss_function(job.recipe)
    with torch.enable_grad():
        gradients, _, buffers = made.tried(arguments, [*job.seeds] * copies)
        # A constraint is compared after a step of gradient descent, which takes weights to where it has a say.
        stepped = fixed | {name: value - gradients[name] for name, value in values.items()}
        constrained = made.constrained(stepped, values, progress)
        unfaithful: dict[int, str] = {}
        for slot, (seed, module) in enumerate(zip(job.seeds, modules, strict=True)):
            ours = [{name: each[slot] for name, each in held.items()} for held in (gradients, buffers)]
            try:
                given = (ours[0], ours[1], x[slot], y[slot], progress)
                _require_faithful_to(module, given, seed, error_of=error_of, tolerance=tolerance)
                before, after = ({name: each[slot] for name, each in held.items()} for held in (stepped, constrained))
                _require_same_constraint(module, before, after, progress, tolerance=tolerance)
            except Unsuitable as refusal:
                unfaithful[slot] = str(refusal)
    if unfaithful:
        raise Unsuitable(next(iter(unfaithful.values())), tuple(unfaithful))


def _require_faithful_to(module: nn.Module, given: Arguments, seed: int, *, error_of: Loss, tolerance: float) -> None:
    """Raise `Unsuitable` unless gradients and buffers after a step are those of autograd on this module."""
    gradients, buffers, x, y, progress = given
    trainable = {name: p for name, p in module.named_parameters() if p.requires_grad}
    with seeded(seed):
        loss = loss_of(module, error_of(module(x.clone()).reshape(-1), y), progress)
    plain = torch.autograd.grad(loss, list(trainable.values()), allow_unused=True)
    for (name, parameter), gradient in zip(trainable.items(), plain, strict=True):
        expected = torch.zeros_like(parameter) if gradient is None else gradient
        _require_same(f"gradient of {name!r}", gradients[name], expected, tolerance=tolerance)
    for name, buffer in module.named_buffers():
        _require_same(f"buffer {name!r}", buffers[name], buffer, tolerance=tolerance)


def _require_same_constraint(
    module: nn.Module, before: Tensors, after: Tensors, progress: Tensor, *, tolerance: float
) -> None:
    """Raise `Unsuitable` unless the module's own constraint leads from weights and buffers before to those after."""
    if not isinstance(module, Constrained):
        return
    plain = deepcopy(module)
    with torch.no_grad():
        for name, tensor in tensors_of(plain).items():
            tensor.copy_(before[name])
        plain.constrain(progress)
    # Looked up again: a constraint may put another tensor in a buffer's place, which no record does.
    for name, tensor in tensors_of(plain).items():
        _require_same(f"constraint on {name!r}", after[name], tensor.detach(), tolerance=tolerance)


class _Records:
    """The records of a job by the number of seeds that they are for, made when they are needed first."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._made: dict[int, Record] = {}

    def of(self, arguments: Arguments) -> Record:
        """Return the record for so many seeds as the arguments hold."""
        n_seeds = len(arguments[-2])
        if n_seeds not in self._made:
            # A new module is recorded: where a layer is used twice, its tensors are left behind in it.
            with seeded(self._job.seeds[0]), torch.enable_grad():
                self._made[n_seeds] = record(
                    initial_module(self._job, self._job.seeds[0]), arguments, loss_function(self._job.recipe)
                )
        return self._made[n_seeds]


def _slots_of_one(job: Job, module: nn.Module, records: _Records) -> int:
    """Return how many slots one seed alone takes: 1 where that gives the bits that company does, else 2.

    For one seed torch may take other routines than for many. Which it takes follows from shapes and strides
    alone, so a difference shows at once, in the gradients, losses or buffers of the first batches. The second is tried
    with other weights than those of the start, whose zeros may hide it.
    """
    few = replace(job, recipe=replace(job.recipe, steps=_COMPARED))
    noise = torch.Generator().manual_seed(0)
    progress = progress_of(job)[0]
    _, inputs, targets = next(gathered(few))
    stacks = [_stacked(job, [module] * n_slots) for n_slots in (1, 2)]
    for batch, (x, y) in enumerate(zip(torch.from_numpy(inputs), torch.from_numpy(targets), strict=True)):
        said = []
        for name, value in stacks[0].values.items() if batch else ():
            drawn = torch.randn(value.shape[1:], generator=noise, dtype=value.dtype) / 10
            for slots in stacks:
                slots.values[name].add_(drawn)
        for n_slots, slots in enumerate(stacks, 1):
            arguments = (slots.values, slots.fixed, x.repeat(n_slots, 1, 1), y.repeat(n_slots, 1), progress)
            gradients, losses, buffers = records.of(arguments).tried(arguments, [*job.seeds] * n_slots)
            said.append([bits(each[0]) for each in (*gradients.values(), losses, *buffers.values())])
        if said[0] != said[1]:
            return 2
    return 1


def _train_group(job: Job, modules: list[nn.Module], records: _Records) -> list[Trained]:
    n_slots = len(modules) if len(modules) > 1 else _slots_of_one(job, modules[0], records)
    copies = n_slots // len(modules)
    slots = _stacked(job, modules * copies)
    rates = job.recipe.rates().tolist()
    counts = torch.arange(1, len(rates) + 1, dtype=torch.float32).unbind()
    progress = progress_of(job).unbind()

    def now(position: int) -> nn.Module:
        return slots.written(position, modules[position])

    divergence, watch = Divergence(len(modules)), watch_of(job)
    for start, inputs, targets in gathered(job):
        losses = torch.empty(len(targets), n_slots, dtype=job.dtype)
        batches = zip(torch.from_numpy(inputs), torch.from_numpy(targets), strict=True)
        for index, (x, y) in enumerate(batches):
            over = progress[start + index]
            arguments = (slots.values, slots.fixed, x.repeat(copies, 1, 1), y.repeat(copies, 1), over)
            if start + index == 0:
                made = records.of(arguments)
                _require_faithful(job, modules, made, arguments)
                step = made.bound(arguments)
                made.chance.restart([*job.seeds] * copies)
            gradients, losses[index] = step(*arguments[2:])
            slots.gradients(gradients)
            slots.weights.step(counts[start + index], rates[start + index])
            if made.constrain is not None:
                made.constrain(slots.values, slots.fixed, over)
            if watch is not None and watch.ends(start + index, losses[index, : len(modules)].tolist(), now):
                break
        if divergence.everywhere(start, losses[: index + 1, : len(modules)].numpy()) or (watch and watch.over):
            break
    for slot, best in watch.best() if watch is not None else ():
        # What a seed has trained beyond its own end, in the company of others, must decide nothing.
        slots.read(slot, best)
    slots.write_back(modules)
    # Other targets, so that there is a gradient to compare where the training has reached a minimum.
    values, fixed, x, y, over = arguments
    _require_faithful(job, modules, made, (values, fixed, x, y.roll(1, dims=1), over))
    slots.write_back(modules)
    trained = divergence.trained(modules, "traced")
    trained = watch.results(trained) if watch is not None else trained
    if not made.chance.drawn and all(_is_steady(module, x[0]) for module in modules):
        return trained
    return [replace(each, seed=seed) for each, seed in zip(trained, job.seeds, strict=True)]


def _is_steady(module: nn.Module, x: Tensor) -> bool:
    """Return whether a trained module says the same of rows (batch, n_features) at every call."""
    try:
        called = deepcopy(module).eval()
    except Exception:  # noqa: BLE001 - not everything that a module may hold can be copied
        return False
    try:
        with seeded(0):
            first, second = (bits(outputs(called(x.clone()), len(x))) for _ in range(2))
    except Exception:  # noqa: BLE001 - what fails here fails in predicting, where it is said
        return True
    return first == second


def train(job: Job) -> list[Trained]:
    """Train all seeds of a job with one recorded step.

    Raises:
        Unsuitable: the network cannot be recorded, or its record is not faithful.
        WrongNetwork: no engine can train it rightly.
    """
    full_batch.require(job)
    modules = initial_modules(job)
    for module in modules:
        require_own_memory(module)
    reason = probe(job)
    if reason is not None:
        raise Unsuitable(reason)
    if len({structure(module) for module in modules}) > 1:
        raise Unsuitable("it differs from seed to seed in more than the numbers of its weights")
    records = _Records(job)
    trained: list[Trained] = []
    with one_thread(), torch.no_grad():
        for start in range(0, len(modules), _GROUP_SIZE):
            part = modules[start : start + _GROUP_SIZE]
            try:
                trained += _train_group(job.at(range(start, start + len(part))), part, records)
            except Unsuitable as refusal:
                raise Unsuitable(str(refusal), tuple(start + each for each in refusal.positions)) from None
    return trained
