"""What "any function on a bounded range" means."""

from benchmark.board.statistics import SOLVED_NRMSE
from benchmark.words import percent
from findings.checks import by_every_seed, by_figure
from findings.evidence import Evidence, at_most
from findings.finding import Answer, Dots, Finding, Judgement, Row, cross
from findings.sources import ANY_FUNCTION

BOUNDED = ("smooth", "sinc", "piecewise")


def _bounded(evidence: Evidence) -> Judgement:
    nrmse = {task: evidence.inside(task, "asked-approximator") / evidence.sd(task) for task in BOUNDED}
    ours = {task: evidence.inside(task, "tanh-mlp") / evidence.sd(task) for task in BOUNDED}
    theirs, falling = (each["piecewise"].times(each["smooth"]) for each in (nrmse, ours))
    checks = [
        by_every_seed(
            f"{task}: RMSE inside at most 5 % of sd(y)",
            sample,
            at_most(SOLVED_NRMSE),
            f"median {percent(sample.median)}",
        )
        for task, sample in nrmse.items()
    ]
    checks += [
        by_figure(
            "at the thread's constant rate, whose noise all three errors share, piecewise, which jumps, has at most "
            "five times the error of smooth",
            f"{theirs:.2g} times",
            theirs <= 5,
        ),
        by_figure(
            "and where the rate falls to 0, as in tanh-mlp, too (added afterwards)",
            f"{falling:.2g} times",
            falling <= 5,
        ),
    ]
    rows = [
        Row(f"{task} / {model}, RMSE inside in units of sd(y)", evidence.inside(task, model) / evidence.sd(task))
        for task in BOUNDED
        for model in ("asked-approximator", "tanh-mlp")
    ]
    picture = Dots(
        "The thread's network and this suite's, each seed (line: 5 %)", "RMSE inside / sd(y)", tuple(rows), 0.05
    )
    detail = "It is off by "
    detail += ", ".join(f"{percent(sample.median)} of sd(y) on {task}" for task, sample in nrmse.items())
    detail += "; a tanh network with its inputs standardised and a falling learning rate by "
    detail += ", ".join(percent(sample.median) for sample in ours.values())
    detail += (
        f". On the function that jumps the one has {theirs:.2g} times its error on the smooth one, since the noise of "
        f"its constant rate covers what the jump costs; the other, which has none, {falling:.2g} times."
    )
    return Judgement(tuple(checks), tuple(rows), detail, picture)


# Degree 5 in 20 features has more monomials than there are rows.
FINDINGS = (
    Finding(
        name="any-function-on-a-bounded-range",
        question="Can a network approximate any function on a bounded range?",
        source=ANY_FUNCTION,
        claim="The thread's own network (32 linear, 64 tanh, 32 tanh, 1; RMSprop at 0.001, batches of 128, 50 "
        "epochs) learns each of its three functions inside the range: RMSE at most 5 % of sd(y), every seed; and the "
        "one that jumps costs no more than five times the error.",
        note="That some network of enough units can is a theorem (Cybenko 1989, for continuous functions; piecewise is "
        "none), and no experiment. What is run here is one network with one training, on three functions.",
        cells=cross(BOUNDED, ["asked-approximator", "tanh-mlp"]),
        judge=_bounded,
        answers={
            "confirmed": Answer("these three, yes", "The thread's network learns each of them."),
            "depends": Answer("roughly, trained like this", "Not to 5 % of sd(y) on every seed of each function."),
            "undecided": Answer(
                "not settled", "What these seeds decide agrees, and the rest might turn: see the table."
            ),
            "refuted": Answer("not trained like this", "The thread's network learns none of them to 5 % of sd(y)."),
        },
        see="[piecewise](plots/piecewise-curves.svg), [smooth](plots/smooth-curves.svg), [sinc](plots/sinc-curves.svg)",
    ),
)
