"""Why a ReLU alone does not help: one cause at a time."""

from benchmark.report.claims.finding import Check, Dots, Evidence, Finding, Judgement, Row, Sample, at_most, cross
from benchmark.report.markdown import percent, plain
from benchmark.report.statistics import SOLVED_NRMSE

THREAD = "001_55de2f4d7c7aedaf"
# A cause must explain most of an error: alone changed, it leaves a fifth. What leaves half is none.
CURES, LEAVES = 1 / 5, 1 / 2


def _change(words: str, changed: Sample, before: Sample) -> tuple[str, float]:
    left = changed.times(before)
    return f"{words}: {plain(before.median)} becomes {plain(changed.median)}, {percent(left)} of it", left


def _no_cause(statement: str, changed: Sample, before: Sample) -> Check:
    words, left = _change("median RMSE inside", changed, before)
    return Check(f"{statement}: no cause, at least half of the error is left", words, left >= LEAVES)


def _constants(inside: Sample, evidence: Evidence) -> int:
    """Return how many seeds are as far off as a constant: all their units have died."""
    return int((inside.values > 0.9 * evidence.sd("square")).sum())


def _same_result(evidence: Evidence) -> Judgement:
    inside = {model: evidence.inside("square", model) for model in VARIANTS}
    asked, unused = inside["asked-relu"], evidence.inside("square-unused-input", "asked-relu")
    nrmse = (asked / evidence.sd("square")).median
    words, left = _change("median RMSE inside", inside["asked-relu-own-range"], asked)
    checks = (
        Check(
            "as asked, the ReLU network does not learn: median RMSE inside above 5 % of sd(y)",
            percent(nrmse),
            nrmse > SOLVED_NRMSE,
        ),
        Check(
            "x divided by its own range, nothing else: the cause, at most a fifth of it is left", words, left <= CURES
        ),
        _no_cause("twice the epochs", inside["asked-relu-1000-epochs"], asked),
        _no_cause("a network of a fiftieth of the size (20-100-20)", inside["asked-small"], asked),
        _no_cause(
            "ten times the epochs, for the small network", inside["asked-small-5000-epochs"], inside["asked-small"]
        ),
        Check(
            "an input that is never used beside x: it changes the error by less than a factor of 2",
            _change("median RMSE inside", unused, asked)[0],
            LEAVES < unused.times(asked) < 1 / LEAVES,
        ),
    )
    rows = (
        *(Row(f"{words}, RMSE inside", inside[model]) for model, words in VARIANTS.items()),
        Row("as asked, beside an unused input, RMSE inside", unused),
    )
    picture = Dots(
        "Square: the thread's ReLU network, one thing changed at a time (line: the best straight line)",
        "RMSE inside",
        rows,
        line=evidence.reference("square", "line"),
    )
    line = evidence.reference("square", "line")
    better = int((asked.values < line).sum())
    longer = inside["asked-relu-1000-epochs"]
    detail = (
        f"As asked {better} of {len(asked.values)} seeds come below the best straight line, and "
        f"{_constants(asked, evidence)} "
        f"end as a constant, after twice the epochs {_constants(longer, evidence)}."
    )
    if left <= CURES:
        detail += (
            f" Dividing x by its own range in place of its square, which nobody in the thread thought of, is enough "
            f"to bring "
            f"the median error from {plain(asked.median)} to {plain(inside['asked-relu-own-range'].median)}."
        )
    return Judgement(checks, rows, detail, picture)


def _size(evidence: Evidence) -> Judgement:
    sd = evidence.sd("square")
    one, asked = (evidence.inside("square", f"asked-one-hidden{suffix}") for suffix in ("-own-range", ""))
    big = evidence.inside("square", "asked-relu-own-range")
    large = evidence.inside("square", "asked-relu")
    ratio = one.times(big)
    words, left = _change("median RMSE inside", one, asked)
    checks = (
        Check(
            "one hidden layer of 100 ReLU, x divided by its own range: at most 5 % of sd(y), every seed",
            f"median {percent((one / sd).median)}",
            (one / sd).every(at_most(SOLVED_NRMSE)),
        ),
        Check(
            "it comes within a factor of 10 of the network of five layers, trained alike",
            f"{ratio:.2g} times its median RMSE",
            ratio <= 10,
        ),
        Check("that is at most a fifth of its error in the thread's scaling", words, left <= CURES),
        Check(
            "in the thread's scaling the one hidden layer is no better than the five layers (added afterwards)",
            f"{plain(asked.median)} against {plain(large.median)}",
            asked.median >= large.median,
        ),
    )
    rows = (
        Row("one hidden layer, own range, RMSE inside", one),
        Row("five layers, own range, RMSE inside", big),
        Row("one hidden layer, the thread's scaling, RMSE inside", asked),
        Row("five layers, the thread's scaling, RMSE inside", large),
    )
    detail = (
        f"In the thread's scaling the one layer is off by {plain(asked.median)}, with x divided by 1,000 by "
        f"{plain(one.median)}."
    )
    return Judgement(checks, rows, detail)


VARIANTS = {
    "asked-relu": "20-100-1000-100-20, as asked",
    "asked-relu-own-range": "x by its own range",
    "asked-relu-1000-epochs": "1,000 epochs",
    "asked-small": "20-100-20",
    "asked-small-own-range": "20-100-20, x by its own range",
    "asked-small-5000-epochs": "20-100-20, 5,000 epochs",
}

FINDINGS = (
    Finding(
        name="relu-added-same-result",
        question="A ReLU was added, and the result is no better. Why?",
        source=THREAD,
        claim="The thread divides x, like x^2, by the square of the largest number, so that all inputs lie below "
        "0.001. That scaling alone is the cause; too few epochs, too large a network and an unused input, which the "
        "answer suspects, are not. One thing is changed at a time.",
        cells=(*cross(["square"], VARIANTS), ("square-unused-input", "asked-relu")),
        judge=_same_result,
        answer={
            "confirmed": "Because x is divided by the square of its range, and for no other of the suspected reasons.",
            "depends": "Not every suspicion is right: the table says which.",
            "refuted": "The scaling of x is not the cause.",
        },
    ),
    Finding(
        name="size-is-not-the-problem",
        question="Does it take a large network, or is the large network the problem?",
        source=THREAD,
        claim="One small hidden layer is enough for the square. Where x is scaled as in the thread, taking it in "
        "place of "
        "the large network does not help.",
        cells=cross(
            ["square"], ["asked-one-hidden", "asked-one-hidden-own-range", "asked-relu-own-range", "asked-relu"]
        ),
        judge=_size,
        answer={
            "confirmed": "Neither: a hundred units in one layer do, once x is divided by its own range.",
            "depends": "In part.",
            "refuted": "Size is the problem.",
        },
    ),
)
