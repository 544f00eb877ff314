"""Fresh modules, one a seed, whose weights are a function of the seed alone; or a sentence why they cannot be.

Whatever an author's factory may return is brought here into the one form that all engines train.
"""

from collections.abc import Sequence
from typing import NoReturn

import torch
from torch import Tensor, nn
from torch._dynamo import OptimizedModule
from torch.nn.parameter import is_lazy

from models.training.allowed import name_of
from models.training.job import Job, WrongNetwork, seeded
from models.training.state import bits, tensors_of


def initial_module(job: Job, seed: int) -> nn.Module:
    """Return a fresh module whose weights are a function of the seed alone.

    A compiled module is taken out of its compiler, which every engine does without. A lazy one is called once on
    a row of zeros, which settles its shapes. Complex weights stay complex, of the recipe's precision.

    Raises:
        WrongNetwork: the factory returned no module, or one that cannot be trained.
    """
    with seeded(seed):
        module = _uncompiled(_returned(job))
        _settle(module, job)
    if not any(parameter.requires_grad for parameter in module.parameters()):
        _refuse(job, f"returned a {type(module).__name__} without a parameter to train")
    if not any(tensor.is_complex() for tensor in (*module.parameters(), *module.buffers())):
        return module.to(job.dtype)

    def converted(tensor: Tensor) -> Tensor:
        if tensor.is_complex():
            return tensor.to(job.dtype.to_complex())
        return tensor.to(job.dtype) if tensor.is_floating_point() else tensor

    # As `Module.to` does it, which would drop the imaginary parts.
    module._apply(converted)  # type: ignore[no-untyped-call]
    return module


def initial_modules(job: Job) -> list[nn.Module]:
    """Return a fresh module for each seed of the job, none of which shares a trained weight with another.

    Raises:
        WrongNetwork: the weights are no function of the seed alone, or there is no module to train.
    """
    modules = [initial_module(job, seed) for seed in job.seeds]
    # A second one of the first seed shows what the factory keeps from call to call.
    twin = initial_module(job, job.seeds[0])
    _require_apart(job, [*modules, twin])
    _require_same_start(job, modules[0], twin)
    return modules


def _refuse(job: Job, what: str) -> NoReturn:
    raise WrongNetwork(f"the factory {name_of(job.factory)!r} {what}")


def _returned(job: Job) -> nn.Module:
    """Return what the factory returns, if it is a module."""
    given: object = job.factory(job.problem)
    if isinstance(given, nn.Module):
        return given
    if isinstance(given, type) and issubclass(given, nn.Module):
        _refuse(job, f"returned the class {given.__name__}, expected an instance of it")
    if given is None:
        _refuse(job, "returned None, expected an nn.Module; is a return missing?")
    _refuse(job, f"returned an object of type {type(given).__name__}, expected an nn.Module")


def _uncompiled(module: nn.Module) -> nn.Module:
    while isinstance(module, OptimizedModule):
        module = module._orig_mod
    if module._compiled_call_impl is not None:
        module._compiled_call_impl = None
    for name, child in module._modules.items():
        if child is not None:
            module._modules[name] = _uncompiled(child)
    return module


def _settle(module: nn.Module, job: Job) -> None:
    """Give lazy layers their shapes, and with these their first weights."""
    tensors = [*module.parameters(), *module.buffers()]
    if not any(map(is_lazy, tensors)):
        return
    # With a single row, BatchNorm computes only in evaluation.
    modes = {each: each.training for each in module.modules()}
    settled = (tensor.dtype for tensor in tensors if not is_lazy(tensor) and tensor.is_floating_point())
    with torch.no_grad():
        module.eval()(torch.zeros(1, job.problem.n_features, dtype=next(settled, torch.get_default_dtype())))
    for each, training in modes.items():
        each.training = training
    left = [name for name, tensor in tensors_of(module).items() if is_lazy(tensor)]
    if left:
        _refuse(job, f"returned a module that never calls its lazy layer of {left[0]!r}, so that it has no shape")


def _require_apart(job: Job, modules: Sequence[nn.Module]) -> None:
    """Raise unless no two modules train the same memory."""
    owners: dict[int, int] = {}
    for index, module in enumerate(modules):
        for name, parameter in module.named_parameters():
            memory = parameter.untyped_storage().data_ptr()
            if not parameter.requires_grad or not memory:
                continue
            owner = owners.setdefault(memory, index)
            if owner != index:
                what = "the same module twice" if modules[owner] is module else f"two modules that share {name!r}"
                _refuse(job, f"returned {what}; every seed trains weights of its own: build a new module at every call")


def _require_same_start(job: Job, first: nn.Module, twin: nn.Module) -> None:
    """Raise unless two modules of one seed start from the same bits."""
    ours, theirs = tensors_of(first), tensors_of(twin)
    for name in [*ours, *theirs]:
        if name not in ours or name not in theirs or bits(ours[name]) != bits(theirs[name]):
            _refuse(
                job,
                f"gave two different modules for one seed: {name!r} differs; draw from the global random streams of "
                "torch, numpy or Python, which are set to the seed",
            )
