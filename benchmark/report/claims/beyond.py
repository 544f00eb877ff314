"""How models behave beyond the training range, and what "any function on a bounded range" means."""

import numpy as np

from benchmark.report.behaviour import behaviours
from benchmark.report.claims.finding import Check, Dots, Evidence, Finding, Judgement, Row, Sample, at_most, cross
from benchmark.report.markdown import percent
from benchmark.report.statistics import SOLVED_NRMSE, FloatArray

TASKS = ("sum", "square", "sinc", "piecewise", "smooth", "pair-sum", "lambda-recovery")
# Polynomials of these degrees hold the true function of these tasks, and of no others.
WITHIN = {
    "polynomial-2": {"sum", "square", "lambda-recovery"},
    "polynomial-5": {"sum", "square"},
}
BOUNDED = ("smooth", "sinc", "piecewise")
STRAIGHT_R2 = 0.98


def _straightness(evidence: Evidence, task: str, model: str) -> Sample:
    """Return the smaller R^2 of a straight line on the two sides beyond the training range, each seed."""
    card = evidence.cards[task].slice
    position = np.asarray(card.position)
    lines = evidence.lines(task, model)
    worst = np.full(len(lines), 1.0)
    for side in (position < card.inside[0], position > card.inside[1]):
        if side.sum() >= 3:
            worst = np.minimum(worst, _r2(position[side], lines[:, side]))
    return Sample(worst if len(worst) else np.array([np.nan]))


def _r2(x: FloatArray, y: FloatArray) -> FloatArray:
    x, centred = x - x.mean(), y - y.mean(axis=1, keepdims=True)
    rest = centred - np.outer(centred @ x / (x @ x), x)
    total = (centred**2).sum(axis=1)
    found: FloatArray = 1 - (rest**2).sum(axis=1) / np.where(total > 0, total, 1.0)
    return found


def _word(evidence: Evidence, task: str, model: str) -> str:
    lines = evidence.lines(task, model)
    return behaviours(evidence.cards[task], np.median(lines, axis=0)[np.newaxis])[0] if len(lines) else "nothing"


def _listed(words: dict[str, str]) -> str:
    return ", ".join(f"{task} {word}" for task, word in words.items())


def _outside(evidence: Evidence) -> Judgement:
    straight = {task: _straightness(evidence, task, "relu-mlp") for task in TASKS}
    checks = [
        Check(
            f"{task}: relu-mlp continues straight, R^2 of a line along the slice beyond the range at least "
            f"{STRAIGHT_R2} on every side (median seed)",
            f"{sample.median:.3f}",
            bool(sample.median >= STRAIGHT_R2),
        )
        for task, sample in straight.items()
    ]
    n_flat = {}
    for model in ("tanh-mlp", "gradient-boosting"):
        words = {task: _word(evidence, task, model) for task in TASKS}
        flat = [task for task, word in words.items() if word == "flat"]
        n_flat[model] = len(flat)
        checks.append(
            Check(
                f"{model} goes flat on all seven tasks", f"{len(flat)} of 7: {_listed(words)}", len(flat) == len(TASKS)
            )
        )
    for model, within in WITHIN.items():
        words = {task: _word(evidence, task, model) for task in TASKS if (task, model) in NEEDED}
        follows = {task for task, word in words.items() if word == "follows"}
        checks.append(
            Check(
                f"{model} follows just where its degree is enough: {', '.join(sorted(within))}",
                _listed(words),
                follows == within,
            )
        )
    rows = [
        Row(f"{task} / {model}, RMSE outside in units of sd(y)", evidence.outside(task, model) / evidence.sd(task))
        for task in TASKS
        for model in (*_FLAT_AND_STRAIGHT, *WITHIN)
        if (task, model) in NEEDED
    ]
    holding = sum(check.holds for check in checks[: len(TASKS)])
    detail = (
        f"ReLU went on straight on {holding} of 7 tasks, trees were flat on {n_flat['gradient-boosting']}, tanh on "
    )
    detail += f"{n_flat['tanh-mlp']}."
    return Judgement(tuple(checks), tuple(rows), detail)


