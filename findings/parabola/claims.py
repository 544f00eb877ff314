"""x^2 on an interval: straight lines outside, raw numbers, layers without an activation, and what to trust."""

from benchmark.board.solving import SOLVED_NRMSE
from findings.figures import (
    SD,
    Figure,
    Limit,
    Unit,
    above,
    at_least,
    at_most,
    decimals,
    inside,
    outside,
    quantity,
    training,
)
from findings.finding import Answer, Dots, Finding, Told
from findings.parabola.tasks import REACH
from findings.scaling.claims import LINE
from findings.sources import SQUARE_AND_CONSTANT, STRAIGHT_OUTSIDE, TRAINING_SCOPE, TRUST
from findings.statements import Every, Times

# As of a line along a ray: `findings.outside.claims`.
STRAIGHT_R2 = 0.98
# What follows x^2 as far as it is asked: a polynomial, and a network of products.
FOLLOWS = ("polynomial-2", "bilinear")


def _follows(task: str) -> tuple[Every, ...]:
    return tuple(Every(outside(task, model, SD), at_most(SOLVED_NRMSE)) for model in FOLLOWS)


TO_10, TO_500, WITH_CONSTANT, TO_2, SUM = (
    "parabola-to-10",
    "parabola-to-500",
    "square-and-constant",
    "parabola-to-2",
    "sum-to-2",
)


def _r2(model: str) -> Figure:
    what = f"R^2 of a line from the edge to {REACH} times it"
    return quantity(TO_10, model, "bend", what, unit=Unit(of=lambda bend, card: 1 - bend, show=decimals))


def _straight_from(model: str) -> Figure:
    what = "distance, in times the edge, from where on it is a line to a thousandth"
    return quantity(TO_10, model, "straight_from", what)


RELUS = ("asked-mae", "asked-mae-one-layer", "asked-mae-lower-rate")

SCOPES = {
    "asked-scope": "as asked",
    "asked-scope-25-epochs": "within 25 epochs",
    "asked-scope-no-decay": "25 epochs, no weight decay",
    "asked-scope-64": "25 epochs, 64 units",
    "asked-scope-scaled": "25 epochs, scaled",
    "asked-scope-scaled-no-decay": "25 epochs, scaled, no weight decay",
}
SCOPE_INSIDE = {model: inside(TO_500, model, SD, who=who) for model, who in SCOPES.items()}
ASKED, FEW, NO_DECAY, WIDE, SCALED, SCALED_NO_DECAY = SCOPE_INSIDE.values()

LINEAR = {
    "asked-constant-linear": "2-64-32, no activation",
    "asked-constant-wide": "512-256, no activation",
    "asked-constant-lower-rate": "2-64-32, no activation, Adam at 0.001",
}
NARROW_RELU, RELU = "asked-constant-relu", "asked-constant-relu-64"

LAYERS = "asked-two-layers"
SQUARE_INSIDE, SUM_INSIDE = (inside(task, LAYERS, SD, who=f"{LAYERS} on {task}") for task in (TO_2, SUM))
SQUARE_OUTSIDE, SUM_OUTSIDE = (outside(task, LAYERS, SD, who=f"{LAYERS} on {task}") for task in (TO_2, SUM))

