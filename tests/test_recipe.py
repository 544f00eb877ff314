"""Every field of a recipe is checked where it is made, in words that say what is allowed."""

import re
from typing import Any

import numpy as np
import pytest

from models.training import network
from models.training.recipe import Recipe
from tests.nets import plain


def test_the_cosine_goes_from_the_learning_rate_towards_zero() -> None:
    np.testing.assert_allclose(Recipe(steps=4, learning_rate=2.0).learning_rates(), [2, 1 + 0.5**0.5, 1, 1 - 0.5**0.5])
    assert set(Recipe(steps=3, learning_rate=0.5, schedule="constant").learning_rates()) == {0.5}


WHOLE = "must be a whole number of at least 1, got"
POSITIVE = "must be a finite number greater than 0, got"
TWO = "must be two finite numbers greater than 0, one for X and one for y, got"


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        *(("steps", value, f"steps {WHOLE} {value!r}") for value in (0, -1, 2.5, 2.0, True, "100", None)),
        *(("batch_size", value, f"batch_size {WHOLE} {value!r}") for value in (0, 1.5, False)),
        *(
            ("learning_rate", value, f"learning_rate {POSITIVE} {value!r}")
            for value in (0, -1e-3, float("nan"), float("inf"), "1e-3", True, None)
        ),
        ("schedule", "linear", "schedule must be 'cosine' or 'constant', got 'linear'"),
        ("schedule", "cosin", "schedule must be 'cosine' or 'constant', got 'cosin'. Did you mean 'cosine'?"),
        ("optimizer", "sgd", "optimizer must be 'adam', 'rmsprop' or 'lbfgs', got 'sgd'"),
        ("optimizer", "Adam", "optimizer must be 'adam', 'rmsprop' or 'lbfgs', got 'Adam'. Did you mean 'adam'?"),
        ("optimizer", "adamw", "optimizer must be 'adam', 'rmsprop' or 'lbfgs', got 'adamw'. Did you mean 'adam'?"),
        ("optimizer", None, "optimizer must be 'adam', 'rmsprop' or 'lbfgs', got None"),
        ("dtype", "bfloat16", "dtype must be 'float32' or 'float64', got 'bfloat16'. Did you mean 'float"),
        ("engine", "jit", "engine must be 'auto', 'stack', 'traced' or 'loop', got 'jit'"),
        ("share_scaling", "no", "share_scaling must be True or False, got 'no'"),
        ("share_scaling", 1, "share_scaling must be True or False, got 1"),
        *(
            (
                "validation",
                value,
                f"validation must be None or a share of the training rows, from 0 to below 1, got {value!r}",
            )
            for value in (-0.1, 1, 1.0, 20, float("nan"), "0.2", True)
        ),
        ("divisors", (0.0, 1.0), f"divisors {TWO} (0.0, 1.0)"),
        ("divisors", (1.0,), f"divisors {TWO} (1.0,)"),
        ("divisors", (1.0, 2.0, 3.0), f"divisors {TWO} (1.0, 2.0, 3.0)"),
        ("divisors", (1.0, float("nan")), f"divisors {TWO} (1.0, nan)"),
        ("divisors", 2.0, f"divisors {TWO} 2.0"),
        ("divisors", "12", f"divisors {TWO} '12'"),
    ],
)
def test_a_field_refuses_what_is_not_allowed(field: str, given: object, said: str) -> None:
    options: dict[str, Any] = {field: given}
    with pytest.raises(ValueError, match=f"^{re.escape(said)}"):
        network(plain, **options)


def test_numbers_of_numpy_are_allowed_and_become_plain_ones() -> None:
    options: dict[str, Any] = {"steps": np.int64(7), "learning_rate": np.float64(0.5), "share_scaling": np.bool_(True)}
    recipe = Recipe(**options, divisors=(np.float64(2.0), 3), validation=np.float64(0.25))
    given = (recipe.steps, recipe.learning_rate, recipe.share_scaling, *(recipe.divisors or ()), recipe.validation)
    assert given == (7, 0.5, True, 2.0, 3.0, 0.25)
    assert [type(each) for each in given] == [int, float, bool, float, float, float]
    assert recipe == Recipe(steps=7, learning_rate=0.5, share_scaling=True, divisors=(2.0, 3.0), validation=0.25)


@pytest.mark.parametrize("none", [None, 0, 0.0, np.int64(0)])
def test_a_share_of_no_rows_is_none(none: Any) -> None:
    assert Recipe(validation=none) == Recipe()


@pytest.mark.parametrize(
    ("option", "hint"),
    [
        ("lr", "Did you mean 'learning_rate'? Known: steps, batch_size, learning_rate, "),
        ("LR", "Did you mean 'learning_rate'? Known: "),
        ("learning_rates", "Did you mean 'learning_rate'? Known: "),
        ("epochs", "Did you mean 'steps'? An epoch is n_train // batch_size steps. Known: "),
        ("max_iter", "Did you mean 'steps'? Known: "),
        ("batchsize", "Did you mean 'batch_size'? Known: "),
        ("optimiser", "Did you mean 'optimizer'? Known: "),
        ("lr_scheduler", "Did you mean 'schedule'? Known: "),
        ("validation_split", "Did you mean 'validation'? Known: "),
        ("validation_fraction", "Did you mean 'validation'? Known: "),
        ("early_stopping", "Did you mean 'validation'? Known: "),
        ("weight_decay", "Known: "),
    ],
)
def test_an_unknown_option_is_refused_with_the_nearest_one(option: str, hint: str) -> None:
    options: dict[str, Any] = {option: 1}
    with pytest.raises(TypeError, match=f"^{re.escape(f'network() has no option {option!r}. {hint}')}"):
        network(plain, **options)
