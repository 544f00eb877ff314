"""What layers without an activation can and cannot learn."""

import numpy as np

from benchmark.board.solving import SOLVED_NRMSE
from findings.evidence import Evidence
from findings.figures import SD, Limit, Unit, above, apart, at_most, cross, inside, outside, quantity, training
from findings.finding import Answer, Dots, Finding, Told
from findings.sources import SQUARES
from findings.statements import Decided, Every, Median, Share

# The asker's figure, and the 95 % band of the best line's error on 1,000 random rows.
ASKED_RMSE = 75777.312879
BAND = (71960.0, 76915.0)
SUMS = ("linear-net", "asked-linear-sum")
LINES = ("linear-net", "asked-linear-square")
ROUNDED = {
    (model, where): quantity("sum-rounded", model, f"rounded_rmse_{where}", f"rounded RMSE {where}")
    for model in SUMS
    for where in ("inside", "outside")
}
NOT_ROUNDED = tuple(
    where("sum-rounded", model, what=f"RMSE {where.__name__}, not rounded")
    for model in SUMS
    for where in (inside, outside)
)
ON_TRAINING = {model: training("square", model) for model in (*LINES, "least-squares")}
BEST_LINE = inside("square", "least-squares", SD)
_R2 = Unit(of=lambda errors, card: 1 - (errors / card.target_sd) ** 2, show=lambda value: f"{value:.4f}")
R2 = inside("square", "least-squares", _R2, what="R^2 inside")
HUNDRED = dict.fromkeys(cross(["square"], ["least-squares"]), 100)


def _asker_s(evidence: Evidence) -> tuple[str, bool]:
    best = ON_TRAINING["least-squares"].of(evidence).values
    known = best[np.isfinite(best)]
    spread = float(known.std(ddof=1)) if len(known) > 1 else 0.0
    away = abs(ASKED_RMSE - float(known.mean())) / spread if spread else np.inf
    return f"{away:.2g} standard deviations, {len(best)} lines", bool(away <= 2)


