"""Tasks that a model cannot tell apart by their sizes share one timing."""

from benchmark.run.by_shape import by_shape, tasks_by_shape
from benchmark.store.record import TaskCard
from tests.synthetic import a_card, a_timing


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


def test_of_the_timings_of_a_shape_that_of_its_first_task_stays() -> None:
    cards = [card("piecewise"), card("sinc"), card("sum", n_train=50)]
    timings = [a_timing(task, "net", fit, fit) for task, fit in (("sinc", 3.0), ("piecewise", 2.0), ("sum", 1.0))]
    for given in (timings, timings[::-1]):
        found = by_shape(given, cards, by_task=())
        assert {timing.subject: timing.fit_seconds for timing in found} == {
            "100x1_1x1_100": (2.0,),
            "50x1_1x1_100": (1.0,),
        }
        assert {timing.task for timing in found} == {"piecewise", "sum"}


def test_where_the_first_task_was_not_timed_the_next_one_is_kept() -> None:
    [found] = by_shape([a_timing("sinc", "net", 3.0, 1.0)], [card("piecewise"), card("sinc")], by_task=())
    assert (found.task, found.timed_by, found.fit_seconds) == ("sinc", "shape", (3.0,))


def test_models_whose_seconds_depend_on_values_keep_every_task_and_learn_its_shape() -> None:
    cards = [card("piecewise"), card("sinc")]
    found = by_shape([a_timing(task, "trees", 1.0, 1.0) for task in ("sinc", "piecewise")], cards, by_task={"trees"})
    assert [(timing.subject, timing.shape) for timing in found] == [(each.task, each.shape) for each in cards]


def test_machines_stay_apart_and_what_has_no_shape_stays_as_it_is() -> None:
    lost = a_timing("lost", "net", 9.0, 9.0)
    timings = [a_timing("sinc", "net", 1.0, 1.0, machine=machine) for machine in ("Abacus", "Slide rule")]
    found = by_shape([lost, *timings], [card("sinc")], by_task=())
    assert lost in found
    assert {timing.key[::2] for timing in found if timing != lost} == {
        ("Abacus", "100x1_1x1_100"),
        ("Slide rule", "100x1_1x1_100"),
    }
