"""Rays leave the training range straight, and what is measured along them can be checked by hand."""

import numpy as np
import pytest

from benchmark.cell.dataset import draw
from findings.outside.tasks import TASKS
from tasks.base import FloatArray, Task
from tasks.domains import Box, GrowingSet, IntegerBox
from tasks.rays import N_POINTS, N_RAYS, along_rays, edge_of, line_r2

BY_NAME = {task.name: task for task in TASKS}
CORE = {"sum", "square", "sinc", "piecewise", "smooth", "pair-sum", "lambda-recovery"}


def along(task: Task, reach: int) -> FloatArray:
    """Return the rows of a task's rays (N_RAYS, N_POINTS, d)."""
    quantity = along_rays(edge_of(task), reach)
    return quantity.rows(draw(task, 0).interpolation.X).reshape(N_RAYS, N_POINTS, -1)


def measured(predictions: FloatArray) -> dict[str, float]:
    quantity = along_rays(edge_of(BY_NAME["sinc-rays"]), 4)
    return quantity.measure(np.zeros((N_RAYS * N_POINTS, 2)), predictions.ravel())


def test_every_core_task_has_its_rays_and_nothing_else_changed() -> None:
    assert {name.removesuffix("-rays") for name in BY_NAME} == CORE
    for task in TASKS:
        assert [quantity.error for quantity in task.quantities] == ["bent_share_to_4", "bent_share_to_21"]
        assert task.tags == ("control",)


@pytest.mark.parametrize("reach", [4, 21])
@pytest.mark.parametrize("name", sorted(set(BY_NAME) - {"lambda-recovery-rays"}))
def test_a_ray_begins_at_the_edge_and_ends_at_its_reach(name: str, reach: int) -> None:
    domain = BY_NAME[name].domain
    assert isinstance(domain, Box | IntegerBox)
    rows = along(BY_NAME[name], reach)
    factors = np.array([domain.distance(ray) for ray in rows])
    np.testing.assert_allclose(factors, np.tile(np.linspace(1, reach, N_POINTS), (N_RAYS, 1)), rtol=1e-12)


def test_a_ray_of_paths_is_a_row_of_time_one_that_is_stretched() -> None:
    rows = along(BY_NAME["lambda-recovery-rays"], 21)
    spread = np.sqrt(np.mean(rows**2, axis=2))
    np.testing.assert_allclose(spread[:, [0, -1]], np.tile([1.0, 21.0], (N_RAYS, 1)), rtol=1e-12)


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_ray_is_straight_and_each_has_a_direction_of_its_own(name: str) -> None:
    rows = along(BY_NAME[name], 4)
    assert np.abs(np.diff(rows, n=2, axis=1)).max() < 1e-9 * np.abs(rows).max()
    directions = np.unique(np.round(rows[:, -1] - rows[:, 0], 9), axis=0)
    assert len(directions) == (1 if name == "square-rays" else N_RAYS)


def test_the_r2_of_a_line_is_what_a_fit_gives() -> None:
    x = np.linspace(1, 4, 50)
    y = np.stack([3 * x - 1, x**2, np.sin(5 * x), np.full(50, 2.0), 1e300 * x])
    expected = [np.corrcoef(x, row)[0, 1] ** 2 for row in y[:3]]
    assert line_r2(y) == pytest.approx([*expected, 1.0, 1.0])


def test_bent_rays_are_counted_and_the_outer_half_of_the_median_ray_is_measured() -> None:
    x = np.linspace(0, 1, N_POINTS)
    straight, step = np.tile(x, (70, 1)), np.tile(np.where(x < 0.4, 0.0, 5.0), (30, 1))
    found = measured(np.vstack([straight, step]))
    assert found["bent_share_to_4"] == 0.3
    assert found["line_r2_to_4"] == pytest.approx(0.7 + 0.3 * line_r2(step[:1])[0])
    # The outer half begins at the 51st of the 100 points, and the step lies before it.
    assert found["late_move_to_4"] == pytest.approx(49 / 99)
    assert measured(np.vstack([straight[:40], step, step]))["late_move_to_4"] == 0.0


def test_a_domain_without_an_edge_is_refused() -> None:
    task = Task(
        name="counted",
        title="",
        formula="",
        source="",
        function=lambda X: X[:, 0],
        domain=GrowingSet(n_trained=5),
        n_train=10,
        set_shape=(10, 2),
    )
    with pytest.raises(TypeError, match="task 'counted': no ray is known for a domain of GrowingSet"):
        edge_of(task)
