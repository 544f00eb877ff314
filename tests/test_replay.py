"""A recorded step in fewer calls, on memory laid out once: the same numbers, whatever is overwritten on the way."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.fx import Graph
from torch.fx.experimental.proxy_tensor import make_fx

from models.training.engines.products import block, product
from models.training.engines.record import _without_writes
from models.training.engines.replay import Replay, can_be_laid_out
from models.training.engines.simplified import Simplifier
from models.training.weights import ALIGNMENT

ATEN = torch.ops.aten
N_SEEDS, N_ROWS, WIDTH = 3, 7, 5


def tensors(seed: int, *shapes: tuple[int, ...]) -> list[Tensor]:
    draw = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=draw) for shape in shapes]


def graph_of(step: Callable[..., object], given: Sequence[Tensor]) -> Graph:
    """Return the calls of a function, recorded as those of a training step are."""
    made = make_fx(step)(*given).graph
    for node in made.nodes:
        node.target = {ATEN.bmm.default: product, ATEN.view.default: ATEN.reshape.default}.get(node.target, node.target)
    return made


def calls(graph: Graph) -> list[Any]:
    return [node.target for node in graph.nodes if node.op == "call_function"]


def linear(x: Tensor, w: Tensor) -> list[Tensor]:
    return [torch.bmm(x, w.transpose(1, 2)) + 1.0]


def gradient_of_layer_norm(x: Tensor, w: Tensor) -> list[Tensor]:
    def loss(x: Tensor) -> Tensor:
        normed = torch.layer_norm(torch.bmm(x, w), [WIDTH])
        return (torch.tanh(3 * normed) * 0.5).square().sum()

    return [torch.func.grad(loss)(x)]


def of_views(x: Tensor, w: Tensor) -> list[Tensor]:
    left, right = torch.split(torch.bmm(x, w), [2, 3], dim=2)
    flat = (left.transpose(1, 2) * 2).reshape(N_SEEDS, -1)
    return [flat, right.expand(N_SEEDS, N_ROWS, 3) - 1, x.transpose(0, 1).reshape(N_ROWS * N_SEEDS, WIDTH) + 2]


def twice(x: Tensor, w: Tensor) -> list[Tensor]:
    # What is read again after an elementwise call must not be overwritten by it.
    hidden = torch.bmm(x, w)
    other = hidden.exp()
    return [hidden * other, other, hidden.sin() + hidden]


def several(x: Tensor, w: Tensor) -> list[Tensor]:
    found, where = torch.bmm(x, w).max(dim=2)
    return [found * 2, where.to(x.dtype), torch.softmax(x, dim=2), x.cumsum(dim=1)]


def of_copies(x: Tensor, w: Tensor) -> list[Tensor]:
    hidden = torch.bmm(x, w)
    as_it_lies = hidden.clone()
    turned = (hidden.transpose(1, 2) * 2).clone(memory_format=torch.contiguous_format)
    again = turned.sin().clone() + turned
    return [as_it_lies, turned.reshape(N_SEEDS, -1), again, hidden.exp(), x.clone()]


def gradients_of_slices(x: Tensor, w: Tensor) -> list[Tensor]:
    def loss(x: Tensor) -> Tensor:
        whole = torch.bmm(x, w)
        return torch.stack([(whole.select(2, i).sin() * (i + 1)).sum() for i in range(WIDTH)]).sum()

    return [torch.func.grad(loss)(x)]


def attention(x: Tensor, w: Tensor) -> list[Tensor]:
    def loss(x: Tensor) -> Tensor:
        scores = torch.bmm(x, w) * 0.5
        shares = ATEN._safe_softmax.default(scores, 2).square() + ATEN._safe_softmax.default(scores.exp(), 2)
        error: Tensor = (shares * scores.cos()).sum()
        return error

    gradient: Tensor = torch.func.grad(loss)(x)
    return [gradient]


STEPS = [linear, gradient_of_layer_norm, of_views, twice, several, of_copies, gradients_of_slices, attention]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
@pytest.mark.parametrize("simplify", [False, True], ids=["as it is", "simplified"])
def test_a_replay_gives_what_the_calls_give_for_any_inputs(step: Callable[..., list[Tensor]], simplify: bool) -> None:
    shapes = ((N_SEEDS, N_ROWS, WIDTH), (N_SEEDS, WIDTH, WIDTH))
    held = tensors(0, *shapes)
    graph = graph_of(step, held)
    replay = Replay(Simplifier().rewritten(graph) if simplify else graph, held, N_SEEDS)
    for seed in (1, 2):
        for place, fresh in zip(held, tensors(seed, *shapes), strict=True):
            place.copy_(fresh)
        replay()
        for ours, expected in zip(replay.outputs, step(*held), strict=True):
            torch.testing.assert_close(ours, expected, rtol=1e-5, atol=1e-6)


def test_a_copy_into_the_same_order_in_memory_is_no_call_unless_it_is_of_an_input() -> None:
    def step(x: Tensor, w: Tensor) -> list[Tensor]:
        hidden = torch.bmm(x, w)
        return [hidden.clone(), hidden.transpose(1, 2).clone(memory_format=torch.contiguous_format), x.clone()]

    held = tensors(0, (N_SEEDS, N_ROWS, WIDTH), (N_SEEDS, WIDTH, WIDTH))
    replay = Replay(graph_of(step, held), held, N_SEEDS)
    same, turned, of_input = replay.outputs
    hidden = next(place for found in replay._places.values() for place in found if place)
    assert same.data_ptr() == hidden.memory.data_ptr()
    assert turned.stride()[1:] == (N_ROWS, 1)
    # What is given may change before it is read: its copy is one.
    assert of_input.data_ptr() != held[0].data_ptr()


def test_no_call_of_a_replay_makes_a_place_and_what_is_dead_is_used_again() -> None:
    def chain(x: Tensor, w: Tensor) -> list[Tensor]:
        for _ in range(20):
            x = torch.bmm(x, w).sin()
        return [x]

    held = tensors(0, (N_SEEDS, N_ROWS, WIDTH), (N_SEEDS, WIDTH, WIDTH))
    replay = Replay(graph_of(chain, held), held, N_SEEDS)
    # A product cannot write into what it reads: two places take turns.
    assert len({place.memory.data_ptr() for found in replay._places.values() for place in found if place}) == 2
    replay()
    first = replay.outputs[0].data_ptr()
    replay()
    assert replay.outputs[0].data_ptr() == first


def test_every_seed_fills_whole_blocks() -> None:
    held = tensors(0, (N_SEEDS, N_ROWS, WIDTH), (N_SEEDS, WIDTH, WIDTH))
    replay = Replay(graph_of(linear, held), held, N_SEEDS)
    assert replay.outputs[0].stride(0) == ALIGNMENT
    assert block((N_SEEDS, 13, WIDTH), torch.float32).stride(0) == 2 * ALIGNMENT


def test_what_writes_in_place_is_not_laid_out() -> None:
    held = tensors(0, (N_SEEDS, N_ROWS))
    assert not can_be_laid_out(graph_of(lambda x: [x.mul_(2)], held))
    assert can_be_laid_out(graph_of(lambda x: [x.mul(2)], held))


def test_a_write_into_what_was_just_made_becomes_a_call_of_its_own() -> None:
    def step(x: Tensor) -> list[Tensor]:
        made = x + 1
        before = made * 2
        made.mul_(3)
        return [made, before]

    (x,) = tensors(0, (N_SEEDS, N_ROWS))
    graph = graph_of(step, [x])
    _without_writes(graph)
    assert can_be_laid_out(graph)
    replay = Replay(graph, [x], N_SEEDS)
    replay()
    for ours, expected in zip(replay.outputs, step(x), strict=True):
        torch.testing.assert_close(ours, expected)


@pytest.mark.parametrize(
    "step",
    [
        lambda x: [x.add_(1).mul_(2)],
        lambda x: [(x + 1).transpose(0, 1).mul_(2)],
        lambda x: [torch.empty_like(x).uniform_()],
    ],
    ids=["input", "view", "random"],
)
def test_other_writes_stay_as_they_are(step: Callable[..., object]) -> None:
    graph = graph_of(step, tensors(0, (N_SEEDS, N_ROWS)))
    before = calls(graph)
    _without_writes(graph)
    assert calls(graph) == before


# Fewer calls -----------------------------------------------------------------------------------------------------


def filled(x: Tensor, place: int) -> Tensor:
    """Return x as the slice at a place of a pair of them, the other one zero."""
    whole: Tensor = ATEN.select_backward.default(x, [N_SEEDS, 2, N_ROWS], 1, place)
    return whole


def outer(x: Tensor, width: int, factor: float = 1) -> Tensor:
    """Return a factor times the products of the numbers of x (n, m) with the first of them, (n, m, width)."""
    return torch.bmm(
        (x * factor).reshape(N_SEEDS, N_ROWS, 1), x[:, :1].reshape(N_SEEDS, 1, 1).expand(N_SEEDS, 1, width)
    )


@pytest.mark.parametrize(
    ("step", "left"),
    [
        # A factor goes through all that is linear, and is multiplied in once.
        (lambda x: [-(2 * x.reshape(-1) / 3).reshape(x.shape).sum(1)], [ATEN.mul.Tensor]),
        (lambda x: [(2 * x) * (3 * x) / 6], [ATEN.mul.Tensor]),
        (lambda x: [(2 * x).square() / 4], [ATEN.pow.Tensor_Scalar]),
        # Of a sum it is taken out, or becomes the ratio of its terms.
        (lambda x: [(2 * x - 2 * x.exp()) / 2], [ATEN.exp.default, ATEN.sub.Tensor]),
        (lambda x: [x + 3 * x.exp()], [ATEN.exp.default, ATEN.add.Tensor]),
        # Into a product of many numbers goes what is few with its factor.
        (lambda x: [outer(x, 16, 3)], [ATEN.mul.Tensor, product]),
        (lambda x: [outer(x, 7, 3)], [product, ATEN.mul.Tensor]),
        # What needs the number itself gets it.
        (lambda x: [(2 * x).exp()], [ATEN.mul.Tensor, ATEN.exp.default]),
        # A product with ones, a first power and a second calculation are nothing.
        (lambda x: [x * torch.ones_like(x)], []),
        (lambda x: [ATEN.pow.Tensor_Scalar(x, 1.0)], []),
        (lambda x: [x.exp() + x.exp()], [ATEN.exp.default, ATEN.add.Tensor]),
        # Gradients of all slices are laid side by side; of some, they are filled up with zeros.
        (lambda x: [filled(x.exp(), 0) + filled(x, 1)], [ATEN.exp.default, ATEN.stack.default]),
        (lambda x: [filled(x, 0) + filled(x, 0)], [ATEN.select_backward.default, ATEN.add.Tensor]),
        # A softmax of a product looks for no masked rows, and short ones are sums.
        (lambda x: [ATEN._safe_softmax.default(outer(x, 16), 2)], [product, ATEN._softmax.default]),
        (
            lambda x: [ATEN._safe_softmax.default(outer(x, 15), 2)],
            [
                *(product, ATEN.amax.default, ATEN.sub.Tensor, ATEN.exp.default),
                *(ATEN.reciprocal.default, ATEN.mul.Tensor),
            ],
        ),
        (lambda x: [ATEN._safe_softmax.default(x.exp(), 1)], [ATEN.exp.default, ATEN._safe_softmax.default]),
        (lambda x: [torch.tanh(x)], [ATEN.mul.Tensor, ATEN.sigmoid.default, ATEN.add.Tensor, ATEN.mul.Tensor]),
    ],
)
def test_a_simplified_step_has_no_call_too_many(step: Callable[..., list[Tensor]], left: list[Any]) -> None:
    (x,) = tensors(0, (N_SEEDS, N_ROWS))
    graph = Simplifier().rewritten(graph_of(step, [x]))
    views = (ATEN.reshape.default, ATEN.expand.default, ATEN.slice.Tensor, ATEN.sum.dim_IntList)
    assert [each for each in calls(graph) if each not in views] == left
    replay = Replay(graph, [x], N_SEEDS)
    replay()
    torch.testing.assert_close(replay.outputs[0], step(x)[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "step",
    [
        lambda x: [x * 0 + x],
        lambda x: [x * 1e-30 + x],
        lambda x: [x + 1e9 * x.exp()],
        lambda x: [(x > 0) * 2 * x],
        lambda x: [(x * 2).to(torch.float64) * 3],
        lambda x: [(x > 0).sum(1) * 2],
        lambda x: [torch.tanh(x.double())],
    ],
)
def test_what_has_no_factor_to_take_out_is_left_as_it_is(step: Callable[..., list[Tensor]]) -> None:
    (x,) = tensors(0, (N_SEEDS, N_ROWS))
    replay = Replay(Simplifier().rewritten(graph_of(step, [x])), [x], N_SEEDS)
    replay()
    torch.testing.assert_close(replay.outputs[0], step(x)[0])
