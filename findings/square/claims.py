"""What layers without an activation can and cannot learn."""

import numpy as np

from benchmark.board.statistics import SOLVED_NRMSE, FloatArray
from benchmark.words import percent, plain
from findings.checks import by_every_seed, by_figure
from findings.evidence import Evidence, above, at_most
from findings.finding import Answer, Dots, Finding, Judgement, Row, cross
from findings.sources import SQUARES

# The asker's figure, and the 95 % band of the best line's error on 1,000 random rows.
ASKED_RMSE = 75777.312879
BAND = (71960.0, 76915.0)


def _sum(evidence: Evidence) -> Judgement:
    checks, rows = [], []
    exact = []
    for model in ("linear-net", "asked-linear-sum"):
        for where in ("inside", "outside"):
            errors = evidence.quantity("sum-rounded", model, f"rounded_rmse_{where}")
            checks.append(by_every_seed(f"{model}: rounded RMSE is 0 {where}", errors, lambda values: values == 0))
            rows.append(Row(f"{model}, RMSE {where}, not rounded", getattr(evidence, where)("sum-rounded", model)))
        right = evidence.quantity("sum-rounded", model, "rounded_rmse_inside").where(lambda values: values == 0)
        exact.append(f"{right.sum()} of {len(right)}")
    detail = (
        f"Inside, this suite's network rounds to the exact sum on {exact[0]} seeds, the thread's own on {exact[1]}."
    )
    return Judgement(tuple(checks), tuple(rows), detail)


def _in_band(values: FloatArray) -> np.ndarray:
    return (values >= BAND[0]) & (values <= BAND[1])


def _square(evidence: Evidence) -> Judgement:
    nets = ("linear-net", "asked-linear-square")
    training = {model: evidence.training("square", model) for model in (*nets, "least-squares")}
    checks = [
        by_every_seed(
            f"{model}: RMSE on the training rows is in {BAND[0]:,.0f} to {BAND[1]:,.0f}, where the best line of 1,000 "
            "rows is with 95 %",
            training[model],
            _in_band,
            f"median {plain(training[model].median)}",
        )
        for model in nets
    ]
    for model in nets:
        apart = evidence.apart("square", model, "least-squares")
        checks.append(
            by_every_seed(
                f"{model}: along the slice, up to four times the range, at most 5 % of sd(y) from least squares on "
                "its rows",
                apart,
                at_most(0.05),
                f"median {percent(apart.median)}",
            )
        )
    best = training["least-squares"].values
    known = best[np.isfinite(best)]
    spread = float(known.std(ddof=1)) if len(known) > 1 else 0.0
    away = abs(ASKED_RMSE - float(known.mean())) / spread if spread else np.inf
    checks.append(
        by_figure(
            "the asker's 75,777 is within two standard deviations of the best lines' errors on their training rows",
            f"{away:.2g} standard deviations, {len(best)} lines",
            away <= 2,
        )
    )
    rows = [Row(f"{model}, RMSE on its training rows", sample) for model, sample in training.items()]
    medians = {model: plain(sample.median) for model, sample in training.items()}
    low, high = map(plain, training["asked-linear-square"].ends)
    detail = (
        f"Least squares leaves {medians['least-squares']} on its training rows, the linear network of this suite "
        f"{medians['linear-net']}. The thread's own training, with its scaling and its constant learning rate, leaves "
        f"{medians['asked-linear-square']} here ({low} to {high}): the asker's 75,777 is what a best line leaves, and "
        "not what his network gives as a rule."
    )
    picture = Dots(
        "Square: RMSE on the training rows, each seed (line: the asker's)", "RMSE", tuple(rows), line=ASKED_RMSE
    )
    return Judgement(tuple(checks), tuple(rows), detail, picture)


def _r_squared(evidence: Evidence) -> Judgement:
    nrmse = evidence.inside("square", "least-squares") / evidence.sd("square")
    r2 = 1 - nrmse.median**2
    checks = (
        by_figure(
            "R^2 of the best line on fresh rows is 15/16 = 0.9375, to 0.005", f"{r2:.4f}", abs(r2 - 0.9375) <= 0.005
        ),
        by_figure(
            "and yet its RMSE is more than four times the 5 % that count as learned",
            f"{nrmse.median:.3f} of sd(y)",
            nrmse.median > 4 * SOLVED_NRMSE,
        ),
    )
    rmse = evidence.inside("square", "least-squares")
    detail = f"The best line's R^2 is {r2:.4f}, and it is off by {plain(rmse.median)}."
    return Judgement(checks, (Row("least-squares, RMSE inside", rmse),), detail)


