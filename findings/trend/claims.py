"""What trees, and processes with several kernels, say beyond the end of a trend."""

import math

from benchmark.board.solving import SOLVED_NRMSE
from findings.figures import SD, Limit, Recorded, Unit, above, at_least, at_most, outside, quantity
from findings.finding import Answer, Dots, Finding, Told
from findings.sources import KERNELS, TREES
from findings.statements import Every, Times

# A way that helps leaves half of the error, one that does not nine tenths.
HELPS, LEAVES = 1 / 2, 9 / 10
# The last of a hundred rows, said of the twenty after it, is off by 41 % of sd(y).
STILL = 1 / 4
HUNDRED = "trend-hundred-rows"
BEYOND = {
    model: outside(HUNDRED, model, SD, who=who)
    for model, who in {
        "random-forest": "random-forest",
        "line-in-forest": "line-in-forest, a line as a feature",
        "line-then-forest": "line-then-forest, a line first",
        "gradient-boosting": "gradient-boosting",
        "line-in-boosting": "line-in-boosting, a line as a feature",
        "line-then-boosting": "line-then-boosting, a line first",
        "model-tree": "model-tree, lines in the leaves",
        "gaussian-process": "gaussian-process, with a line",
        "least-squares": "least-squares, the line alone",
    }.items()
}


def _said_at_99(model: str) -> Recorded:
    return quantity("trend-three-rows", model, "said_at_99", "mean prediction at 98, 99, 100", who=model)


_HUNDRED_SEEDS = ("gradient-boosting", "line-in-boosting", "line-then-boosting", "model-tree")
SAID = {model: _said_at_99(model) for model in ("random-forest", "line-then-forest")}
# As far as the training targets go.
LARGEST = math.log(2)
# What counts as zero, and what as the mean of y, 0.386.
ZERO, MEAN = Limit(-0.01, 0.01), Limit(0.25, 0.52)
_TO_A_HUNDREDTH = Unit(show=lambda value: f"{value:.2f}")


def _far(model: str) -> Recorded:
    return quantity("logarithm-on-1-2", model, "said_far", "prediction at x = 22", unit=_TO_A_HUNDREDTH, who=model)


FAR = {
    model: _far(model)
    for model in (
        "asked-matern",
        "matern-without-noise",
        "squared-exponential",
        "matern-centred",
        "matern-and-constant",
        "matern-and-line",
    )
}
AT_3 = quantity("logarithm-on-1-2", "asked-matern", "said_at_3", "prediction at x = 3", unit=_TO_A_HUNDREDTH)

