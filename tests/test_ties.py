"""Models tie unless the evidence tells them apart."""

import numpy as np

from benchmark.board.ranks import Headline, ahead, rank_ranges, tie_letters


def headline(score: np.ndarray, *, holds: np.ndarray | None = None, learned: np.ndarray | None = None) -> Headline:
    nothing = np.zeros(score.shape, dtype=bool)
    return Headline(nothing if holds is None else holds, nothing if learned is None else learned, score)


def test_better_on_every_seed_of_every_task_is_ahead() -> None:
    score = np.zeros((7, 2, 10))
    score[:, 0] = -1.0
    assert ahead(headline(score)).tolist() == [[False, True], [False, False]]


def test_better_on_four_of_seven_tasks_is_a_tie() -> None:
    score = np.zeros((7, 2, 10))
    score[:4, 0] = -1.0
    score[4:, 1] = -1.0
    assert not ahead(headline(score)).any()


def test_equal_models_tie_whatever_their_spread() -> None:
    score = np.random.default_rng(1).normal(size=(7, 1, 10)).repeat(2, axis=1)
    assert not ahead(headline(score)).any()


def test_a_task_more_that_holds_counts_before_any_score() -> None:
    score = np.zeros((7, 2, 10))
    score[:, 1] = -5.0
    holds = np.zeros((7, 2, 10), dtype=bool)
    holds[:, 0] = True
    assert ahead(headline(score, holds=holds, learned=holds)).tolist() == [[False, True], [False, False]]


def test_tasks_that_hold_count_before_any_number_that_is_only_learned() -> None:
    learned = np.ones((7, 2, 10), dtype=bool)
    learned[4:, 0] = False
    holds = np.zeros((7, 2, 10), dtype=bool)
    holds[:4, 0] = True
    found = ahead(headline(np.zeros((7, 2, 10)), holds=holds, learned=learned))
    assert found.tolist() == [[False, True], [False, False]]


def test_what_a_single_seed_decides_is_a_tie() -> None:
    # One seed of ten is left out of a third of the draws.
    holds = np.ones((1, 2, 10), dtype=bool)
    holds[0, 1, 0] = False
    assert not ahead(headline(np.zeros((1, 2, 10)), holds=holds, learned=holds)).any()


def test_models_are_compared_at_the_same_seeds() -> None:
    # What the rows of a seed do to both alike is ten times what lies between them.
    noise = np.random.default_rng(3).normal(scale=0.5, size=(7, 1, 10))
    score = np.concatenate([noise, noise + 0.05], axis=1)
    assert ahead(headline(score)).tolist() == [[False, True], [False, False]]
    # With the seeds of one in another order the same scores tell nothing.
    shuffled = np.random.default_rng(4).permuted(score[:, 1], axis=1)
    assert not ahead(headline(np.stack([score[:, 0], shuffled], axis=1))).any()


def test_models_are_compared_on_the_same_tasks() -> None:
    # So much do the tasks differ that a draw of other tasks for the other model would hide what lies between them.
    score = np.linspace(-3.0, 2.0, 7)[:, np.newaxis, np.newaxis] + np.array([[[0.0], [0.1]]]) + np.zeros((1, 1, 10))
    assert ahead(headline(score)).tolist() == [[False, True], [False, False]]


def test_shifting_all_scores_alike_changes_nothing() -> None:
    score = np.random.default_rng(2).normal(size=(7, 5, 10)).round(2)
    assert (ahead(headline(score)) == ahead(headline(score - 1))).all()


def test_places_count_who_is_ahead_and_who_is_behind() -> None:
    # 0 is ahead of 2; 1 ties with both.
    beaten = np.array([[False, False, True], [False, False, False], [False, False, False]])
    assert rank_ranges(beaten) == [(1, 2), (1, 3), (2, 3)]
    assert tie_letters(beaten, [0, 1, 2]) == ["a", "a b", "b"]


def test_all_tied_share_one_letter_and_none_tied_have_one_each() -> None:
    nobody = np.zeros((3, 3), dtype=bool)
    everybody = np.triu(np.ones((3, 3), dtype=bool), 1)
    assert tie_letters(nobody, range(3)) == ["a", "a", "a"]
    assert tie_letters(everybody, range(3)) == ["a", "b", "c"]


def test_letters_do_not_run_out() -> None:
    everybody = np.triu(np.ones((28, 28), dtype=bool), 1)
    assert tie_letters(everybody, range(28))[25:] == ["z", "aa", "ab"]
