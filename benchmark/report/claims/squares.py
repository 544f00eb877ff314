"""Whether a network learns the mean of squares, from how many rows, and over more elements than it was trained on."""

from benchmark.report.claims.finding import Check, Evidence, Finding, Judgement, Row, Sweep, above, at_most, cross
from benchmark.report.claims.rows import rows_needed, sweep_of
from benchmark.report.markdown import percent
from benchmark.report.statistics import SOLVED_NRMSE

THREAD = "003_5fff90e101f15d1b"
BOARD = {2_000: "lambda-recovery"}
TASKS = {n: f"lambda-recovery-{n}-rows" for n in (100, 500, 10_000, 50_000)} | BOARD
# Deep Sets is through with the fewest, and a plain network needs the most.
OF_DEEP_SETS = {n: TASKS[n] for n in (100, 2_000)}
GROWING = ("shared-sum", "deep-sets", "relu-mlp")


def _mean_of_squares(evidence: Evidence) -> Judgement:
    curves = {
        "deep-sets": sweep_of(evidence, OF_DEEP_SETS, "deep-sets"),
        "relu-mlp": sweep_of(evidence, TASKS, "relu-mlp"),
    }
    (few, few_words), (many, many_words) = (rows_needed(curve, SOLVED_NRMSE) for curve in curves.values())
    inside = curves["deep-sets"][2_000]
    lambda_error = evidence.quantity("lambda-recovery", "deep-sets", "lambda_error")
    checks = [
        Check(
            "deep-sets, 2,000 rows: RMSE inside at most 5 % of sd(k), every seed",
            f"median {percent(inside.median)}",
            inside.every(at_most(SOLVED_NRMSE)),
        ),
        Check(
            "the lambda that its predictions imply is 0.25 to 1 %, every seed",
            f"median error {lambda_error.median:.2g}",
            lambda_error.every(at_most(0.0025)),
        ),
        Check(
            "for 5 % of sd(k) the plain relu-mlp, trained for as many steps, needs at least five times the rows",
            f"{many_words} against {few_words}",
            many >= 5 * few,
        ),
    ]
    rows = [
        Row("deep-sets, 2,000 rows, RMSE inside / sd(k)", inside),
        Row("relu-mlp, 2,000 rows, RMSE inside / sd(k)", curves["relu-mlp"][2_000]),
        Row("relu-mlp, 50,000 rows, RMSE inside / sd(k)", curves["relu-mlp"][50_000]),
        Row(
            "relu-mlp, 50,000 rows, RMSE on the training rows / sd(k)",
            evidence.training(TASKS[50_000], "relu-mlp") / evidence.sd(TASKS[50_000]),
        ),
        Row("deep-sets, lambda-hat", evidence.quantity("lambda-recovery", "deep-sets", "lambda_hat")),
        Row("relu-mlp, lambda-hat", evidence.quantity("lambda-recovery", "relu-mlp", "lambda_hat")),
    ]
    picture = Sweep(
        "Mean of squares: error by number of training rows (line: 5 %)", "RMSE inside / sd(k)", curves, SOLVED_NRMSE
    )
    detail = f"In 4,000 steps, for 5 % of sd(k), Deep Sets needs {few_words} rows, a plain ReLU network {many_words}."
    return Judgement(tuple(checks), tuple(rows), detail, picture)


def _growing(evidence: Evidence) -> Judgement:
    sd = evidence.sd("growing-sum")
    outside = {model: evidence.outside("growing-sum", model) / sd for model in GROWING}
    inside = {model: evidence.inside("growing-sum", model) / sd for model in GROWING}
    checks = [
        Check(
            "shared-sum, trained on up to 5 elements: RMSE on 6 to 10 at most 5 % of sd(y), every seed",
            f"median {percent(outside['shared-sum'].median)}",
            outside["shared-sum"].every(at_most(SOLVED_NRMSE)),
        ),
        Check(
            "deep-sets, with a network after its sum: at most 25 % of sd(y), every seed",
            f"median {percent(outside['deep-sets'].median)}",
            outside["deep-sets"].every(at_most(0.25)),
        ),
        Check(
            "a plain relu-mlp, which has never seen anything in the places that are new: above 25 %, every seed",
            f"inside {percent(inside['relu-mlp'].median)}, outside {percent(outside['relu-mlp'].median)}",
            outside["relu-mlp"].every(above(0.25)),
        ),
    ]
    rows = [
        Row(f"{model}, {where}, RMSE / sd(y)", found[model])
        for model in GROWING
        for where, found in (("1 to 5 elements", inside), ("6 to 10 elements", outside))
    ]
    off = {model: percent(sample.median) for model, sample in outside.items()}
    detail = (
        f"Over twice as many: shared-sum {off['shared-sum']}, deep-sets {off['deep-sets']}, relu-mlp "
        f"{off['relu-mlp']} of sd(y)."
    )
    return Judgement(tuple(checks), tuple(rows), detail)


FINDINGS = (
    Finding(
        name="a-mean-of-squares-can-be-learned",
        question="Can a network learn the mean of squares of its inputs?",
        source=THREAD,
        claim="Yes, inside the training range, if it knows that its inputs are a set: Deep Sets from 2,000 rows to 5 "
        "% of sd(k), and the lambda that this implies to 1 %. A plain network needs at least five times the rows for "
        "the same.",
        cells=(*cross(OF_DEEP_SETS.values(), ["deep-sets"]), *cross(TASKS.values(), ["relu-mlp"])),
        judge=_mean_of_squares,
        answer={
            "confirmed": "Yes, with weights that are shared between the paths; a plain network, trained for as "
            "long, needs "
            "far more rows.",
            "depends": "In some respects.",
            "refuted": "No.",
        },
    ),
    Finding(
        name="more-elements-than-trained-on",
        question="Does a sum hold over more elements than the network was trained on?",
        source=f"raised by {THREAD}",
        claim="One network for every element, summed, holds over twice as many elements; Deep Sets, which has a "
        "network after its sum, comes near; a plain network does not.",
        cells=cross(["growing-sum"], GROWING),
        judge=_growing,
        answer={
            "confirmed": "If the sum is built in and nothing comes after it, yes; with a network after it, nearly; "
            "if it has "
            "to be learned, no.",
            "depends": "In some respects.",
            "refuted": "No.",
        },
    ),
)