def _bounded(evidence: Evidence) -> Judgement:
    nrmse = {task: evidence.inside(task, "asked-approximator") / evidence.sd(task) for task in BOUNDED}
    cost = nrmse["piecewise"].times(nrmse["smooth"])
    checks = [
        Check(
            f"{task}: RMSE inside at most 5 % of sd(y), every seed",
            f"median {percent(sample.median)}",
            sample.every(at_most(SOLVED_NRMSE)),
        )
        for task, sample in nrmse.items()
    ]
    checks.append(
        Check(
            "the jump costs little: piecewise, which jumps, has at most five times the error of smooth",
            f"{cost:.2g} times",
            cost <= 5,
        )
    )
    rows = [
        Row(f"{task} / {model}, RMSE inside in units of sd(y)", evidence.inside(task, model) / evidence.sd(task))
        for task in BOUNDED
        for model in ("asked-approximator", "tanh-mlp")
    ]
    picture = Dots(
        "The thread's network and this suite's, each seed (line: 5 %)", "RMSE inside / sd(y)", tuple(rows), 0.05
    )
    ours = {task: evidence.inside(task, "tanh-mlp") / evidence.sd(task) for task in BOUNDED}
    detail = "It is off by "
    detail += ", ".join(f"{percent(sample.median)} of sd(y) on {task}" for task, sample in nrmse.items())
    detail += "; a tanh network with its inputs standardised and a falling learning rate by "
    detail += ", ".join(percent(sample.median) for sample in ours.values())
    ratio = ours["piecewise"].times(ours["smooth"])
    detail += (
        f". On the function that jumps the one has {cost:.2g} times its error on the smooth one, the other {ratio:.2g}."
    )
    return Judgement(tuple(checks), tuple(rows), detail, picture)


_FLAT_AND_STRAIGHT = ("relu-mlp", "tanh-mlp", "gradient-boosting")
# Degree 5 in 20 features has more monomials than there are rows.
NEEDED = tuple(
    place for place in cross(TASKS, [*_FLAT_AND_STRAIGHT, *WITHIN]) if place != ("lambda-recovery", "polynomial-5")
)

FINDINGS = (
    Finding(
        name="inside-is-not-outside",
        question="It is right inside the training range. What does it do outside?",
        source="raised by 001_55de2f4d7c7aedaf, which points to such a question",
        claim="Beyond the training range ReLU networks continue straight (R^2 of a line at least 0.98), tanh "
        "networks and trees go flat, and a polynomial follows only if its degree is enough for the true function. On "
        "all seven tasks.",
        cells=NEEDED,
        judge=_outside,
        answer={
            "confirmed": "What its building blocks do: ReLU goes on straight, tanh and trees stand still, "
            "polynomials follow if they can. None of it has anything to do with the function.",
            "depends": "Often what its building blocks do, but not on every task.",
            "refuted": "Nothing so simple.",
        },
        see="what the words mean, and the curves of [square](plots/square-curves.svg), "
        "[sinc](plots/sinc-curves.svg), and of every task in "
        "[leaderboard.md](leaderboard.md)",
    ),
    Finding(
        name="any-function-on-a-bounded-range",
        question="Can a network approximate any function on a bounded range?",
        source="002_f6a378ec8a34250f",
        claim="The thread's own network (32 linear, 64 tanh, 32 tanh, 1; RMSprop at 0.001, batches of 128, 50 "
        "epochs) learns each of its three functions inside the range: RMSE at most 5 % of sd(y), every seed; and the "
        "one that jumps costs no more than five times the error.",
        cells=cross(BOUNDED, ["asked-approximator", "tanh-mlp"]),
        judge=_bounded,
        answer={
            "confirmed": "These three, yes.",
            "depends": "Roughly, with this network and its training.",
            "refuted": "Not with this network.",
        },
        see="[piecewise](plots/piecewise-curves.svg), [smooth](plots/smooth-curves.svg), [sinc](plots/sinc-curves.svg)",
    ),
)