FINDINGS = (
    Finding(
        name="a-line-first-and-trees-on-the-rest",
        symptoms=("one constant for everything", "wrong outside the training range"),
        question="Trees say one constant beyond the last row. Is there a way to let them follow a trend?",
        source=TREES,
        claim="Beyond the last row forests and boosted trees stand still: asked about 98 to 100 after x = 1, 2, 3 a "
        "forest says 5.1 in place of 196 to 200. A line as one feature more changes nothing. A line first and trees on "
        "what it leaves, lines in the leaves, or a Gaussian process with a line go on; but as a line, whatever comes.",
        note="The first thread has three rows, whose noise is taken as of sd 0.1; two others have y = 3 + 0.3 x with "
        "noise of sd 1 on 1..100 and ask at 101..120. Forests and boosted trees have this suite's settings.",
        statements=(
            Every(SAID["random-forest"], Limit(4.1, 6.1), note="the asker's 5.1, to 1"),
            *(Every(BEYOND[model], above(STILL)) for model in ("random-forest", "gradient-boosting")),
            Times(BEYOND["line-in-forest"], BEYOND["random-forest"], at_least(LEAVES), note="so it does not help"),
            Times(
                BEYOND["line-in-boosting"], BEYOND["gradient-boosting"], at_least(LEAVES), note="so it does not help"
            ),
            Every(SAID["line-then-forest"], Limit(178.2, 217.8), note="198, to 10 %"),
            Times(BEYOND["line-then-forest"], BEYOND["random-forest"], at_most(HELPS)),
            Times(BEYOND["line-then-boosting"], BEYOND["gradient-boosting"], at_most(HELPS)),
            Times(BEYOND["model-tree"], BEYOND["gradient-boosting"], at_most(HELPS)),
            Times(BEYOND["gaussian-process"], BEYOND["gradient-boosting"], at_most(HELPS)),
            Every(
                outside("square", "line-then-boosting", SD, who="line-then-boosting on square"),
                above(SOLVED_NRMSE),
                note="where the trend is no line",
            ),
        ),
        # With ten the tree with lines in its leaves was undecided; what is compared has as many.
        seeds=dict.fromkeys((BEYOND[model].cell for model in _HUNDRED_SEEDS), 100),
        confirmed=Answer(
            "a line first, trees on the rest", "That is as good as the line: only a straight trend goes on."
        ),
        undecided=Answer(
            "a line first, and trees on the rest",
            "How much lines in the leaves help these seeds do not settle.",
        ),
        depends=Answer("some ways, and not others", "The table says which of them help."),
        refuted=Answer("not by these ways", "None of them goes on where trees stand still."),
        detail=Told(
            "After three rows the forest says {0}, and with a line first {1}. After a hundred it is off by {2} of "
            "sd(y), with a line as a feature by {3}, with a line first by {4}; boosted trees by {5}, {6} and {7}; "
            "a tree with lines in its leaves by {8}, the line alone by {9}.",
            (
                *SAID.values(),
                *(BEYOND[model] for model in ("random-forest", "line-in-forest", "line-then-forest")),
                *(BEYOND[model] for model in ("gradient-boosting", "line-in-boosting", "line-then-boosting")),
                BEYOND["model-tree"],
                BEYOND["least-squares"],
            ),
        ),
        evidence=(*SAID.values(), *BEYOND.values()),
        picture=Dots("A line with noise on 1..100, asked at 101..120", "RMSE outside / sd(y)", tuple(BEYOND.values())),
    ),
    Finding(
        name="a-process-goes-where-its-kernel-goes",
        symptoms=("wrong outside the training range", "predicts the mean"),
        question="Does a Gaussian process return to its mean outside?",
        source=KERNELS,
        claim="Outside a Gaussian process is its prior mean and what its kernel still carries: zero with a kernel that "
        "fades (Matern, squared exponential), the mean of y where that is subtracted first, another constant with a "
        "constant in the kernel, and a line with a line in it. None of these is the logarithm that it was taught.",
        note="The thread's kernel is of length and size 1, its mean zero; it gives the exact rows a noise of variance "
        "0.1, which is kept but for matern-without-noise. Nothing is fitted to the rows. x = 22 is twenty lengths "
        "beyond the last row; another thread asks for the rule (https://stats.stackexchange.com, interpolation and "
        "extrapolation in Gaussian process regression).",
        statements=(
            Every(FAR["asked-matern"], ZERO),
            Every(FAR["squared-exponential"], ZERO, note="another kernel that fades"),
            Every(FAR["matern-without-noise"], ZERO, note="so the noise is not why"),
            Every(FAR["matern-centred"], MEAN, note="the mean of y is 0.386"),
            Every(FAR["matern-and-constant"], Limit(0.05, LARGEST), note="no zero, within the targets"),
            Every(FAR["matern-and-line"], above(LARGEST), note="beyond all targets"),
            *(
                Every(outside("logarithm-on-1-2", model, SD), above(SOLVED_NRMSE), note="to x = 3")
                for model in ("matern-centred", "matern-and-line")
            ),
        ),
        confirmed=Answer(
            "yes, if its kernel fades", "What a kernel does not forget it carries on: a constant, a line."
        ),
        depends=Answer("not as simply as that", "The table says which kernel does what."),
        refuted=Answer("no", "Its kernel does not decide where it goes."),
        detail=Told(
            "At x = 22 the thread's process says {0}, with the mean of y {1}, a constant {2}, a line {3}; the "
            "logarithm is 3.09. It takes a while: at x = 3, one length beyond, the thread's still says {4}.",
            (*(FAR[m] for m in ("asked-matern", "matern-centred", "matern-and-constant", "matern-and-line")), AT_3),
        ),
        evidence=(*FAR.values(), AT_3),
    ),
)
