"""What a field of a recipe may hold, and the sentence where it does not: each function returns the plain value."""

import inspect
from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from numbers import Integral, Real

import numpy as np

_RATES = "must be None or two or more different finite numbers greater than 0"


def require_one_of(name: str, value: object, allowed: tuple[str, ...], *, otherwise: str = "") -> None:
    """Raise `ValueError` unless the value is one of these words; `otherwise` says what else is allowed."""
    if isinstance(value, str) and value in allowed:
        return
    near = get_close_matches(value.lower(), allowed, 1, cutoff=0.5) if isinstance(value, str) else []
    hint = f". Did you mean {near[0]!r}?" if near else ""
    names = [*map(repr, allowed), *([otherwise] if otherwise else [])]
    raise ValueError(f"{name} must be {', '.join(names[:-1])} or {names[-1]}, got {value!r}{hint}")


def one_of_or_function(name: str, value: object, allowed: tuple[str, ...], takes: tuple[str, ...]) -> None:
    """Raise `ValueError` unless the value is one of these words, or a function that can be called with such names."""
    otherwise = f"a function of ({', '.join(takes)})"
    if isinstance(value, type) or not callable(value):
        require_one_of(name, value, allowed, otherwise=otherwise)
        return
    require_callable(name, value, takes)


def require_callable(name: str, value: object, takes: tuple[str, ...]) -> None:
    """Raise `ValueError` unless the value is a function that can be called with so many arguments."""
    expected = f"{name} must be a function of ({', '.join(takes)})"
    if isinstance(value, type) or not callable(value):
        raise ValueError(f"{expected}, got {value!r}")
    if not can_be_called(value, takes):
        raise ValueError(f"{expected}, got {name_of(value)!r}, which cannot be called so")


def can_be_called(function: Callable[..., object], takes: tuple[str, ...]) -> bool:
    """Return whether a function can be called with so many arguments, as far as it tells."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return True  # Callables of C may not tell.
    try:
        signature.bind(*takes)
    except TypeError:
        return False
    return True


def whole(name: str, value: object) -> int:
    """Return a whole number of at least 1."""
    # True is a number to Python, and a mistake to everybody else.
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}")
    return int(value)


def _is_number(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, Real) and bool(np.isfinite(float(value)))


def _is_positive(value: object) -> bool:
    return _is_number(value) and float(value) > 0  # type: ignore[arg-type]


def positive(name: str, value: float) -> float:
    """Return a finite number above 0."""
    if not _is_positive(value):
        raise ValueError(f"{name} must be a finite number greater than 0, got {value!r}")
    return float(value)


def positive_or_none(name: str, value: float | None) -> float | None:
    """Return a finite number above 0, or None."""
    if value is not None and not _is_positive(value):
        raise ValueError(f"{name} must be None or a finite number greater than 0, got {value!r}")
    return None if value is None else float(value)


def at_least_zero(name: str, value: float) -> float:
    """Return a finite number of at least 0."""
    if not _is_number(value) or value < 0:
        raise ValueError(f"{name} must be a finite number of at least 0, got {value!r}")
    return float(value)


def below_one_or_none(name: str, value: float | None) -> float | None:
    """Return a number from 0 to below 1, or None."""
    if value is not None and (not _is_number(value) or not 0 <= value < 1):
        raise ValueError(f"{name} must be None or a number from 0 to below 1, got {value!r}")
    return None if value is None else float(value)


def switch(name: str, value: object) -> bool:
    """Return True or False."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be True or False, got {value!r}")
    return bool(value)


def two_positive(name: str, value: object) -> tuple[float, float] | None:
    """Return two finite numbers above 0, or None."""
    if value is None:
        return None
    if not isinstance(value, tuple | list) or len(value) != 2 or not all(_is_positive(each) for each in value):
        raise ValueError(f"{name} must be two finite numbers greater than 0, one for X and one for y, got {value!r}")
    return float(value[0]), float(value[1])


def several_positive(name: str, value: object) -> tuple[float, ...] | None:
    """Return two or more different finite numbers above 0, or None."""
    if value is None:
        return None
    given = value if isinstance(value, tuple | list) else ()
    plain = tuple(float(each) for each in given if _is_positive(each))
    if len(plain) < 2 or len(plain) != len(given) or len(set(plain)) != len(plain):
        raise ValueError(f"{name} {_RATES}, got {value!r}")
    return plain


def share(name: str, value: object) -> float | None:
    """Return a share above 0; None for none."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= float(value) < 1:
        raise ValueError(f"{name} must be None or a share of the training rows, from 0 to below 1, got {value!r}")
    return float(value) or None


def name_of(function: object) -> str:
    """Return what a function is called: the record's settings and errors show it."""
    while isinstance(function, partial):
        function = function.func
    return str(getattr(function, "__name__", type(function).__name__))
