"""What fifty rows of a sum of waves are enough for, and which activation suits a product of two."""

from benchmark.board.solving import SOLVED_NRMSE
from findings.figures import SD, Recorded, above, at_least, at_most, inside, outside, training
from findings.finding import Answer, Finding, Sweep, Told
from findings.sources import FIFTY_ROWS, TWO_SINES
from findings.statements import Every, Times
from findings.sweeps import curve

SUM, PRODUCT = "sine-plus-cosine", "sine-times-sine"
BY_ROWS = {50: SUM, **{n: f"{SUM}-{n}-rows" for n in (100, 200, 500)}}
# The network fits its rows to this.
FITTED = 0.01
# What is lost where ten of the fifty rows are held back.
HELD_BACK = 2
# An activation that suits the function better leaves half of the error.
SUITS = 1 / 2
# Of what rounding and a search leave.
EXACT = 1e-6


def _sum(model: str, who: str, rows: int = 50) -> Recorded:
    return inside(BY_ROWS[rows], model, SD, who=who)


FIFTY = {
    "as asked": _sum("asked-tanh-20", "20 tanh by Levenberg-Marquardt, as asked"),
    "lbfgs": _sum("asked-tanh-20-lbfgs", "20 tanh by L-BFGS"),
    "adam": _sum("asked-tanh-20-adam", "20 tanh by Adam"),
    "stopped": _sum("asked-tanh-20-stopped", "20 tanh, stopped early"),
    "spline": _sum("additive-spline", "additive-spline, a sum by its form"),
    "process": _sum("gaussian-process", "gaussian-process"),
}
FIVE_HUNDRED = _sum("asked-tanh-20", "20 tanh by Levenberg-Marquardt, 500 rows", rows=500)
ON_TRAINING = training(SUM, "asked-tanh-20", SD, who="20 tanh by Levenberg-Marquardt, as asked")
NETWORKS = {"sine-mlp": "sine", "tanh-mlp": "tanh", "relu-mlp": "ReLU"}
INSIDE = {model: inside(PRODUCT, model, SD, who=f"{model}, {unit} units") for model, unit in NETWORKS.items()}
OUTSIDE = {model: outside(PRODUCT, model, SD, who=f"{model}, {unit} units") for model, unit in NETWORKS.items()}
KNOWN = {
    where.__name__: where(PRODUCT, "known-sines", SD, who="known-sines, least squares on the form")
    for where in (inside, outside)
}

FINDINGS = (
    Finding(
        name="fifty-rows-of-two-waves",
        symptoms=("wrong inside the training range", "needs many rows"),
        question="Twenty tanh units and Levenberg-Marquardt do badly on sin x1 + cos x2. What is wrong?",
        source=FIFTY_ROWS,
        claim="The training is not: the network fits its 50 rows (1 % of sd(y)), and L-BFGS, Adam or stopping early "
        "leave more than 5 % of sd(y) inside as well. Rows are: with 500 of them the same network learns it. A model "
        "that takes less for granted than a network, a sum of splines or a Gaussian process, does with the 50.",
        note="Up to 300 epochs of Levenberg-Marquardt and L-BFGS in place of 10,000. All rows are trained on, but for "
        "early stopping, which holds a fifth back. Weights start as Keras starts them. The thread asks along the "
        "diagonal, here all of the box.",
        statements=(
            Every(FIFTY["as asked"], above(SOLVED_NRMSE)),
            Every(ON_TRAINING, at_most(FITTED), note="so it is no trouble of the training"),
            *(
                Every(FIFTY[name], above(SOLVED_NRMSE), note="another training is no cure")
                for name in ("lbfgs", "adam", "stopped")
            ),
            Every(FIVE_HUNDRED, at_most(SOLVED_NRMSE), note="ten times the rows are"),
            Times(
                FIFTY["stopped"], FIFTY["as asked"], at_least(HELD_BACK), note="rows held back cost; added afterwards"
            ),
            *(Every(FIFTY[name], at_most(SOLVED_NRMSE), note="or another model") for name in ("spline", "process")),
        ),
        confirmed=Answer("fifty rows are too few for it", "Take more of them, or a model that needs fewer."),
        depends=Answer(
            "it depends on the training",
            "Fifty rows are enough for some trainings and models, and not for others: the table says for which.",
        ),
        refuted=Answer("not the number of rows", "More of them do not help."),
        detail=Told(
            "With 50 rows it is off by {} of sd(y) ({} on the rows themselves), by L-BFGS {}, by Adam {}, stopped "
            "early {}; with 500 rows by {}. With 50 a sum of splines is off by {}, a Gaussian process by {}.",
            (
                FIFTY["as asked"],
                ON_TRAINING,
                *(FIFTY[name] for name in ("lbfgs", "adam", "stopped")),
                FIVE_HUNDRED,
                FIFTY["spline"],
                FIFTY["process"],
            ),
        ),
        evidence=(*FIFTY.values(), FIVE_HUNDRED, ON_TRAINING),
        picture=Sweep(
            "Sine plus cosine (line: 5 %)",
            "RMSE inside / sd(y)",
            tuple(
                curve(BY_ROWS, model, SD, who=who)
                for model, who in (
                    ("asked-tanh-20", "20 tanh by Levenberg-Marquardt"),
                    ("additive-spline", "sum of splines"),
                    ("gaussian-process", "Gaussian process"),
                )
            ),
            line=SOLVED_NRMSE,
        ),
    ),
    Finding(
        name="a-product-of-sines-by-activation",
        symptoms=("wrong outside the training range",),
        question="Which architecture and which activation suit sin(2 pi x) sin(2 pi y) on [0, 1]^2?",
        source=TWO_SINES,
        claim="Any of them learns it inside, ReLU too, as one answer has it; sines leave at most half the error of "
        "ReLU, and tanh as well. Where the form is known, least squares on it are exact, as the other answer has it, "
        "and alone hold outside.",
        note="The thread has no rows: 1,000 random ones are taken. The networks are this suite's, two layers of 64.",
        statements=(
            *(Every(figure, at_most(SOLVED_NRMSE)) for figure in INSIDE.values()),
            Times(INSIDE["sine-mlp"], INSIDE["relu-mlp"], at_most(SUITS)),
            Times(INSIDE["tanh-mlp"], INSIDE["relu-mlp"], at_most(SUITS)),
            *(Every(figure, at_most(EXACT)) for figure in KNOWN.values()),
            *(Every(figure, above(SOLVED_NRMSE), note="to half a range further") for figure in OUTSIDE.values()),
        ),
        confirmed=Answer(
            "any, smooth ones better", "And none of them where the form is known: least squares are exact."
        ),
        undecided=Answer(
            "any, it seems, smooth ones better", "How much better the table says, as far as it is settled."
        ),
        depends=Answer("some better than others", "The table says which of them learn it, and by how much."),
        refuted=Answer("none of these", "No activation learns it."),
        detail=Told(
            "Inside sine is off by {} of sd(y), tanh by {}, ReLU by {}; outside by {}, {}, {}. Least squares on the "
            "form are off by {} inside and {} outside.",
            (*INSIDE.values(), *OUTSIDE.values(), *KNOWN.values()),
        ),
        evidence=(*INSIDE.values(), *OUTSIDE.values(), *KNOWN.values()),
    ),
)
