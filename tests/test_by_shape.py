"""Tasks that a model cannot tell apart by their sizes share one timing."""

from benchmark.run.by_shape import tasks_by_shape
from benchmark.store.record import TaskCard
from tests.synthetic import a_card


def card(task: str, n_train: int = 100, **more: object) -> TaskCard:
    return a_card(task).model_copy(update={"n_train": n_train, **more})


def test_the_projects_own_tasks_stand_before_those_of_plugins_and_each_by_name() -> None:
    cards = [card("b"), card("c"), card("a", origin="plugin mine.py"), card("d", n_train=200)]
    assert [*tasks_by_shape(cards).values()] == [("b", "c", "a"), ("d",)]


def test_every_size_makes_another_shape() -> None:
    sizes: list[dict[str, object]] = [{}, {"n_train": 7}, {"n_test": 7}, {"set_shape": (2, 1)}, {"set_shape": (1, 2)}]
    cards = [card(f"task-{i}").model_copy(update=size) for i, size in enumerate(sizes)]
    assert len(tasks_by_shape(cards)) == len({shape.name for shape in tasks_by_shape(cards)}) == len(sizes)


def test_what_is_off_the_board_or_of_no_known_shape_stands_for_none() -> None:
    assert (
        tasks_by_shape([card("a", tags=("control",)), card("b", tags=("as-asked",)), card("c", set_shape=None)]) == {}
    )
