"""What it brings to share the weights between the elements of a set."""

import math

from benchmark.board.solving import SOLVED_NRMSE
from benchmark.words import plain
from findings.figures import RAW, SD, Recorded, Unit, apart, at_least, at_most, difference, inside, per_sd, quantity
from findings.finding import IN_PART, Answer, Finding, Sweep, Told
from findings.sources import PAIRS
from findings.statements import Every, RowsNeeded, Times
from findings.sweeps import curve

TASKS = {n: f"pair-sum-{n}-rows" for n in (100, 300, 1_000, 10_000)} | {2_000: "pair-sum"}
# Shared, and the plain network with the same activation.
COMPARED = (("shared-sum", "tanh-mlp"), ("deep-sets", "relu-mlp"))
# Of the plain ReLU network's error, the share that each is expected to have at most.
SHARES = {"shared-sum": 0.2, "deep-sets": 0.45}
CURVES = {model: curve(TASKS, model, SD) for pair in COMPARED for model in pair}
AT_2000 = {model: each.figures[2_000] for model, each in CURVES.items()}
ASKED = inside("pair-sum", "asked-tanh-50", SD, who="asked-tanh-50, 2,000 rows")
# The answer's proposal, and the same with a network after the sum.
WRITTEN_TWICE = (("shared-sum-double", "convolution-double"), ("deep-sets-double", "convolution-and-network-double"))
# More than rounding leaves in the seven digits that a record keeps of a curve.
ROUNDING = 1e-6
RELATIVE = tuple(difference(inside("pair-sum", ours), theirs, relative=True) for ours, theirs in WRITTEN_TWICE)
# y is the sum of two independent z.
OF_Z = per_sd("sd(z)", times=1 / math.sqrt(2))


def _z(model: str, unit: Unit = RAW) -> Recorded:
    return quantity("pair-sum", model, "recovered_z_rmse", "RMSE of the recovered z", unit=unit)


FINDINGS = (
    Finding(
        name="sharing-beats-a-plain-network",
        symptoms=("wrong inside the training range", "needs many rows"),
        question="y = z(a) + z(b) with one z: does it pay to tell the network so?",
        source=PAIRS,
        claim="With one shared z a network that shares its weights beats a plain one: a fraction of the error "
        "inside, z itself recovered, and at most half the rows for the same error.",
        statements=(
            *(Times(AT_2000[shared], AT_2000["relu-mlp"], at_most(most)) for shared, most in SHARES.items()),
            Every(_z("shared-sum", OF_Z), at_most(SOLVED_NRMSE)),
            *(RowsNeeded(CURVES[other], CURVES[shared], at_least(2)) for shared, other in COMPARED),
            Times(ASKED, AT_2000["shared-sum"], at_least(10), note="the asker's network for one x, given both"),
        ),
        confirmed=Answer("yes", "Less error, fewer rows, and z itself comes out of it."),
        depends=IN_PART,
        refuted=Answer("no", "A plain network does as well."),
        detail=Told(
            "With the same activation and as many steps, shared-sum has {} of the error of tanh-mlp, and needs {} rows "
            "against {} for 5 % of sd(y); deep-sets has {} of the error of relu-mlp, and needs {} rows against {} for "
            "5 % of sd(y).",
            tuple(
                part
                for shared, other in COMPARED
                for part in (Times(AT_2000[shared], AT_2000[other], at_most(1)), CURVES[shared], CURVES[other])
            ),
        ),
        evidence=(*AT_2000.values(), ASKED, *(_z(model) for model in CURVES)),
        picture=Sweep(
            "Pair sum: error by number of training rows (line: 5 %)",
            "RMSE inside / sd(y)",
            tuple(CURVES.values()),
            SOLVED_NRMSE,
        ),
    ),
    Finding(
        name="width-1-convolution-is-deep-sets",
        symptoms=("needs many rows",),
        question="Is a width-1 convolution with sum pooling something else than one network for every element, summed?",
        source=PAIRS,
        claim="The answer's width-1 convolution with sum pooling is the same function as one shared z, summed, and "
        "with a network after the sum it is Deep Sets: with the same weights it gives the same predictions, and "
        "trained alike it stays the same, to rounding.",
        statements=tuple(
            statement
            for pair, relative in zip(WRITTEN_TWICE, RELATIVE, strict=True)
            for statement in (
                Every(relative, at_most(ROUNDING), note="the same weights at the start, the same 500 steps in float64"),
                Every(
                    apart("pair-sum", *pair, per_sd("sd(y)", plain)),
                    at_most(ROUNDING),
                    note="up to four times the range",
                ),
            )
        ),
        confirmed=Answer(
            "no, it is the same", "It is the same function, written another way; take whichever your library has."
        ),
        depends=Answer("in part", "They come apart somewhere."),
        undecided=Answer("not settled", "On some seeds they come apart."),
        refuted=Answer("yes", "They come apart in training."),
        detail=Told(
            "After 500 steps of training apart their errors differ by at most {0.high} and {1.high} of their size.",
            RELATIVE,
        ),
        evidence=tuple(inside("pair-sum", model) for pair in WRITTEN_TWICE for model in pair),
    ),
)