def _relu(evidence: Evidence) -> Judgement:
    sd = evidence.sd("square")
    relu, linear = (evidence.inside("square", model) / sd for model in ("relu-mlp", "linear-net"))
    checks = (
        by_every_seed(
            "relu-mlp: RMSE inside is at most 5 % of sd(y)",
            relu,
            at_most(SOLVED_NRMSE),
            f"median {percent(relu.median)}",
        ),
        by_every_seed(
            "linear-net, the same recipe without the ReLU: above 5 %",
            linear,
            above(SOLVED_NRMSE),
            f"median {percent(linear.median)}",
        ),
    )
    rows = [Row(f"{model}, RMSE inside", evidence.inside("square", model)) for model in ("relu-mlp", "linear-net")]
    with_relu, without = (plain(row.sample.median) for row in rows)
    detail = f"RMSE inside falls from {without} to {with_relu}."
    return Judgement(checks, tuple(rows), detail)


FINDINGS = (
    Finding(
        name="a-sum-is-linear",
        question="Why is a stack of Dense layers perfect on a sum?",
        source=SQUARES,
        claim="A stack of linear layers learns x1 + x2 exactly: its rounded RMSE is 0, inside the training range and "
        "beyond it, for the thread's own network (20-100-1000-100-1, 500 epochs) and for this suite's.",
        cells=cross(["sum-rounded"], ["linear-net", "asked-linear-sum"]),
        judge=_sum,
        answers={
            "confirmed": Answer(
                "both are linear",
                "A sum is a linear function and the stack is a linear function: it finds it, and so it holds at any "
                "distance.",
            ),
            "depends": Answer(
                "both are linear, if trained well",
                "A sum is a linear function, as the stack is; but not every training gets there.",
            ),
            "undecided": Answer(
                "both are linear, it seems",
                "A sum is a linear function, as the stack is; whether every training gets there these seeds do not "
                "settle.",
            ),
            "refuted": Answer("it is not", "It does not learn the sum exactly."),
        },
    ),
    Finding(
        name="a-linear-stack-draws-a-line",
        question="Why is the same stack off by 75,777 on a square?",
        source=SQUARES,
        claim="Without activations the network is one line. On x^2 it lands on the best line there is: its error on "
        "the training rows lies in the sampling band of the best line (74,438 +- 1,265), its predictions are those "
        "of least squares, and the asker's 75,777 is that floor.",
        note="The band is of one draw of 1,000 rows, so each seed is held against it; before, the median of ten was. "
        "That 75,777 lies near the floor is compatible with the claim and no proof of it: it is one run of one seed.",
        cells=cross(["square"], ["linear-net", "asked-linear-square", "least-squares"]),
        seeds={("square", "least-squares"): 100},
        judge=_square,
        answers={
            "confirmed": Answer(
                "it is the best line's error",
                "75,777 is no failure of training: it is the error of the best straight line through x^2, and no "
                "number of such layers or epochs can go below it.",
            ),
            "depends": Answer(
                "it draws a straight line",
                "It is a straight line, whatever its number of layers; how near it comes to the best one depends on "
                "the training.",
            ),
            "undecided": Answer(
                "it draws a straight line, it seems",
                "It is a straight line, whatever its number of layers; whether it is the best one these seeds do not "
                "settle.",
            ),
            "refuted": Answer("not for being a line", "It does not land on the best line."),
        },
    ),
    Finding(
        name="r-squared-hides-it",
        question="R^2 is 0.94: has the network learned the square?",
        source=SQUARES,
        raised=True,
        claim="A straight line, which has none of the curvature, has R^2 = 15/16 on the square of 1..1000.",
        cells=(("square", "least-squares"),),
        seeds={("square", "least-squares"): 100},
        judge=_r_squared,
        answers={
            "confirmed": Answer("no", "A straight line scores 0.94 as well. Look at the error in the units of y."),
            "depends": Answer("hardly", "A straight line scores nearly as well, or is nearly as good."),
            "undecided": Answer("not settled", "Whether a straight line scores as well these seeds do not settle."),
            "refuted": Answer("yes", "A straight line does not score 0.94."),
        },
    ),
    Finding(
        name="relu-makes-it-learnable",
        question="Does a ReLU in the hidden layers make the square learnable?",
        source=SQUARES,
        claim="With ReLU in its hidden layers a network learns x^2 inside the training range (RMSE at most 5 % of "
        "sd(y), every seed), and trained alike without ReLU it does not.",
        cells=cross(["square"], ["relu-mlp", "linear-net"]),
        judge=_relu,
        answers={
            "confirmed": Answer("yes, inside", "What happens outside the training range is another question (below)."),
            "depends": Answer("not for that reason alone", "Only one of the two does as claimed."),
            "undecided": Answer("not settled", "These seeds do not settle whether it does, or whether it is needed."),
            "refuted": Answer("no", "It learns nothing that a line does not."),
        },
    ),
)
