"""Ways of training one network for many seeds: ours, and what users would reach for otherwise.

All train with Adam on the mean squared error, float32, the same rows, batches and number of steps.
"""

import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tests.speed.nets import Net

Run = Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Method:
    """`prepare(net, n_seeds, steps)` does what comes once, compiling and recording, and returns the training.

    With `repeats_setup` the training does the setting up once more, so that it is taken off its time.
    `at_most` says how many steps are run for 1, 10 and 50 seeds; the time of the rest is extrapolated.
    A method that trains one seed after another runs `seeds_at_most` of them. It trains networks of these `kinds`.
    """

    prepare: Callable[[Net, int, int], Run]
    at_most: Mapping[int, int]
    seeds_at_most: int = 50
    repeats_setup: bool = False
    kinds: tuple[str, ...] = ("plain", "set", "other")
    package: str = "torch"


def _epochs(net: Net, steps: int) -> int:
    return max(1, steps // (net.n_rows // net.batch_size))


def _ours(engine: Literal["auto", "traced", "loop"]) -> Callable[[Net, int, int], Run]:
    def prepare(net: Net, n_seeds: int, steps: int) -> Run:
        from models.training.engines.choice import train
        from models.training.job import Job
        from models.training.recipe import Recipe

        def run(steps: int) -> None:
            recipe = Recipe(steps=steps, batch_size=net.batch_size, learning_rate=net.learning_rate, engine=engine)
            inputs, targets = zip(*data, strict=True)
            job = Job(
                factory=net.module,
                problem=net.problem,
                recipe=recipe,
                seeds=range(n_seeds),
                inputs=inputs,
                targets=targets,
            )
            train(job)

        data = [net.rows(seed) for seed in range(n_seeds)]
        run(1)
        return lambda: run(steps)

    return prepare


def _mlp_regressor(net: Net, n_seeds: int, steps: int) -> Run:
    from sklearn.neural_network import MLPRegressor

    data = [net.rows(seed) for seed in range(n_seeds)]

    def run() -> None:
        for seed, (X, y) in enumerate(data):
            regressor = MLPRegressor(
                hidden_layer_sizes=net.outer[:-1],
                batch_size=net.batch_size,
                learning_rate_init=net.learning_rate,
                max_iter=_epochs(net, steps),
                alpha=0.0,
                tol=0.0,
                n_iter_no_change=10**9,
                random_state=seed,
            )
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it warns that the last iteration was reached
                regressor.fit(X.astype(np.float32), y.astype(np.float32))

    return run


def _skorch(net: Net, n_seeds: int, steps: int) -> Run:
    import torch
    from skorch import NeuralNetRegressor

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    data = [net.rows(seed) for seed in range(n_seeds)]

    def run() -> None:
        for X, y in data:
            regressor = NeuralNetRegressor(
                net.module(),
                max_epochs=_epochs(net, steps),
                lr=net.learning_rate,
                optimizer=torch.optim.Adam,
                batch_size=net.batch_size,
                iterator_train__shuffle=True,
                iterator_train__drop_last=True,
                train_split=None,
                verbose=0,
            )
            regressor.fit(X.astype(np.float32), y.astype(np.float32).reshape(-1, 1))

    return run


def _jax(net: Net, n_seeds: int, steps: int) -> Run:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ["JAX_PLATFORMS"] = "cpu"
    import jax
    import jax.numpy as jnp
    import optax

    from tests.speed.in_jax import network

    initial, output = network(net)
    optimizer = optax.adam(optax.cosine_decay_schedule(net.learning_rate, net.steps))

    def one_seed(weights: Any, X: Any, y: Any, orders: Any) -> Any:
        def step(carry: Any, rows: Any) -> Any:
            weights, state = carry
            loss, gradient = jax.value_and_grad(lambda w: jnp.mean((output(w, X[rows]) - y[rows]) ** 2))(weights)
            updates, state = optimizer.update(gradient, state)
            return (optax.apply_updates(weights, updates), state), loss

        return jax.lax.scan(step, (weights, optimizer.init(weights)), orders)[0][0]

    data = [net.rows(seed) for seed in range(n_seeds)]
    X, y = (jnp.asarray(np.stack(each), dtype=jnp.float32) for each in zip(*data, strict=True))
    draw = np.random.default_rng(0)
    epochs = -(-steps // (net.n_rows // net.batch_size))
    kept = net.n_rows - net.n_rows % net.batch_size
    orders = jnp.asarray(
        np.stack(
            [
                np.concatenate([draw.permutation(net.n_rows)[:kept] for _ in range(epochs)]).reshape(
                    -1, net.batch_size
                )[:steps]
                for _ in range(n_seeds)
            ]
        )
    )
    weights = jax.vmap(initial)(jax.random.split(jax.random.key(0), n_seeds))
    compiled = jax.jit(jax.vmap(one_seed)).lower(weights, X, y, orders).compile()
    return lambda: jax.block_until_ready(compiled(weights, X, y, orders))


def _keras(net: Net, n_seeds: int, steps: int) -> Run:
    os.environ["KERAS_BACKEND"] = "jax"
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ["JAX_PLATFORMS"] = "cpu"
    import keras

    def built() -> Any:
        x = h = keras.Input((net.problem.n_features,))
        h = keras.layers.Reshape((net.n_elements, net.n_element_features))(h) if net.inner else h
        for width in net.inner:
            h = keras.layers.Dense(width, activation="relu")(h)
        h = keras.ops.sum(h, axis=1) if net.inner else h
        for width in net.outer[:-1]:
            h = keras.layers.Dense(width, activation="relu")(h)
        model = keras.Model(x, keras.layers.Dense(1)(h))
        model.compile(optimizer=keras.optimizers.Adam(net.learning_rate), loss="mse")
        return model

    models = [built() for _ in range(n_seeds)]
    data = [tuple(each.astype(np.float32) for each in net.rows(seed)) for seed in range(n_seeds)]
    kept = net.n_rows - net.n_rows % net.batch_size

    def run(rows: int, epochs: int) -> None:
        for model, (X, y) in zip(models, data, strict=True):
            model.fit(X[:rows], y[:rows], batch_size=net.batch_size, epochs=epochs, verbose=0)

    run(net.batch_size, 1)
    return lambda: run(kept, _epochs(net, steps))


METHODS: Mapping[str, Method] = {
    "traced": Method(prepare=_ours("auto"), at_most={1: 5_000, 10: 5_000, 50: 500}, repeats_setup=True),
    "traced-only": Method(prepare=_ours("traced"), at_most={1: 1_500, 10: 1_500, 50: 200}, repeats_setup=True),
    "loop": Method(prepare=_ours("loop"), at_most={1: 500, 10: 200, 50: 50}, repeats_setup=True),
    "MLPRegressor": Method(
        prepare=_mlp_regressor, at_most={1: 1_000, 10: 200, 50: 80}, kinds=("plain",), package="scikit-learn"
    ),
    "skorch": Method(prepare=_skorch, at_most={1: 200, 10: 80, 50: 80}, seeds_at_most=5, package="skorch"),
    "jax": Method(prepare=_jax, at_most={1: 5_000, 10: 1_000, 50: 200}, package="jax"),
    "keras": Method(
        prepare=_keras, at_most={1: 1_000, 10: 400, 50: 400}, seeds_at_most=2, kinds=("plain", "set"), package="keras"
    ),
}