FINDINGS = (
    Finding(
        name="relu-is-straight-outside",
        symptoms=("straight line outside", "wrong outside the training range"),
        question="x^2 is right on [-10, 10] and two straight lines on [-100, 100]: can ReLU do anything else?",
        source=STRAIGHT_OUTSIDE,
        claim="No: on both sides a line has an R^2 of at least 0.98, with one hidden layer or two, at the asker's rate "
        "or a hundredth of it; and beyond three times the range one hidden layer is a line to a thousandth. Networks "
        "need not be lines: tanh is none there, and products of two linear maps follow x^2 to 100.",
        note="All 1,000 points are trained on; the thread's code holds back a fifth and decides nothing by it.",
        statements=(
            Every(inside(TO_10, "asked-mae", SD), at_most(0.1), note="right to the eye"),
            *(Every(_r2(model), at_least(STRAIGHT_R2)) for model in RELUS),
            Every(_straight_from("asked-mae-one-layer"), at_most(3), note="its last kink is before"),
            *(Every(outside(TO_10, model, SD), above(1)) for model in RELUS),
            Every(_r2("tanh-mlp"), Limit(high=STRAIGHT_R2, strict=True)),
            *_follows(TO_10),
        ),
        confirmed=Answer(
            "no, but other networks can",
            "Beyond its last kink a ReLU network is a line, whatever its training. A network of products, or a "
            "polynomial, goes on as x^2 does.",
        ),
        depends=Answer("hardly", "The table says where it is a line, and what else follows."),
        undecided=Answer("no, it seems", "What these seeds decide says so, and the rest might turn."),
        refuted=Answer("yes", "It is no line there."),
        detail=Told(
            "The asked network is a line to a thousandth from {0} times the edge on, with a single hidden layer from "
            "{1} times, at a rate of 0.001 from {2} times.",
            tuple(_straight_from(model) for model in RELUS),
        ),
        evidence=(
            *(inside(TO_10, model, SD) for model in RELUS),
            *(outside(TO_10, model, SD) for model in (*RELUS, "tanh-mlp", *FOLLOWS)),
        ),
        picture=Dots(
            "x^2 on [-10, 10], asked on [-100, 100], each seed (line: 5 %)",
            "RMSE from 10 to 100 / sd(y)",
            tuple(outside(TO_10, model, SD) for model in (*RELUS, "tanh-mlp", *FOLLOWS)),
            line=SOLVED_NRMSE,
        ),
    ),
    Finding(
        name="nothing-multiplies-in-a-network",
        symptoms=("wrong outside the training range", "off by thousands"),
        question="Is a network bad at x^2 because nothing in it multiplies, and is there something better?",
        source=TRAINING_SCOPE,
        claim="Inside the training range that is not the reason: eight ReLU learn x^2 once they are trained for long, "
        "and raw numbers are what makes it long. Outside it is: they are off by more than sd(y), and what does "
        "multiply, a network of products or a polynomial, follows.",
        note="At most 300 epochs; a training ends after 60 without a better look at the fifth held back, where the "
        "thread has 5. Weight decay is on all weights. One thing is changed at a time from 25 epochs on.",
        statements=(
            Every(ASKED, at_most(SOLVED_NRMSE)),
            Every(FEW, above(4 * SOLVED_NRMSE), note="25 epochs of raw numbers are too few"),
            Times(SCALED, FEW, at_most(0.5), note="so raw numbers are a cause"),
            Times(NO_DECAY, FEW, at_least(0.5), note="so weight decay is none"),
            Times(WIDE, FEW, at_least(0.5), note="so eight units are none"),
            Times(SCALED_NO_DECAY, SCALED, Limit(high=1, strict=True), note="once scaled, weight decay costs"),
            Every(outside(TO_500, "asked-scope", SD), above(1)),
            *_follows(TO_500),
        ),
        confirmed=Answer(
            "outside, yes; products follow",
            "Inside the range it is raw numbers and too few epochs. Outside only what multiplies goes on as x^2 does.",
        ),
        depends=Answer("not inside the range", "The table says what counts inside, and what outside."),
        refuted=Answer("no", "Neither inside nor outside is it the reason."),
        detail=Told(
            "Inside, the asked network is off by {0} of sd(y), outside by {1}. Within 25 epochs raw numbers leave {2}, "
            "which is one line through zero on each side; scaled ones leave {3}, and {4} without weight decay.",
            (ASKED, outside(TO_500, "asked-scope", SD), FEW, SCALED, SCALED_NO_DECAY),
        ),
        evidence=(*SCOPE_INSIDE.values(), *(outside(TO_500, model, SD) for model in ("asked-scope", *FOLLOWS))),
        picture=Dots(
            "x^2 on [-500, 500] by eight ReLU, one thing changed at a time, each seed (line: 5 %)",
            "RMSE inside / sd(y)",
            tuple(SCOPE_INSIDE.values()),
            line=SOLVED_NRMSE,
        ),
    ),
    Finding(
        name="which-network-for-square-and-constant",
        symptoms=("a straight line", "a change makes no difference"),
        question="b + x^2: the loss stays high whatever is changed. Which network can do it?",
        source=SQUARE_AND_CONSTANT,
        claim="Without an activation any network is the best line or worse, and neither width nor rate changes that. "
        "With ReLU behind layers of 64 and 32 it is learned inside; behind the thread's first layer of two units it "
        "is not. Products and polynomials learn it inside and outside.",
        note="The range is not told: both numbers are uniform on [-10, 10]. Of 100 rows 75 are trained on, as there.",
        statements=(
            *(
                Every(inside(WITH_CONSTANT, model, LINE, who=who), at_least(0.97), note="sampling lets it below 100 %")
                for model, who in LINEAR.items()
            ),
            Every(inside(WITH_CONSTANT, RELU, SD), at_most(2 * SOLVED_NRMSE)),
            Every(inside(WITH_CONSTANT, NARROW_RELU, SD), above(SOLVED_NRMSE)),
            *_follows(WITH_CONSTANT),
        ),
        confirmed=Answer(
            "one with an activation, and no neck",
            "Without an activation all of them are lines. ReLU does inside the range, if no layer of two units comes "
            "first; products do outside too.",
        ),
        depends=Answer("one with an activation", "The table says which of them learns it, and where."),
        refuted=Answer("one without an activation", "What a line cannot do, layers without an activation do."),
        detail=Told(
            "The asked network is off by {0} of the best line's error, 512-256 by {1}. ReLU behind 64-32 leaves {2} of "
            "sd(y) inside, behind 2-64-32 {3}.",
            (
                *(inside(WITH_CONSTANT, model, LINE) for model in ("asked-constant-linear", "asked-constant-wide")),
                *(inside(WITH_CONSTANT, model, SD) for model in (RELU, NARROW_RELU)),
            ),
        ),
        evidence=tuple(inside(WITH_CONSTANT, model, SD) for model in (*LINEAR, NARROW_RELU, RELU, *FOLLOWS)),
        picture=Dots(
            "b + x^2 from 75 rows, each seed (line: 5 %)",
            "RMSE inside / sd(y)",
            tuple(inside(WITH_CONSTANT, model, SD) for model in (*LINEAR, NARROW_RELU, RELU, *FOLLOWS)),
            line=SOLVED_NRMSE,
        ),
    ),
    Finding(
        name="what-to-trust",
        symptoms=("wrong outside the training range",),
        question="If a network cannot learn x^2, how can one trust it with anything?",
        source=TRUST,
        claim="It learns x^2 inside the range of its rows, as it learns a sum, and fresh rows of that range say so: "
        "its error on them is that on its own rows. They say nothing of what lies outside, where the error of x^2 is a "
        "hundred times as large, and even that of the sum three times.",
        note="Range, layers and training are not told: 1,000 numbers uniform on [-2, 2], asked on [-4, 4], 50-50 ReLU, "
        "Adam at 0.001 and 100 epochs in batches of 32 are assumed.",
        statements=(
            *(Every(figure, at_most(SOLVED_NRMSE)) for figure in (SQUARE_INSIDE, SUM_INSIDE)),
            *(
                Times(figure, training(task, LAYERS, SD, who="its own rows"), at_most(1.5))
                for task, figure in ((TO_2, SQUARE_INSIDE), (SUM, SUM_INSIDE))
            ),
            Times(SQUARE_OUTSIDE, inside(TO_2, LAYERS, SD, who="rows inside"), at_least(100)),
            Times(SUM_OUTSIDE, inside(SUM, LAYERS, SD, who="rows inside"), at_least(3)),
            Every(SQUARE_OUTSIDE, above(1)),
            Every(outside(TO_2, "polynomial-2", SD), at_most(SOLVED_NRMSE), note="what has the form can be trusted"),
        ),
        confirmed=Answer(
            "inside its range, by fresh rows",
            "There it is as good as fresh rows say. Outside nothing that it has seen speaks for it.",
        ),
        depends=Answer("in part", "The table says what fresh rows tell, and what they do not."),
        refuted=Answer("not at all", "Not even inside its range is it as good as fresh rows say."),
        detail=Told(
            "x^2 is off by {0} of sd(y) inside and by {1} outside; the sum by {2} and {3}.",
            (SQUARE_INSIDE, SQUARE_OUTSIDE, SUM_INSIDE, SUM_OUTSIDE),
        ),
        evidence=(SQUARE_INSIDE, SQUARE_OUTSIDE, SUM_INSIDE, SUM_OUTSIDE, outside(TO_2, "polynomial-2", SD)),
    ),
)
