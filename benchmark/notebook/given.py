"""Takes what somebody has at hand for a model: an estimator, a function that builds one, a network, a name."""

import re
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any

from benchmark.catalogue.registry import Catalogue, load_model, unknown
from benchmark.errors import UsageError
from models.base import Model, Problem, Regressor
from models.training import network
from models.training.allowed import can_be_called, name_of
from tasks.base import NAME_PATTERN

_ALLOWED = (
    "an estimator with fit and predict, a function (problem, seed) -> estimator, a function problem -> nn.Module, "
    "a Model, or the name of a model"
)


def seeded(estimator: Any, problem: Problem, seed: int) -> Regressor:
    """Return an unfitted copy of an estimator, every `random_state` in it set to the seed."""
    if not hasattr(estimator, "get_params"):
        fresh: Any = deepcopy(estimator)
        if hasattr(fresh, "random_state"):
            fresh.random_state = seed
        return fresh  # type: ignore[no-any-return]
    from sklearn.base import clone

    fresh = clone(estimator)
    names = [name for name in fresh.get_params(deep=True) if name.rpartition("__")[2] == "random_state"]
    return fresh.set_params(**dict.fromkeys(names, seed))  # type: ignore[no-any-return]


def _in_words(name: str) -> str:
    """Return a name of Python as one of a model: `RandomForestRegressor` as `random-forest-regressor`."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name)
    return re.sub(r"[^a-z0-9]+", "-", apart.lower()).strip("-")[:64].strip("-") or "model"


def _name_of(given: Any) -> str:
    """Return what something is called: of a pipeline and the like what its last step is called."""
    steps = getattr(given, "steps", None)
    if isinstance(steps, list) and steps:
        return _name_of(steps[-1][1])
    # What searches or transforms around an estimator is called by it.
    inner = getattr(given, "regressor", None) or (hasattr(given, "refit") and getattr(given, "estimator", None))
    if hasattr(inner, "fit"):
        return _name_of(inner)
    return _in_words(name_of(given))


def _build_of(given: Any) -> Callable[[Problem, int], Regressor]:
    if isinstance(given, type):
        made = f"give an instance: {given.__name__}()" if hasattr(given, "predict") else f"give {_ALLOWED}"
        raise UsageError(f"{given.__name__} is a class; {made}")
    if hasattr(given, "fit") or hasattr(given, "predict"):
        missing = [name for name in ("fit", "predict") if not callable(getattr(given, name, None))]
        if missing:
            raise UsageError(
                f"{type(given).__name__} has no {' and no '.join(missing)}; give {_ALLOWED}. A regressor learns by "
                "fit(X, y), and predict(X) returns one number a row"
            )
        return partial(seeded, given)
    if callable(given) and not hasattr(given, "forward"):
        if can_be_called(given, ("problem", "seed")):
            return given  # type: ignore[no-any-return]
        if can_be_called(given, ("problem",)):
            return network(given)
        raise UsageError(
            f"{getattr(given, '__name__', type(given).__name__)} can be called neither as (problem, seed) nor as "
            f"(problem); give {_ALLOWED}"
        )
    if hasattr(given, "forward"):
        raise UsageError(
            f"{type(given).__name__} is an instance, and every seed needs a new one: give a function "
            "problem -> nn.Module that returns it"
        )
    raise UsageError(f"{given!r} is no model; give {_ALLOWED}")


def model_of(given: Any, name: str | None, found: Catalogue) -> Model:
    """Return what was given as a model, called `name` or what it is called itself.

    Raises:
        UsageError: it is none, or its name is not allowed.
    """
    if isinstance(given, str):
        if given not in found.models:
            raise unknown("model", given, found.models)
        entry = found.models[given]
        return load_model(entry.origin, entry.name)
    if isinstance(given, Model):
        return given
    called = _name_of(given) if name is None else name
    if not (isinstance(called, str) and NAME_PATTERN.fullmatch(called)):
        raise UsageError(f"name={called!r} is not allowed; a name has up to 64 of a-z, 0-9 and '-', as 'my-forest'")
    title = called if name else getattr(given, "__name__", type(given).__name__)
    return Model(name=called, build=_build_of(given), title=str(title)[:200], source="given to benchmark.score")
