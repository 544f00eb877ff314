"""Whether what an author gives is a factory of modules. Imports no torch."""

import inspect
import sys

from models.training.allowed import name_of


def require_factory(factory: object) -> None:
    """Raise `TypeError` unless `factory(problem)` can be called: here, at the author's own line."""
    expected = "network() takes a function problem -> nn.Module"
    # Without torch there is no module that could have been given.
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(factory, torch.nn.Module):
        raise TypeError(
            f"{expected}, got an instance of {type(factory).__name__}; every seed needs a new one: "
            "write a function that returns it"
        )
    if not callable(factory):
        raise TypeError(f"{expected}, got {factory!r}")
    try:
        signature = inspect.signature(factory)
    except (TypeError, ValueError):
        return  # Callables of C may not tell.
    try:
        signature.bind("problem")
    except TypeError as error:
        name, names = name_of(factory), ", ".join(signature.parameters)
        raise TypeError(f"{expected}, but {name}({names}) cannot be called as {name}(problem): {error}") from None