FINDINGS = (
    Finding(
        name="a-sum-is-linear",
        symptoms=("off by thousands",),
        question="Why is a stack of Dense layers perfect on a sum?",
        source=SQUARES,
        claim="A stack of linear layers learns x1 + x2 exactly: its rounded RMSE is 0, inside the training range and "
        "beyond it, for the thread's own network (20-100-1000-100-1, 500 epochs) and for this suite's.",
        statements=tuple(Every(figure, Limit(0, 0)) for figure in ROUNDED.values()),
        confirmed=Answer(
            "both are linear",
            "A sum is a linear function and the stack is a linear function: it finds it, and so it holds at any "
            "distance.",
        ),
        depends=Answer(
            "both are linear, if trained well",
            "A sum is a linear function, as the stack is; but not every training gets there.",
        ),
        undecided=Answer(
            "both are linear, it seems",
            "A sum is a linear function, as the stack is; whether every training gets there these seeds do not settle.",
        ),
        refuted=Answer("it is not", "It does not learn the sum exactly."),
        detail=Told(
            "Inside, this suite's network rounds to the exact sum on {} seeds, the thread's own on {}.",
            tuple(Share(ROUNDED[model, "inside"], Limit(0, 0)) for model in SUMS),
        ),
        evidence=NOT_ROUNDED,
    ),
    Finding(
        name="a-linear-stack-draws-a-line",
        symptoms=("off by thousands", "a straight line"),
        question="Why is the same stack off by 75,777 on a square?",
        source=SQUARES,
        claim="Without activations the network is one line. On x^2 it lands on the best line there is: its error on "
        "the training rows lies in the sampling band of the best line (74,438 +- 1,265), its predictions are those "
        "of least squares, and the asker's 75,777 is that floor.",
        note="The band is of one draw of 1,000 rows, so each seed is held against it; before, the median of ten was. "
        "That 75,777 lies near the floor is compatible with the claim and no proof of it: it is one run of one seed.",
        statements=(
            *(
                Every(ON_TRAINING[model], Limit(*BAND), note="the 95 % band of the best line of 1,000 rows")
                for model in LINES
            ),
            *(
                Every(apart("square", model, "least-squares"), at_most(0.05), note="up to four times the range")
                for model in LINES
            ),
            Decided(
                "the asker's 75,777 is within two standard deviations of the best lines' errors on their training rows",
                (ON_TRAINING["least-squares"].cell,),
                _asker_s,
            ),
        ),
        seeds=HUNDRED,
        confirmed=Answer(
            "it is the best line's error",
            "75,777 is no failure of training: it is the error of the best straight line through x^2, and no "
            "number of such layers or epochs can go below it.",
        ),
        depends=Answer(
            "it draws a straight line",
            "It is a straight line, whatever its number of layers; how near it comes to the best one depends on "
            "the training.",
        ),
        undecided=Answer(
            "it draws a straight line, it seems",
            "It is a straight line, whatever its number of layers; whether it is the best one these seeds do not "
            "settle.",
        ),
        refuted=Answer("not for being a line", "It does not land on the best line."),
        detail=Told(
            "Least squares leaves {2} on its training rows, the linear network of this suite {0}. The thread's own "
            "training, with its scaling and its constant learning rate, leaves {1} here ({1.low} to {1.high}): the "
            "asker's 75,777 is what a best line leaves, and not what his network gives as a rule.",
            tuple(ON_TRAINING.values()),
        ),
        evidence=tuple(ON_TRAINING.values()),
        picture=Dots(
            "Square: RMSE on the training rows, each seed (line: the asker's)",
            "RMSE",
            tuple(ON_TRAINING.values()),
            line=ASKED_RMSE,
        ),
    ),
    Finding(
        name="r-squared-hides-it",
        symptoms=("a high R^2, and wrong all the same",),
        question="R^2 is 0.94: has the network learned the square?",
        source=SQUARES,
        raised=True,
        claim="A straight line, which has none of the curvature, has R^2 = 15/16 on the square of 1..1000.",
        statements=(
            Median(R2, Limit(0.9325, 0.9425), note="15/16 = 0.9375, to 0.005"),
            Median(BEST_LINE, above(4 * SOLVED_NRMSE), note="four times the error that counts as learned"),
        ),
        seeds=HUNDRED,
        confirmed=Answer("no", "A straight line scores 0.94 as well. Look at the error in the units of y."),
        depends=Answer("hardly", "A straight line scores nearly as well, or is nearly as good."),
        undecided=Answer("not settled", "Whether a straight line scores as well these seeds do not settle."),
        refuted=Answer("yes", "A straight line does not score 0.94."),
        detail=Told("The best line's R^2 is {}, and it is off by {}.", (R2, inside("square", "least-squares"))),
        evidence=(inside("square", "least-squares"),),
    ),
    Finding(
        name="relu-makes-it-learnable",
        symptoms=("a straight line",),
        question="Does a ReLU in the hidden layers make the square learnable?",
        source=SQUARES,
        claim="With ReLU in its hidden layers a network learns x^2 inside the training range (RMSE at most 5 % of "
        "sd(y), every seed), and trained alike without ReLU it does not.",
        statements=(
            Every(inside("square", "relu-mlp", SD), at_most(SOLVED_NRMSE)),
            Every(inside("square", "linear-net", SD), above(SOLVED_NRMSE), note="the same recipe without the ReLU"),
        ),
        confirmed=Answer("yes, inside", "What happens outside the training range is another question (below)."),
        depends=Answer("not for that reason alone", "Only one of the two does as claimed."),
        undecided=Answer("not settled", "These seeds do not settle whether it does, or whether it is needed."),
        refuted=Answer("no", "It learns nothing that a line does not."),
        detail=Told(
            "RMSE inside falls from {1} to {0}.", (inside("square", "relu-mlp"), inside("square", "linear-net"))
        ),
        evidence=(inside("square", "relu-mlp"), inside("square", "linear-net")),
    ),
)
