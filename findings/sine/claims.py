"""What goes on with a sine beyond the range in which it was seen, and whether rows held back find out."""

from benchmark.board.solving import SOLVED_NRMSE
from findings.figures import SD, Figure, Unit, above, at_least, at_most, decimals, inside, outside, quantity
from findings.finding import Answer, Dots, Finding, Told
from findings.sources import LINEAR_OUTSIDE, SINE_BEYOND, SINE_WAVES
from findings.statements import Every, MedianOnEach, Times

# A constant is off by all of sd(y): what is off by more than half of it does not go on.
LOST, STRAIGHT_R2 = 0.5, 0.98
ACTIVATIONS = ("ReLU", "ELU", "SELU", "Softplus", "Softsign", "Tanh", "Sigmoid", "Sine")
HALF, ONE, TWO, FIVE = "sine-half-a-period", "sine-1-period", "sine-2-periods", "sine-5-periods"
SEEN = (ONE, TWO, FIVE)

RATIO, PLAIN, WAVE = "asked-sine-ratio", "asked-sine-tanh-100", "one-wave"
ASKED_INSIDE = {model: inside(HALF, model, SD) for model in (RATIO, PLAIN, WAVE)}
ASKED_OUTSIDE = {model: outside(HALF, model, SD) for model in (RATIO, PLAIN, WAVE)}

ALL_OUTSIDE = {
    each: outside(TWO, f"asked-sine-{each.lower()}", SD, who=f"three layers of 16, {each}") for each in ACTIVATIONS
}
RELU = "asked-sine-relu"
STRAIGHT = Unit(of=lambda bend, card: 1 - bend, show=decimals)
RELU_R2 = quantity(TWO, RELU, "bend", "R^2 of a line from twice the edge to four times", unit=STRAIGHT)

LEARNERS = {
    "asked-sine-relu": "ReLU",
    "asked-sine-tanh": "tanh",
    "fourier-features": "random Fourier features",
    "sine-mlp": "sine units",
    "snake": "Snake",
    "gaussian-process-periodic": "periodic Gaussian process",
    "operon": "symbolic regression",
    WAVE: "one wave",
}


def _beyond(model: str) -> dict[str, Figure]:
    return {task: outside(task, model, SD, who=f"{LEARNERS[model]}, {task}") for task in SEEN}


BEYOND = {model: _beyond(model) for model in LEARNERS}

NEVER, WAVES, PROCESS = (
    ("asked-sine-relu", "asked-sine-tanh", "fourier-features"),
    ("sine-mlp", "snake"),
    "gaussian-process-periodic",
)
TOGETHER = "At first this and the other finding on periods were one; no statement has changed."


def _all_of(models: tuple[str, ...]) -> tuple[Figure, ...]:
    return tuple(figure for model in models for figure in BEYOND[model].values())


RANDOM, EDGE = "chosen-by-random-rows", "chosen-by-edge-rows"
CHOSEN = {
    (model, task): outside(task, model, SD, who=f"held back {where}, {task}")
    for task in (ONE, FIVE)
    for model, where in ((RANDOM, "at random"), (EDGE, "at the edge"))
}

