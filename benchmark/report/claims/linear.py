"""What layers without an activation can and cannot learn."""

import numpy as np

from benchmark.report.claims.finding import Check, Dots, Evidence, Finding, Judgement, Row, above, at_most, cross
from benchmark.report.markdown import percent, plain
from benchmark.report.statistics import SOLVED_NRMSE

SQUARE_THREADS = "001_55de2f4d7c7aedaf, 004_b3ecc004a0f17948"
# The asker's figure, and the 95 % band of the best line's error on 1,000 random rows.
ASKED_RMSE = 75777.312879
BAND = (71960.0, 76915.0)


def _sum(evidence: Evidence) -> Judgement:
    checks, rows = [], []
    for model in ("linear-net", "asked-linear-sum"):
        for where in ("inside", "outside"):
            errors = evidence.quantity("sum-rounded", model, f"rounded_rmse_{where}")
            holds = errors.every(lambda values: values == 0)
            checks.append(Check(f"{model}: rounded RMSE is 0 {where}, every seed", f"median {errors.median:g}", holds))
            rows.append(Row(f"{model}, RMSE {where}, not rounded", getattr(evidence, where)("sum-rounded", model)))
    right = {
        model: evidence.quantity("sum-rounded", model, "rounded_rmse_inside").values == 0
        for model in ("linear-net", "asked-linear-sum")
    }
    detail = (
        f"Inside, this suite's network rounds to the exact sum on {right['linear-net'].sum()} of "
        f"{len(right['linear-net'])} seeds, the thread's own on {right['asked-linear-sum'].sum()} of "
        f"{len(right['asked-linear-sum'])}."
    )
    return Judgement(tuple(checks), tuple(rows), detail)


def _square(evidence: Evidence) -> Judgement:
    nets = ("linear-net", "asked-linear-square")
    best = evidence.training("square", "least-squares")
    checks = [
        Check(
            f"{model}: median RMSE on the training rows is in {BAND[0]:,.0f} to {BAND[1]:,.0f}",
            plain(evidence.training("square", model).median),
            BAND[0] <= evidence.training("square", model).median <= BAND[1],
        )
        for model in nets
    ]
    for model in nets:
        distance = evidence.distance("square", model, "least-squares")
        checks.append(
            Check(
                f"{model}: along the slice, up to four times the range, no seed is further than 5 % of sd(y) from "
                "least squares on its rows",
                percent(distance),
                distance <= 0.05,
            )
        )
    known = best.values[np.isfinite(best.values)]
    spread = float(known.std(ddof=1)) if len(known) > 1 else 0.0
    away = abs(ASKED_RMSE - float(known.mean())) / spread if spread else np.inf
    checks.append(
        Check(
            "the asker's 75,777 is within two standard deviations of the best lines' errors on their training rows",
            f"{away:.2g} standard deviations",
            away <= 2,
        )
    )
    training = {model: evidence.training("square", model) for model in (*nets, "least-squares")}
    rows = [Row(f"{model}, RMSE on its training rows", sample) for model, sample in training.items()]
    medians = {model: plain(sample.median) for model, sample in training.items()}
    detail = (
        f"Least squares leaves {medians['least-squares']} on its training rows, the linear network of this suite "
        f"{medians['linear-net']}; the thread's own training, with its scaling and its constant learning rate, "
        f"{medians['asked-linear-square']}."
    )
    picture = Dots(
        "Square: RMSE on the training rows, each seed (line: the asker's)", "RMSE", tuple(rows), line=ASKED_RMSE
    )
    return Judgement(tuple(checks), tuple(rows), detail, picture)


def _r_squared(evidence: Evidence) -> Judgement:
    nrmse = evidence.inside("square", "least-squares") / evidence.sd("square")
    r2 = 1 - nrmse.median**2
    checks = (
        Check("R^2 of the best line on fresh rows is 15/16 = 0.9375, to 0.005", f"{r2:.4f}", abs(r2 - 0.9375) <= 0.005),
        Check(
            f"and yet its RMSE is more than four times the {SOLVED_NRMSE:.0%} that count as learned",
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
        Check(
            "relu-mlp: RMSE inside is at most 5 % of sd(y), every seed",
            f"median {percent(relu.median)}",
            relu.every(at_most(SOLVED_NRMSE)),
        ),
        Check(
            "linear-net, the same recipe without the ReLU: above 5 %, every seed",
            f"median {percent(linear.median)}",
            linear.every(above(SOLVED_NRMSE)),
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
        source=SQUARE_THREADS,
        claim="A stack of linear layers learns x1 + x2 exactly: its rounded RMSE is 0, inside the training range and "
        "beyond it, for the thread's own network (20-100-1000-100-1, 500 epochs) and for this suite's.",
        cells=cross(["sum-rounded"], ["linear-net", "asked-linear-sum"]),
        judge=_sum,
        answer={
            "confirmed": "A sum is a linear function and the stack is a linear function: it finds it, and so it "
            "holds at any distance.",
            "depends": "A sum is a linear function, as the stack is; but not every training gets there.",
            "refuted": "It does not.",
        },
    ),
    Finding(
        name="a-linear-stack-draws-a-line",
        question="Why is the same stack off by 75,777 on a square?",
        source=SQUARE_THREADS,
        claim="Without activations the network is one line. On x^2 it lands on the best line there is: its error on "
        "the training rows lies in the sampling band of the best line (74,438 +- 1,265), its predictions are those "
        "of least squares, and the asker's 75,777 is that floor.",
        cells=cross(["square"], ["linear-net", "asked-linear-square", "least-squares"]),
        judge=_square,
        answer={
            "confirmed": "75,777 is no failure of training: it is the error of the best straight line through x^2, "
            "and no number of such layers or epochs can go below it.",
            "depends": "Because it is a straight line, whatever its number of layers; how near it comes to the best "
            "one depends on the training.",
            "refuted": "It does not land on the best line.",
        },
    ),
    Finding(
        name="r-squared-hides-it",
        question="R^2 is 0.94: has the network learned the square?",
        source=f"raised by {SQUARE_THREADS}",
        claim="A straight line, which has none of the curvature, has R^2 = 15/16 on the square of 1..1000.",
        cells=(("square", "least-squares"),),
        judge=_r_squared,
        answer={
            "confirmed": "No: a straight line scores 0.94 as well. Look at the error in the units of y.",
            "depends": "Only in part.",
            "refuted": "R^2 does not hide it.",
        },
    ),
    Finding(
        name="relu-makes-it-learnable",
        question="Does a ReLU in the hidden layers make the square learnable?",
        source="001_55de2f4d7c7aedaf",
        claim="With ReLU in its hidden layers a network learns x^2 inside the training range (RMSE at most 5 % of "
        "sd(y), every seed), and trained alike without ReLU it does not.",
        cells=cross(["square"], ["relu-mlp", "linear-net"]),
        judge=_relu,
        answer={
            "confirmed": "Yes, inside the training range. What happens outside is another question (below).",
            "depends": "Not for that reason alone.",
            "refuted": "No.",
        },
    ),
)
