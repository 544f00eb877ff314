"""Whether an engine can hold a module's weights and buffers itself, as rows of a larger tensor."""

from itertools import pairwise

from torch import Tensor, nn

from models.training.job import Unsuitable
from models.training.state import tensors_of


def require_own_memory(module: nn.Module) -> None:
    """Raise `Unsuitable` where weights or buffers share memory, or carry hooks, which only autograd itself calls."""
    spans = []
    for name, tensor in tensors_of(module).items():
        if tensor._backward_hooks or tensor._post_accumulate_grad_hooks:
            raise Unsuitable(f"its {name!r} carries a hook")
        if tensor.numel():
            spans.append((*_span(name, tensor), name))
    for (_, end, one), (begin, _, other) in pairwise(sorted(spans)):
        if begin < end:
            raise Unsuitable(f"its {one!r} and {other!r} share memory")


def _span(name: str, tensor: Tensor) -> tuple[int, int]:
    """Return where a tensor's memory begins and ends."""
    extents = [(size - 1, step) for size, step in zip(tensor.shape, tensor.stride(), strict=True) if size > 1]
    if any(step == 0 for _, step in extents):
        raise Unsuitable(f"its {name!r} says one number of its memory several times")
    reach = 1 + sum(last * step for last, step in extents)
    return tensor.data_ptr(), tensor.data_ptr() + reach * tensor.element_size()