FINDINGS = (
    Finding(
        name="a-sine-seen-in-part",
        symptoms=("wrong outside the training range", "straight line outside"),
        question="A network knows a sine on [-1.5, 1.5] and nothing of it beyond. How is it made better?",
        source=SINE_WAVES,
        claim="Not by an answer that is the ratio of two outputs: it is off by half of sd(y) beyond, like plain tanh, "
        "and five times as far off inside. A wave whose period is looked for goes on to 6, from half a period.",
        note="Rows, epochs and optimiser are not told: 500 rows, 500 epochs in batches of 32 and Adam at 0.001 are "
        "assumed. The asker's network is right inside.",
        statements=(
            Every(ASKED_INSIDE[PLAIN], at_most(SOLVED_NRMSE)),
            Every(ASKED_OUTSIDE[PLAIN], above(LOST)),
            Every(ASKED_OUTSIDE[RATIO], above(LOST)),
            Times(ASKED_INSIDE[RATIO], ASKED_INSIDE[PLAIN], at_least(5), note="so the ratio costs"),
            Every(ASKED_OUTSIDE[WAVE], at_most(SOLVED_NRMSE)),
        ),
        confirmed=Answer(
            "by a wave whose period is found",
            "Any size of number is not what it lacks; that it is a wave is. With that, half a period is enough.",
        ),
        depends=Answer("by what it is to be", "The table says what helps, and what does not."),
        refuted=Answer("by a ratio of outputs", "The ratio goes on, and a wave does not."),
        detail=Told(
            "The ratio is off by {0} of sd(y) inside and {1} outside, tanh by {2} and {3}, a wave outside by {4}.",
            (ASKED_INSIDE[RATIO], ASKED_OUTSIDE[RATIO], ASKED_INSIDE[PLAIN], ASKED_OUTSIDE[PLAIN], ASKED_OUTSIDE[WAVE]),
        ),
        evidence=(*ASKED_INSIDE.values(), *ASKED_OUTSIDE.values()),
    ),
    Finding(
        name="no-activation-goes-on",
        symptoms=("straight line outside", "a change makes no difference"),
        question="A sine by three layers of 16: which activation goes on beyond the training range?",
        source=LINEAR_OUTSIDE,
        claim="None of Keras' does: with each of seven the network is off by more than half of sd(y) from where two "
        "periods end to where four do, and with ReLU it is a line there. A sine as activation does not do it either.",
        note="The range is not told: two periods are seen. 500 rows, 500 epochs in batches of 32 and Adam at 0.001 are "
        "assumed. Sigmoid does not learn the inside in these.",
        statements=(
            Every(inside(TWO, RELU, SD), at_most(2 * SOLVED_NRMSE), note="right to the eye inside"),
            Every(RELU_R2, at_least(STRAIGHT_R2)),
            *(Every(figure, above(LOST)) for figure in ALL_OUTSIDE.values()),
        ),
        confirmed=Answer(
            "none, not even a sine",
            "Outside its range a network does what its activation does there. A sine is no cheat: it does not help, "
            "since nothing makes its frequencies those of the target.",
        ),
        depends=Answer("hardly any", "The table says which of them goes on."),
        undecided=Answer("none, it seems", "What these seeds decide says so, and the rest might turn."),
        refuted=Answer("all of them", "They go on."),
        detail=Told(
            "ReLU is off by {0} of sd(y), tanh by {1}, softplus by {2}, a sine by {3}; a constant is off by 100 %.",
            tuple(ALL_OUTSIDE[each] for each in ("ReLU", "Tanh", "Softplus", "Sine")),
        ),
        evidence=(inside(TWO, RELU, SD), *ALL_OUTSIDE.values()),
        picture=Dots(
            "A sine beyond two periods by its network's activation, each seed (line: a constant)",
            "RMSE outside / sd(y)",
            tuple(ALL_OUTSIDE.values()),
            line=1.0,
        ),
    ),
    Finding(
        name="periods-to-be-seen",
        symptoms=("wrong outside the training range",),
        question="How many periods of a sine must a network see, so that as many more are right beyond?",
        source=SINE_BEYOND,
        claim="tanh, ReLU and random Fourier features do not go on from 1, 2 or 5 periods. Sine units and Snake do "
        "from 5, and not from 1.",
        note=f"{TOGETHER} Going on is at most 20 % of sd(y) here. tanh and ReLU are three layers of 16, as another "
        "thread has them.",
        statements=(
            *(MedianOnEach(LEARNERS[model], BEYOND[model], above(LOST)) for model in NEVER),
            *(Every(BEYOND[model][FIVE], at_most(4 * SOLVED_NRMSE)) for model in WAVES),
            *(Every(BEYOND[model][ONE], above(SOLVED_NRMSE)) for model in WAVES),
        ),
        confirmed=Answer("five, with units that are waves", "Others never go on, however many they see."),
        depends=Answer("no number of them is enough by itself", "The table says which goes on from how many."),
        refuted=Answer("one, with any units", "All go on, or none does."),
        detail=Told(
            "Beyond 1, 2 and 5 periods sine units are off by {}, {} and {} of sd(y), Snake by {}, {} and {}, tanh by "
            "{}, {} and {}: a constant is off by 100 %.",
            tuple(BEYOND[model][task] for model in (*WAVES, "asked-sine-tanh") for task in SEEN),
        ),
        evidence=_all_of((*NEVER, *WAVES)),
        picture=Dots(
            "A sine beyond the periods that a network has seen, each seed (line: a constant)",
            "RMSE outside / sd(y)",
            _all_of((*NEVER, *WAVES)),
            line=1.0,
        ),
    ),
    Finding(
        name="what-has-the-form-goes-on",
        symptoms=("wrong outside the training range",),
        question="What goes on with a sine as far again as it was seen?",
        source=SINE_BEYOND,
        claim="What has the form does from 1, 2 or 5 periods: symbolic regression and a wave whose period is looked "
        "for to 5 % of sd(y), a periodic Gaussian process to 10 %.",
        note=TOGETHER,
        statements=(
            MedianOnEach(LEARNERS[PROCESS], BEYOND[PROCESS], at_most(2 * SOLVED_NRMSE)),
            *(MedianOnEach(LEARNERS[model], BEYOND[model], at_most(SOLVED_NRMSE)) for model in ("operon", WAVE)),
        ),
        confirmed=Answer("what has the form", "One period is enough for what can say that it is a wave."),
        depends=Answer("what has the form, and finds it", "The table says which of them finds the period."),
        refuted=Answer("none of these", "Not even what has the form goes on."),
        detail=Told(
            "Beyond 1, 2 and 5 periods symbolic regression is off by {}, {} and {} of sd(y), the process by {}, {} and "
            "{}.",
            tuple(BEYOND[model][task] for model in ("operon", PROCESS) for task in SEEN),
        ),
        evidence=_all_of((PROCESS, "operon", WAVE)),
        picture=Dots(
            "A sine beyond the periods seen, by what has the form, each seed (line: 5 %)",
            "RMSE outside / sd(y)",
            _all_of((PROCESS, "operon", WAVE)),
            line=SOLVED_NRMSE,
        ),
    ),
    Finding(
        name="rows-held-back-at-the-edge",
        symptoms=("wrong outside the training range",),
        question="May a validation loss steer training towards what holds beyond the range, without a leak?",
        source=SINE_BEYOND,
        claim="Of rows held back only those cut off at the edge can, since they ask beyond the others. Of five "
        "networks they choose one that is off by at most half as much beyond the range as the one that rows at random "
        "choose, and it is as right inside.",
        note="A fifth is held back, a kind of network is chosen by it, and trained again on all rows: ReLU, tanh, sine "
        "units, Snake and random Fourier features, 2,000 steps each. No row beyond the range is seen by either.",
        statements=(
            *(
                Every(inside(task, model, SD, who=CHOSEN[model, task].who), at_most(SOLVED_NRMSE))
                for task in (ONE, FIVE)
                for model in (RANDOM, EDGE)
            ),
            *(Times(CHOSEN[EDGE, task], CHOSEN[RANDOM, task], at_most(0.5)) for task in (ONE, FIVE)),
        ),
        confirmed=Answer(
            "yes, by rows from the edge",
            "Rows from the edge ask what lies beyond the rest, and so choose what goes on further. Random ones do not.",
        ),
        depends=Answer("hardly", "The table says how right both are inside, and what rows at the edge change beyond."),
        refuted=Answer("no", "Neither choice is right inside, and neither goes on further."),
        detail=Told(
            "Beyond one period the choice of random rows is off by {0} of sd(y), that of the edge by {1}; beyond five "
            "by {2} and {3}.",
            tuple(CHOSEN.values()),
        ),
        evidence=tuple(CHOSEN.values()),
        picture=Dots(
            "A sine beyond what was seen, by what chose the network, each seed (line: a constant)",
            "RMSE outside / sd(y)",
            tuple(CHOSEN.values()),
            line=1.0,
        ),
    ),
)
