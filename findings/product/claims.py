"""What it takes to multiply and to divide two numbers."""

from benchmark.board.solving import SOLVED_NRMSE
from findings.figures import SD, Recorded, Unit, above, at_least, at_most, inside, outside, quantity
from findings.finding import Answer, Dots, Finding, Told
from findings.sources import ONE_HIDDEN, PRODUCT, RATIO
from findings.statements import Every, Times

# A network whose units are saturated is off as far as a constant.
CONSTANT = 0.9
# What is a cause leaves at most half when it is gone.
CAUSE = 1 / 2
PRODUCT_OF, RATIO_OF = "product-of-two", "ratio-of-two"


def _inside(model: str, who: str) -> Recorded:
    return inside(PRODUCT_OF, model, SD, who=who)


def _outside(model: str, who: str) -> Recorded:
    return outside(PRODUCT_OF, model, SD, who=who)


DEEP = {
    "raw": _inside("asked-product", "ReLU 64-64, raw numbers"),
    "divided": _inside("asked-product-divided", "ReLU 64-64, divided by constants"),
    "logarithms": _inside("asked-product-logarithms", "ReLU 64-64, logarithms"),
}
BEYOND = {
    "divided": _outside("asked-product-divided", "ReLU 64-64, divided by constants"),
    "logarithms": _outside("asked-product-logarithms", "ReLU 64-64, logarithms"),
    "trees": _outside("gradient-boosting", "gradient-boosting"),
    "units": _outside("bilinear", "bilinear, units that multiply"),
    "line": _outside("log-linear", "log-linear, a line on logarithms"),
    "polynomial": _outside("polynomial-2", "polynomial-2"),
}
ONE = {width: _inside(f"asked-sigmoid-{width}", f"{width} sigmoid units, as asked") for width in (5, 30, 100)}
CHANGED = {
    "divided": _inside("asked-sigmoid-100-divided", "100 units, divided by constants"),
    "adam": _inside("asked-sigmoid-100-adam", "100 units, Adam"),
    "both": _inside("asked-sigmoid-100-divided-adam", "100 units, divided by constants, Adam"),
    "falling": _inside("asked-sigmoid-100-falling", "100 units, divided by constants, Adam, a falling rate"),
    "relu": _inside("asked-relu-100-divided-adam", "100 ReLU, divided by constants, Adam"),
}
BOOSTED = _inside("gradient-boosting", "gradient-boosting")
_PLAIN = Unit(show=lambda value: f"{value:.2g}")


def _spread(model: str, who: str) -> Recorded:
    what = "sd of the answers where x2 is at least 2"
    return quantity(RATIO_OF, model, "spread", what, unit=_PLAIN, who=who)


def _divided(model: str, who: str) -> Recorded:
    return inside(RATIO_OF, model, SD, who=who)


SPREAD = {
    "asked": _spread("asked-division", "as asked"),
    "exact": _spread("division-exact-reciprocal", "exact reciprocal"),
}
DIVIDED = {
    "exact": _divided("division-exact-reciprocal", "exact reciprocal"),
    "without": _divided("division-without-decay", "exact reciprocal, no decay"),
    "relu": _divided("relu-mlp", "relu-mlp"),
    "line": _divided("log-linear", "log-linear"),
}
RATIO_BEYOND = outside(RATIO_OF, "log-linear", SD)

