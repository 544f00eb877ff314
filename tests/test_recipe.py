"""Every field of a recipe is checked where it is made, in words that say what is allowed."""

import re
from typing import Any

import numpy as np
import pytest
from torch import nn

from models.training import network
from models.training.recipe import Recipe
from tests.nets import plain


def test_the_cosine_goes_from_the_learning_rate_towards_zero() -> None:
    np.testing.assert_allclose(Recipe(steps=4, learning_rate=2.0).rates(), [2, 1 + 0.5**0.5, 1, 1 - 0.5**0.5])
    assert set(Recipe(steps=3, learning_rate=0.5, schedule="constant").rates()) == {0.5}


def _of_one(given: object) -> object:
    return given


WHOLE = "must be a whole number of at least 1, got"
POSITIVE = "must be a finite number greater than 0, got"
OPTIMIZERS = "must be 'adam', 'adamw', 'sgd', 'rmsprop', 'lbfgs' or 'levenberg-marquardt', got"
LOSSES = "must be 'mse', 'mae', 'huber' or a function of (predictions, targets), got"
A_LOSS = "loss must be a function of (predictions, targets)"
A_CALLBACK = "callback must be a function of (step, losses)"
RATES = "must be None or two or more different finite numbers greater than 0, got"
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
        ("optimizer", "newton", f"optimizer {OPTIMIZERS} 'newton'"),
        ("optimizer", "AdamW", f"optimizer {OPTIMIZERS} 'AdamW'. Did you mean 'adamw'?"),
        ("optimizer", "levenberg_marquardt", f"optimizer {OPTIMIZERS} 'levenberg_marquardt'. Did you mean 'levenberg-"),
        ("optimizer", None, f"optimizer {OPTIMIZERS} None"),
        ("loss", "hubert", f"loss {LOSSES} 'hubert'. Did you mean 'huber'?"),
        ("loss", None, f"loss {LOSSES} None"),
        ("loss", Recipe, f"loss {LOSSES} {Recipe!r}"),
        ("loss", _of_one, f"{A_LOSS}, got '_of_one', which cannot be called so"),
        ("callback", _of_one, f"{A_CALLBACK}, got '_of_one', which cannot be called so"),
        ("callback", True, f"{A_CALLBACK}, got True"),
        ("callback", Recipe, f"{A_CALLBACK}, got {Recipe!r}"),
        *(
            ("weight_decay", value, f"weight_decay must be a finite number of at least 0, got {value!r}")
            for value in (-1e-3, float("nan"), float("inf"), "0", True, None)
        ),
        *(
            ("clip_norm", value, f"clip_norm must be None or a finite number greater than 0, got {value!r}")
            for value in (0, -1.0, float("nan"), float("inf"), "1", True)
        ),
        *(
            ("momentum", value, f"momentum must be None or a number from 0 to below 1, got {value!r}")
            for value in (1, 1.0, -0.1, float("nan"), "0.9", False)
        ),
        *(
            ("learning_rates", value, f"learning_rates {RATES} {value!r}")
            for value in ((), (0.1,), (0.1, 0.1), (0.1, 0.0), (0.1, float("nan")), 0.1, "12", (0.1, True))
        ),
        ("validation_rows", "outer", "validation_rows must be 'random' or 'edge', got 'outer'"),
        ("early_stopping", 10, "early_stopping must be True or False, got 10"),
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


