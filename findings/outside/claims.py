"""How models behave beyond the training range."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from benchmark.board.statistics import SOLVED_NRMSE
from benchmark.words import percent
from findings.checks import Check, by_every_seed, by_figure
from findings.evidence import Evidence, Sample
from findings.finding import Answer, Dots, Finding, Judgement, Row, cross
from findings.sources import SQUARES

TASKS = ("sum", "square", "sinc", "piecewise", "smooth", "pair-sum", "lambda-recovery")
# Polynomials of these degrees hold the true function of these tasks, and of no others.
WITHIN = {
    "polynomial-2": {"sum", "square", "lambda-recovery"},
    "polynomial-5": {"sum", "square"},
}
STRAIGHT_R2 = 0.98
# How far rays go, in times the training range, and where their outer half begins.
REACHES = {4: "2.5", 21: "11"}
STILL = ("tanh-mlp", "gradient-boosting")


def _straightness(evidence: Evidence, task: str, reach: int) -> Sample:
    """Return the mean R^2 of a straight line through relu-mlp's predictions along the rays, each seed."""
    return evidence.quantity(f"{task}-rays", "relu-mlp", f"line_r2_to_{reach}")


def _straight(evidence: Evidence, task: str, reach: int) -> Check:
    sample = _straightness(evidence, task, reach)
    bent = evidence.quantity(f"{task}-rays", "relu-mlp", f"bent_share_to_{reach}")
    return by_figure(
        f"{task}: relu-mlp goes on straight to {reach} times the range, mean R^2 of a line along 100 random rays at "
        f"least {STRAIGHT_R2}",
        f"{sample.median:.3f}; {percent(1 - bent.median)} of the rays",
        bool(sample.median >= STRAIGHT_R2),
    )


def _moves(evidence: Evidence, model: str, reach: int) -> dict[str, Sample]:
    """Return how far a model moves over the outer half of the median ray, in units of sd(y), by task."""
    return {
        task: evidence.quantity(f"{task}-rays", model, f"late_move_to_{reach}") / evidence.sd(f"{task}-rays")
        for task in TASKS
    }


def _n_still(moves: Mapping[str, Sample]) -> int:
    return sum(sample.median <= SOLVED_NRMSE for sample in moves.values())


def _still(model: str, reach: int, moves: Mapping[str, Sample]) -> Check:
    each = ", ".join(f"{task} {percent(sample.median)}" for task, sample in moves.items())
    return by_figure(
        f"{model} stands still on all seven tasks: from {REACHES[reach]} to {reach} times the range the median ray "
        "moves by at most 5 % of sd(y)",
        f"{_n_still(moves)} of 7: {each}",
        _n_still(moves) == len(TASKS),
    )


def _followed(evidence: Evidence, model: str, within: set[str]) -> Check:
    words = {task: evidence.words(task, model) for task in TASKS if (task, model) in _POLYNOMIALS}
    seeds = sorted(set.intersection(*(set(each) for each in words.values())))
    followed = Sample(
        np.array([{task for task, word in words.items() if word[seed] == "follows"} == within for seed in seeds], float)
    )
    usual = {task: Counter(word.values()).most_common(1)[0][0] for task, word in words.items() if word}
    return by_every_seed(
        f"{model} follows along the slice just where its degree is enough: {', '.join(sorted(within))}",
        followed,
        lambda values: values == 1,
        ", ".join(f"{task} {word}" for task, word in usual.items()),
    )


def _outside(evidence: Evidence) -> Judgement:
    straight = {reach: [_straight(evidence, task, reach) for task in TASKS] for reach in REACHES}
    moves = {(model, reach): _moves(evidence, model, reach) for model in STILL for reach in REACHES}
    still = [_still(model, reach, each) for (model, reach), each in moves.items()]
    followed = [_followed(evidence, model, within) for model, within in WITHIN.items()]
    lines = tuple(
        Row(f"{task} to {reach} times, R^2 of a line along the rays of relu-mlp", _straightness(evidence, task, reach))
        for task in TASKS
        for reach in REACHES
    )
    late = (
        Row(
            f"{task} / {model}, move from {half} to {reach} times in units of sd(y)",
            moves[model, reach][task],
        )
        for model in STILL
        for task in TASKS
        for reach, half in REACHES.items()
    )
    n_straight = {reach: sum(check.holds == "yes" for check in checks) for reach, checks in straight.items()}
    n_still = {which: _n_still(each) for which, each in moves.items()}
    detail = (
        f"Of seven tasks ReLU goes on straight on {n_straight[4]} to four times the range and on {n_straight[21]} to "
        f"21 times (on sinc a line has an R^2 of {_straightness(evidence, 'sinc', 4).median:.2f} and "
        f"{_straightness(evidence, 'sinc', 21).median:.2f}); tanh stands still on {n_still['tanh-mlp', 4]} and "
        f"{n_still['tanh-mlp', 21]}, trees on {n_still['gradient-boosting', 4]} and "
        f"{n_still['gradient-boosting', 21]}."
    )
    picture = Dots(
        f"relu-mlp along 100 random rays, each seed (line: {STRAIGHT_R2})",
        "mean R^2 of a straight line",
        tuple(Row(f"{row.what.partition(',')[0]}", row.sample) for row in lines),
        STRAIGHT_R2,
    )
    checks = (*(check for checks in straight.values() for check in checks), *still, *followed)
    return Judgement(checks, (*lines, *late), detail, picture)


_POLYNOMIALS = tuple(place for place in cross(TASKS, WITHIN) if place != ("lambda-recovery", "polynomial-5"))

FINDINGS = (
    Finding(
        name="inside-is-not-outside",
        question="It is right inside the training range. What does it do outside?",
        source=SQUARES,
        raised=True,
        claim="Beyond the training range ReLU networks continue straight (R^2 of a line at least 0.98), tanh "
        "networks and trees stand still, and a polynomial follows only if its degree is enough for the true function. "
        "On all seven tasks, to four times the range and to 21 times.",
        note="Networks and trees were first judged along one line a task, its diagonal, to four times the range, and "
        "ReLU was straight on all seven there. 100 random rays say more and take its place, and what is said of 21 "
        "times the range was added with them; the 0.98 and the 5 % are as before. Predictions need no true function: "
        "smooth, whose tan has a pole, goes as far as the others. A row of lambda-recovery is stretched by the factor.",
        cells=(*cross([f"{task}-rays" for task in TASKS], ["relu-mlp", *STILL]), *_POLYNOMIALS),
        judge=_outside,
        answers={
            "confirmed": Answer(
                "what its building blocks do",
                "ReLU goes on straight, tanh and trees stand still, polynomials follow if they can. None of it has "
                "anything to do with the function.",
            ),
            "depends": Answer(
                "often what its building blocks do",
                "But not on every task, and not so soon: networks bend for a while before they are straight or still.",
            ),
            "undecided": Answer(
                "not settled", "What these seeds decide agrees, and the rest might turn: see the table."
            ),
            "refuted": Answer("nothing so simple", "Neither straight, nor still, nor following."),
        },
        see="what the words mean, and the curves of [square](plots/square-curves.svg), "
        "[sinc](plots/sinc-curves.svg), and of every task in "
        "[leaderboard.md](leaderboard.md)",
    ),
)
