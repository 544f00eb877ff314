"""Whether a network learns the mean of squares, from how many rows, and over more elements than it was trained on."""

from benchmark.board.solving import SOLVED_NRMSE
from findings.figures import SD, above, at_least, at_most, inside, outside, per_sd, quantity, training
from findings.finding import IN_PART, Answer, Finding, Sweep, Told
from findings.sources import CONSTANT
from findings.statements import Every, RowsNeeded
from findings.sweeps import curve

BOARD = {2_000: "lambda-recovery"}
TASKS = {n: f"lambda-recovery-{n}-rows" for n in (100, 500, 10_000, 50_000)} | BOARD
OF_K = per_sd("sd(k)")
# Deep Sets is through with the fewest, and a plain network needs the most.
SHARED = curve({n: TASKS[n] for n in (100, 2_000)}, "deep-sets", OF_K)
PLAIN = curve(TASKS, "relu-mlp", OF_K)
# Ten times the steps, to tell what is short: rows or steps.
LONGER = curve({n: TASKS[n] for n in (10_000, 50_000)}, "relu-mlp-40000-steps", OF_K, who="relu-mlp, 40,000 steps")
SHORT = training(TASKS[50_000], "relu-mlp", OF_K, who="relu-mlp, 50,000 rows")
GROWING = ("shared-sum", "deep-sets", "relu-mlp")
FEW = {model: inside("growing-sum", model, SD, who=f"{model}, 1 to 5 elements", what="RMSE") for model in GROWING}
MANY = {model: outside("growing-sum", model, SD, who=f"{model}, 6 to 10 elements", what="RMSE") for model in GROWING}

FINDINGS = (
    Finding(
        name="a-mean-of-squares-can-be-learned",
        symptoms=("wrong inside the training range", "needs many rows"),
        question="Can a network learn the mean of squares of its inputs?",
        source=CONSTANT,
        claim="Yes, inside the training range, if it knows that its inputs are a set: Deep Sets from 2,000 rows to 5 "
        "% of sd(k), and the lambda that this implies to 1 %. A plain network needs at least five times the rows for "
        "the same.",
        note="Rows are not all that a network can be short of. At 4,000 steps, which all models of this suite have, "
        "more rows are not worked off; so the plain network has 40,000 steps as well, at 10,000 and 50,000 rows.",
        statements=(
            Every(SHARED.figures[2_000], at_most(SOLVED_NRMSE)),
            Every(
                quantity("lambda-recovery", "deep-sets", "lambda_error", "error of the lambda that it implies"),
                at_most(0.0025),
                note="1 % of 0.25",
            ),
            RowsNeeded(PLAIN, SHARED, at_least(5)),
            Every(LONGER.figures[10_000], above(SOLVED_NRMSE), note="so it has too few rows; added afterwards"),
        ),
        confirmed=Answer(
            "yes, inside the range",
            "With weights that are shared between the paths; a plain network, trained for as long or ten times as "
            "long, needs far more rows.",
        ),
        depends=IN_PART,
        refuted=Answer("no", "Not from 2,000 rows to 5 % of sd(k)."),
        detail=Told(
            "For 5 % of sd(k) Deep Sets needs {} rows. A plain ReLU network needs {} in 4,000 steps, where steps are "
            "short too (at 50,000 rows it is off by {} on the rows that it was trained on), and {} in 40,000 steps.",
            (SHARED, PLAIN, SHORT, LONGER),
        ),
        evidence=(
            SHARED.figures[2_000],
            PLAIN.figures[2_000],
            PLAIN.figures[50_000],
            SHORT,
            *LONGER.figures.values(),
            *(quantity("lambda-recovery", model, "lambda_hat", "lambda-hat") for model in ("deep-sets", "relu-mlp")),
        ),
        picture=Sweep(
            "Mean of squares: error by number of training rows (line: 5 %)",
            "RMSE inside / sd(k)",
            (SHARED, PLAIN, LONGER),
            SOLVED_NRMSE,
        ),
    ),
    Finding(
        name="more-elements-than-trained-on",
        symptoms=("wrong outside the training range",),
        question="Does a sum hold over more elements than the network was trained on?",
        source=CONSTANT,
        raised=True,
        claim="One network for every element, summed, holds over twice as many elements; Deep Sets, which has a "
        "network after its sum, comes near; a plain network does not.",
        statements=(
            Every(MANY["shared-sum"], at_most(SOLVED_NRMSE)),
            Every(MANY["deep-sets"], at_most(0.25), note="a network stands after its sum"),
            Every(MANY["relu-mlp"], above(0.25), note="it has never seen the elements that are new"),
        ),
        confirmed=Answer(
            "if the sum is built in",
            "With nothing after the sum, yes; with a network after it, nearly; if it has to be learned, no.",
        ),
        depends=IN_PART,
        refuted=Answer("no", "Not even where the sum is built in."),
        detail=Told("Over twice as many: shared-sum {}, deep-sets {}, relu-mlp {} of sd(y).", tuple(MANY.values())),
        evidence=tuple(figure for model in GROWING for figure in (FEW[model], MANY[model])),
    ),
)