GIVEN = {"validation": 0.2, "early_stopping": True}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"momentum": 0.5},
            "momentum goes with optimizer='sgd' alone, got momentum=0.5 and optimizer='adam': leave momentum out, or",
        ),
        (
            {"optimizer": "lbfgs", "weight_decay": 0.1},
            "weight_decay goes with 'adam', 'adamw', 'sgd' or 'rmsprop', got weight_decay=0.1 and optimizer='lbfgs': "
            "leave weight_decay out, or train by another optimizer",
        ),
        (
            {"optimizer": "levenberg-marquardt", "clip_norm": 1},
            "clip_norm goes with 'adam', 'adamw', 'sgd' or 'rmsprop', got clip_norm=1.0 and optimizer='levenberg-",
        ),
        (
            {"optimizer": "lbfgs", "learning_rates": (0.1, 0.2), "validation": 0.2},
            "learning_rates goes with 'adam', 'adamw', 'sgd' or 'rmsprop', got learning_rates=(0.1, 0.2) and optimizer",
        ),
        (
            {"optimizer": "lbfgs", **GIVEN},
            "early_stopping goes with another optimizer, got early_stopping=True and optimizer='lbfgs': leave",
        ),
        (
            {"optimizer": "lbfgs", "callback": print},
            "callback goes with another optimizer, got callback=print and optimizer='lbfgs': leave callback out, or",
        ),
        (
            {"optimizer": "levenberg-marquardt", "loss": "mae"},
            "optimizer='levenberg-marquardt' goes with loss='mse' alone, whose residuals it takes, got loss='mae'",
        ),
        (
            {"learning_rate": 0.5, "learning_rates": (0.1, 0.2), "validation": 0.2},
            "learning_rate and learning_rates do not go together, got 0.5 and (0.1, 0.2): leave learning_rate out, or",
        ),
        (
            {"early_stopping": True},
            "early_stopping needs rows that are held back, got early_stopping=True and no validation: say validation=",
        ),
        (
            {"validation_rows": "edge"},
            "validation_rows needs rows that are held back, got validation_rows='edge' and no",
        ),
        (
            {"learning_rates": [0.1, 0.2], "validation": 0},
            "learning_rates needs rows that are held back, got learning_",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused_with_what_to_do(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}"):
        network(plain, **options)


def test_momentum_is_that_of_sgd_alone_and_0_9_unless_another_is_given() -> None:
    assert [Recipe(optimizer="sgd", momentum=each).momentum for each in (None, 0, 0.5)] == [0.9, 0.0, 0.5]
    assert Recipe().momentum is None


def test_a_record_shows_every_option_that_is_in_use_functions_by_their_names() -> None:
    recipe = Recipe(loss=nn.functional.l1_loss, callback=print, validation=0.2, learning_rates=(0.1, 0.2))
    shown = recipe.settings()
    assert (shown["loss"], shown["callback"], shown["learning_rates"]) == ("l1_loss", "print", (0.1, 0.2))
    assert shown["learning_rate"] is None
    unused = {name for name, value in Recipe(optimizer="levenberg-marquardt").settings().items() if value is None}
    assert {"batch_size", "learning_rate", "schedule", "momentum", "clip_norm"} < unused


def test_what_a_record_showed_of_a_plain_recipe_it_still_shows() -> None:
    before = {
        "steps": 4_000,
        "batch_size": 128,
        "learning_rate": 1e-2,
        "schedule": "cosine",
        "optimizer": "adam",
        "dtype": "float32",
        "share_scaling": False,
        "divisors": None,
        "validation": None,
        "engine": "auto",
        "loss": "mse",
    }
    shown = Recipe().settings()
    assert {name: shown[name] for name in before} == before


@pytest.mark.parametrize("none", [None, 0, 0.0, np.int64(0)])
def test_a_share_of_no_rows_is_none(none: Any) -> None:
    assert Recipe(validation=none) == Recipe()


@pytest.mark.parametrize(
    ("option", "hint"),
    [
        ("lr", "Did you mean 'learning_rate'? Known: steps, batch_size, learning_rate, "),
        ("LR", "Did you mean 'learning_rate'? Known: "),
        ("lrs", "Did you mean 'learning_rates'? Known: "),
        ("epochs", "Did you mean 'steps'? An epoch is n_train // batch_size steps. Known: "),
        ("max_iter", "Did you mean 'steps'? Known: "),
        ("batchsize", "Did you mean 'batch_size'? Known: "),
        ("optimiser", "Did you mean 'optimizer'? Known: "),
        ("lr_scheduler", "Did you mean 'schedule'? Known: "),
        ("validation_split", "Did you mean 'validation'? Known: "),
        ("validation_fraction", "Did you mean 'validation'? Known: "),
        ("patience", "Did you mean 'early_stopping'? Known: "),
        ("restore_best_weights", "Did you mean 'early_stopping'? Known: "),
        ("criterion", "Did you mean 'loss'? Known: "),
        ("l2", "Did you mean 'weight_decay'? Known: "),
        ("weightdecay", "Did you mean 'weight_decay'? Known: "),
        ("clipnorm", "Did you mean 'clip_norm'? Known: "),
        ("gradient_clip_val", "Did you mean 'clip_norm'? Known: "),
        ("callbacks", "Did you mean 'callback'? Known: "),
        ("nesterov", "Known: "),
    ],
)
def test_an_unknown_option_is_refused_with_the_nearest_one(option: str, hint: str) -> None:
    options: dict[str, Any] = {option: 1}
    with pytest.raises(TypeError, match=f"^{re.escape(f'network() has no option {option!r}. {hint}')}"):
        network(plain, **options)
