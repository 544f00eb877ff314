"""The timed networks in JAX, as its users would write them: pure functions of weights and rows."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp

from tests.speed.nets import Net

Initial = Callable[[Any], Any]
Output = Callable[[Any, Any], Any]


def network(net: Net) -> tuple[Initial, Output]:
    """Return a function key -> weights, and a function (weights, x (batch, n_features)) -> outputs (batch,)."""
    others = {"siren": _siren, "gelu-resnet": _gelu_resnet, "radial-kan": _radial_kan}
    return others[net.name](net) if net.factory is not None else _relu(net)


def _dense(key: Any, n: int, m: int, scale: float = 1.0) -> tuple[Any, Any]:
    return jax.random.normal(key, (n, m)) * scale * jnp.sqrt(1 / n), jnp.zeros(m)


def _relu(net: Net) -> tuple[Initial, Output]:
    widths = (net.n_element_features, *net.inner, *net.outer)

    def initial(key: Any) -> Any:
        keys = jax.random.split(key, len(widths) - 1)
        return [_dense(k, n, m, 2**0.5) for k, (n, m) in zip(keys, pairwise(widths), strict=True)]

    def output(weights: Any, x: Any) -> Any:
        h = x.reshape(-1, net.n_elements, net.n_element_features) if net.inner else x
        for index, (matrix, bias) in enumerate(weights):
            h = h.sum(axis=1) if net.inner and index == len(net.inner) else h
            h = h @ matrix + bias
            h = jax.nn.relu(h) if index < len(weights) - 1 else h
        return h[:, 0]

    return initial, output


def _siren(net: Net) -> tuple[Initial, Output]:
    widths, w0 = (net.n_element_features, 64, 64, 64, 1), 30.0

    def initial(key: Any) -> Any:
        keys = jax.random.split(key, len(widths) - 1)
        return [
            _dense(k, n, m, 1.0 if index == 0 else 2**0.5 / w0)
            for index, (k, (n, m)) in enumerate(zip(keys, pairwise(widths), strict=True))
        ]

    def output(weights: Any, x: Any) -> Any:
        *hidden, (matrix, bias) = weights
        for inner, shift in hidden:
            x = jnp.sin(w0 * (x @ inner + shift))
        return (x @ matrix + bias)[:, 0]

    return initial, output


def _normed(x: Any) -> Any:
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred * jax.lax.rsqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)


def _gelu_resnet(net: Net) -> tuple[Initial, Output]:
    def initial(key: Any) -> Any:
        first, last, *inner = jax.random.split(key, 8)
        blocks = [
            ((jnp.ones(64), jnp.zeros(64)), _dense(a, 64, 64), _dense(b, 64, 64))
            for a, b in zip(inner[::2], inner[1::2], strict=True)
        ]
        return _dense(first, net.n_element_features, 64), blocks, _dense(last, 64, 1)

    def output(weights: Any, x: Any) -> Any:
        (matrix, bias), blocks, (last_matrix, last_bias) = weights
        h = x @ matrix + bias
        for (gain, shift), (a, a_bias), (b, b_bias) in blocks:
            inner = jax.nn.gelu((_normed(h) * gain + shift) @ a + a_bias, approximate=False)
            h = h + inner @ b + b_bias
        return (h @ last_matrix + last_bias)[:, 0]

    return initial, output


def _radial_kan(net: Net) -> tuple[Initial, Output]:
    widths, n_bumps, reach = (net.n_element_features, 16, 16, 1), 8, 2.0
    centres, width = jnp.linspace(-reach, reach, n_bumps), 2 * reach / (n_bumps - 1)

    def initial(key: Any) -> Any:
        keys = jax.random.split(key, 2 * (len(widths) - 1))
        return [
            (
                _dense(a, n, m),
                0.1 * jax.random.truncated_normal(b, -2.0, 2.0, (n * n_bumps, m)),
                (jnp.ones(n), jnp.zeros(n)),
            )
            for a, b, (n, m) in zip(keys[::2], keys[1::2], pairwise(widths), strict=True)
        ]

    def output(weights: Any, x: Any) -> Any:
        for index, ((matrix, bias), coefficients, (gain, shift)) in enumerate(weights):
            inputs = _normed(x) * gain + shift if index else x
            bumps = jnp.exp(-(((inputs[..., None] - centres) / width) ** 2)).reshape(len(x), -1)
            x = jax.nn.silu(x) @ matrix + bias + bumps @ coefficients
        return x[:, 0]

    return initial, output
