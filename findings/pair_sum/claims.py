"""What it brings to share the weights between the elements of a set."""

import numpy as np

from benchmark.board.statistics import SOLVED_NRMSE
from benchmark.words import percent
from findings.checks import Check, by_every_seed, by_figure
from findings.evidence import Evidence, Sample, at_most
from findings.finding import Answer, Finding, Judgement, Row, Sweep, cross
from findings.sources import PAIRS
from findings.sweeps import rows_needed, sweep_of

TASKS = {n: f"pair-sum-{n}-rows" for n in (100, 300, 1_000, 10_000)} | {2_000: "pair-sum"}
# Shared, and the plain network with the same activation.
COMPARED = (("shared-sum", "tanh-mlp"), ("deep-sets", "relu-mlp"))
# Of the plain ReLU network's error, the share that each is expected to have at most.
SHARES = {"shared-sum": 0.2, "deep-sets": 0.45}
MODELS = tuple(model for pair in COMPARED for model in pair)
# The answer's proposal, and the same with a network after the sum.
WRITTEN_TWICE = (
    ("shared-sum-double", "convolution-double"),
    ("deep-sets-double", "convolution-and-network-double"),
)
# More than rounding leaves in the seven digits that a record keeps of a curve.
ROUNDING = 1e-6


def _sharing(evidence: Evidence) -> Judgement:
    checks = []
    sd = evidence.sd("pair-sum")
    for shared, most in SHARES.items():
        ratio = evidence.inside("pair-sum", shared).times(evidence.inside("pair-sum", "relu-mlp"))
        statement = f"2,000 rows: {shared} has at most {most} of the error of the plain relu-mlp"
        checks.append(by_figure(statement, f"{ratio:.2g}", ratio <= most))
    # y is the sum of two independent z.
    z = evidence.quantity("pair-sum", "shared-sum", "recovered_z_rmse") / (sd / np.sqrt(2))
    checks.append(
        by_every_seed(
            "2,000 rows: shared-sum recovers z itself to 5 % of its sd",
            z,
            at_most(SOLVED_NRMSE),
            f"median {percent(z.median)}",
        )
    )
    curves = {model: sweep_of(evidence, TASKS, model) for model in MODELS}
    for shared, plain in COMPARED:
        (few, few_words), (many, many_words) = (rows_needed(curves[model], SOLVED_NRMSE) for model in (shared, plain))
        checks.append(
            by_figure(
                f"for an error of 5 % of sd(y) {plain} needs at least twice the rows of {shared}",
                f"{many_words} against {few_words}",
                many >= 2 * few,
            )
        )
    asked = evidence.inside("pair-sum", "asked-tanh-50") / sd
    best = evidence.inside("pair-sum", "shared-sum") / sd
    checks.append(
        by_figure(
            "the asker's network for one x (50 tanh, 10 epochs), given both, has at least ten times the error of "
            "shared-sum",
            f"{asked.times(best):.3g} times",
            asked.times(best) >= 10,
        )
    )
    rows = [
        *(Row(f"{model}, 2,000 rows, RMSE inside / sd(y)", curves[model][2_000]) for model in MODELS),
        Row("asked-tanh-50, 2,000 rows, RMSE inside / sd(y)", asked),
        *(
            Row(f"{model}, RMSE of the recovered z", evidence.quantity("pair-sum", model, "recovered_z_rmse"))
            for model in MODELS
        ),
    ]
    picture = Sweep(
        "Pair sum: error by number of training rows (line: 5 %)", "RMSE inside / sd(y)", curves, SOLVED_NRMSE
    )
    needs = {model: rows_needed(curve, SOLVED_NRMSE)[1] for model, curve in curves.items()}
    pairs = "; ".join(
        f"{shared} has {evidence.inside('pair-sum', shared).times(evidence.inside('pair-sum', plain)):.2g} of the "
        f"error of {plain}, and needs {needs[shared]} rows against {needs[plain]} for 5 % of sd(y)"
        for shared, plain in COMPARED
    )
    detail = f"With the same activation and as many steps, {pairs}."
    return Judgement(tuple(checks), tuple(rows), detail, picture)


def _same(evidence: Evidence, ours: str, theirs: str) -> tuple[Sample, Check, Check]:
    a, b = (evidence.inside("pair-sum", model).values for model in (ours, theirs))
    errors = Sample(np.abs(a / b - 1) if a.shape == b.shape else np.full(len(a), np.nan))
    apart = evidence.apart("pair-sum", ours, theirs)
    return (
        errors,
        by_every_seed(
            f"{ours} and {theirs}, the same weights at the start and the same 500 steps in float64: RMSE inside is "
            "equal to one part in a million",
            errors,
            at_most(ROUNDING),
            f"median {errors.median:.1g}",
        ),
        by_every_seed(
            f"{ours} and {theirs}: along the slice, up to four times the range, predictions differ by at most a "
            "millionth of sd(y)",
            apart,
            at_most(ROUNDING),
            f"median {apart.median:.1g}",
        ),
    )


def _convolution(evidence: Evidence) -> Judgement:
    same = [_same(evidence, *pair) for pair in WRITTEN_TWICE]
    rows = [
        Row(f"{model}, RMSE inside", evidence.inside("pair-sum", model)) for pair in WRITTEN_TWICE for model in pair
    ]
    largest = " and ".join(f"{max(errors.values):.1g}" for errors, *_ in same)
    detail = f"After 500 steps of training apart their errors differ by at most {largest} of their size."
    return Judgement(tuple(check for _, *checks in same for check in checks), tuple(rows), detail)


FINDINGS = (
    Finding(
        name="sharing-beats-a-plain-network",
        question="y = z(a) + z(b) with one z: does it pay to tell the network so?",
        source=PAIRS,
        claim="With one shared z a network that shares its weights beats a plain one: a fraction of the error "
        "inside, z itself recovered, and at most half the rows for the same error.",
        cells=(*cross(TASKS.values(), MODELS), ("pair-sum", "asked-tanh-50")),
        judge=_sharing,
        answers={
            "confirmed": Answer("yes", "Less error, fewer rows, and z itself comes out of it."),
            "depends": Answer("in some respects", "The table says in which."),
            "undecided": Answer(
                "not settled", "What these seeds decide agrees, and the rest might turn: see the table."
            ),
            "refuted": Answer("no", "A plain network does as well."),
        },
    ),
    Finding(
        name="width-1-convolution-is-deep-sets",
        question="Is a width-1 convolution with sum pooling something else than one network for every element, summed?",
        source=PAIRS,
        claim="The answer's width-1 convolution with sum pooling is the same function as one shared z, summed, and "
        "with a network after the sum it is Deep Sets: with the same weights it gives the same predictions, and "
        "trained alike it stays the same, to rounding.",
        cells=cross(["pair-sum"], [model for pair in WRITTEN_TWICE for model in pair]),
        judge=_convolution,
        answers={
            "confirmed": Answer(
                "no, it is the same", "It is the same function, written another way; take whichever your library has."
            ),
            "depends": Answer("in part", "They come apart somewhere."),
            "undecided": Answer("not settled", "On some seeds they come apart."),
            "refuted": Answer("yes", "They come apart in training."),
        },
    ),
)
