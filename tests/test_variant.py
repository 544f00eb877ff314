"""Variants of tasks: what is otherwise, under which name, and what has none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.catalogue.registry import Catalogue, as_variant, load_task
from benchmark.cell.dataset import draw, noise_std
from benchmark.errors import UsageError
from benchmark.run.choice import with_variants_named
from tasks.base import Task
from tasks.variant import VARIANT, Variant, name_of, parsed, variant_of

ROWS = st.none() | st.integers(2, 10**6)
NOISE = st.none() | st.sampled_from([0.0, 0.01, 0.1, 0.25, 1.0, 3.0])
OUTSIDE = st.none() | st.sampled_from([1.05, 1.5, 2.0, 3.0])


@pytest.fixture
def square(catalogue: Catalogue) -> Task:
    return load_task(catalogue.tasks["square"].origin, "square")


@given(ROWS, NOISE, OUTSIDE)
def test_a_name_says_which_variant_it_is(rows: int | None, noise: float | None, outside: float | None) -> None:
    variant = Variant(rows=rows, noise=noise, outside=outside)
    name = name_of("nguyen-7", variant)
    assert parsed(name) == (None if variant == Variant() else ("nguyen-7", variant))


@pytest.mark.parametrize(
    ("variant", "name"),
    [
        (Variant(rows=100), "square-100-rows"),
        (Variant(noise=0.01), "square-noise-0-01"),
        (Variant(noise=0.0), "square-noise-0"),
        (Variant(rows=30, noise=1.0, outside=1.5), "square-30-rows-noise-1-outside-1-5"),
    ],
)
def test_names_are_those_that_are_documented(variant: Variant, name: str) -> None:
    assert name_of("square", variant) == name


@pytest.mark.parametrize("name", ["square", "keijzer-6", "square-0-rows", "square-007-rows", "square-noise-00-1"])
def test_what_is_no_name_of_a_variant_means_none(name: str) -> None:
    assert parsed(name) is None


def test_only_what_is_said_is_otherwise(square: Task) -> None:
    varied = variant_of(square, Variant(rows=30, noise=0.1, outside=1.5))
    assert (varied.n_train, varied.noise, varied.reach) == (30, 0.1, 1.5)
    assert (varied.n_test, varied.ladder_end, varied.version) == (square.n_test, square.ladder_end, square.version)
    assert varied.family == "square"
    assert {*varied.tags} == {*square.tags, VARIANT}
    data = draw(varied, 0)
    assert len(data.train.y) == 30
    assert float(data.extrapolation.X.max()) <= 1.5 * float(square.domain.slice(2, outer=1.0).X.max())
    # The noise is in units of sd(y), and in the training targets alone.
    error = data.train.y - square.function(data.train.X)
    assert np.std(error) == pytest.approx(noise_std(varied), rel=0.4)
    assert np.array_equal(data.interpolation.y, square.function(data.interpolation.X))


def test_a_variant_is_loaded_by_its_name(catalogue: Catalogue) -> None:
    entry = as_variant(catalogue.tasks["square"], Variant(rows=30))
    assert load_task(entry.origin, entry.name).n_train == entry.n_train == 30
    assert entry.title.endswith("30 training rows")
    with pytest.raises(UsageError, match="holds no task 'cube-30-rows'"):
        load_task(entry.origin, "cube-30-rows")


def test_a_task_of_its_own_is_no_variant(catalogue: Catalogue) -> None:
    name = next(name for name in catalogue.tasks if name.endswith("-30-rows"))
    assert load_task(catalogue.tasks[name].origin, name).name == name
    assert VARIANT not in load_task(catalogue.tasks[name].origin, name).tags


def test_fixed_rows_have_no_other_number(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match=r"has 50 fixed training rows, and no variant with 30"):
        as_variant(catalogue.tasks["keijzer-6-50-rows"], Variant(rows=30))


def test_an_outside_that_is_no_outside_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match="needs 1 < reach <= ladder_end"):
        as_variant(catalogue.tasks["square"], Variant(outside=9.0))


def test_names_that_are_kept_are_found_again(catalogue: Catalogue) -> None:
    found = with_variants_named(catalogue, ["square", "square-30-rows", "nothing-30-rows", "square-outside-9"])
    assert found.tasks["square-30-rows"].n_train == 30
    assert {*found.tasks} - {*catalogue.tasks} == {"square-30-rows"}