FINDINGS = (
    Finding(
        name="a-product-needs-no-logarithm",
        symptoms=("wrong inside the training range", "wrong outside the training range"),
        question="A network learns x y only from logarithms. Are they a cheat, and does it need them?",
        source=PRODUCT,
        claim="From raw numbers a plain network does not learn the product (RMSE inside above 5 % of sd(y)); divided "
        "by constants, as an answer has it, it does without a logarithm. Outside no plain network holds, not even on "
        "logarithms: what holds has the product in it, as units that multiply, a polynomial, or a line on logarithms.",
        note="The thread tells no sizes. Taken are ReLU 64-64, Adam at 0.001, 6,500 rows of whole numbers to 100, "
        "batches of 100, 100 epochs. Logarithms need numbers above zero, a product does not.",
        statements=(
            Every(DEEP["raw"], above(SOLVED_NRMSE)),
            Every(DEEP["divided"], at_most(SOLVED_NRMSE)),
            Every(DEEP["logarithms"], at_most(SOLVED_NRMSE)),
            *(Every(BEYOND[name], above(SOLVED_NRMSE)) for name in ("divided", "logarithms", "trees")),
            *(Every(BEYOND[name], at_most(SOLVED_NRMSE)) for name in ("units", "line", "polynomial")),
        ),
        confirmed=Answer("no, and no", "Constants to divide by are enough inside; outside it takes a product."),
        depends=Answer("it needs none inside", "The table says what raw numbers cost, and what holds outside."),
        refuted=Answer("it needs them", "Without logarithms nothing learns it."),
        detail=Told(
            "Inside the network is off by {} of sd(y) on raw numbers, by {} divided by constants and by {} on "
            "logarithms; outside by {} and {} on the latter two, a line on logarithms by {}.",
            (*DEEP.values(), BEYOND["divided"], BEYOND["logarithms"], BEYOND["line"]),
        ),
        evidence=(*DEEP.values(), *BEYOND.values()),
        picture=Dots(
            "The product of two numbers (line: 5 %)",
            "RMSE outside / sd(y)",
            tuple(BEYOND.values()),
            SOLVED_NRMSE,
        ),
    ),
    Finding(
        name="one-hidden-layer-multiplies",
        symptoms=("one constant for everything", "a change makes no difference", "predicts the mean"),
        question="One hidden layer of 5, 30 or 100 units cannot multiply, while boosted trees can. What is wrong?",
        source=ONE_HIDDEN,
        claim="On raw numbers sigmoid units saturate: with any number of them the network is no better than a "
        "constant. Dividing by constants, as the answer has it, cures it; another optimiser alone does not. Boosted "
        "trees need no scaling.",
        note="Of the units nothing is told, nor of the numbers: taken are sigmoids and whole numbers to 100. The rate "
        "is told (0.005, no momentum, 200 iterations, weights from within 0.1 of 0), batches are not: 100 are taken.",
        statements=(
            *(Every(figure, above(CONSTANT), note="no better than a constant") for figure in ONE.values()),
            Every(CHANGED["divided"], at_most(SOLVED_NRMSE), note="the answer's cure"),
            Every(CHANGED["adam"], above(SOLVED_NRMSE), note="another optimiser alone"),
            Every(CHANGED["both"], at_most(SOLVED_NRMSE), note="both"),
            Every(CHANGED["falling"], at_most(SOLVED_NRMSE), note="both, and a rate that falls to 0; added afterwards"),
            Every(CHANGED["relu"], at_most(SOLVED_NRMSE), note="both, and ReLU for the sigmoids; added afterwards"),
            Every(BOOSTED, at_most(SOLVED_NRMSE)),
        ),
        confirmed=Answer("raw numbers saturate its units", "Divided by constants one hidden layer multiplies."),
        depends=Answer("raw numbers, and more", "The table says which change does what, and what it takes together."),
        refuted=Answer("nothing of the kind", "Neither is the network as bad as that, nor does scaling help."),
        detail=Told(
            "As asked it is off by {} of sd(y) with 5 units, {} with 30 and {} with 100; divided by constants by {}, "
            "with Adam by {}, with both by {}, with a rate that falls by "
            "{}, and with ReLU by {}; boosted trees by {}.",
            (*ONE.values(), *CHANGED.values(), BOOSTED),
        ),
        evidence=(*ONE.values(), *CHANGED.values(), BOOSTED),
        picture=Dots(
            "One hidden layer for a product, one thing changed at a time (line: 5 %)",
            "RMSE inside / sd(y)",
            (*ONE.values(), *CHANGED.values(), BOOSTED),
            SOLVED_NRMSE,
        ),
    ),
    Finding(
        name="a-whole-reciprocal-is-zero",
        symptoms=("one constant for everything",),
        question="A division by networks for sums and squares says one value for all pairs. Why?",
        source=RATIO,
        claim="The reciprocal of a whole number is taken in whole numbers, and is 0 from 2 on: then all answers are "
        "one constant. With an exact reciprocal they are not, and yet no ratio: the errors of the squares are larger "
        "than what is left of them. The weight decay is not why. A line on logarithms divides exactly.",
        note="x1 r = (s(x1 + r) - s(x1) - s(r)) / 2 with r = 1 / x2 and a network s for squares (8 and 8 ELU, decay, "
        "Adam, batches of 32, 100 epochs). Of its 2,100,000 rows 10,500 are taken; the network for sums is left out, "
        "since a stack of linear layers adds.",
        statements=(
            Every(SPREAD["asked"], at_most(0.01), note="one constant"),
            Every(SPREAD["exact"], above(0.1), note="so the reciprocal is why"),
            Every(DIVIDED["exact"], above(SOLVED_NRMSE), note="and yet no ratio"),
            Every(DIVIDED["without"], above(SOLVED_NRMSE)),
            Times(DIVIDED["without"], DIVIDED["exact"], at_least(CAUSE), note="so the decay is not why"),
            Every(DIVIDED["line"], at_most(1e-6)),
            Every(RATIO_BEYOND, at_most(1e-6)),
        ),
        confirmed=Answer("a whole reciprocal is 0", "Take it exactly; better, subtract logarithms."),
        depends=Answer("a whole reciprocal is 0, and more", "The table says what else."),
        refuted=Answer("not for its reciprocal", "With an exact one it is as constant."),
        detail=Told(
            "As asked the answers have an sd of {}, with an exact reciprocal of {}. The error inside is then {} of "
            "sd(y), without decay {}; that of relu-mlp {}.",
            (*SPREAD.values(), DIVIDED["exact"], DIVIDED["without"], DIVIDED["relu"]),
        ),
        evidence=(*SPREAD.values(), *DIVIDED.values()),
    ),
)
