"""Of which numbers a network learns the multiples, from digits or from the number itself."""

from dataclasses import replace

from benchmark.board.solving import SOLVED_NRMSE
from benchmark.store.record import CellId, SeedOutcome
from benchmark.words import percent
from findings.figures import SD, Recorded, Unit, at_least, at_most, inside, outside, quantity, training
from findings.finding import Answer, Dots, Finding, Told
from findings.sources import DIVISIBLE, EVEN_OR_ODD
from findings.statements import Every, MedianOnEach

POWERS = (2, 4, 8, 16)
OTHERS = tuple(m for m in range(3, 16) if m not in POWERS)
# Of answers outside, where 0.5 is guessing: what counts as right, and what as not learned.
RIGHT, GUESSED = 0.05, 0.25
# Rows that are known by heart.
BY_HEART = 0.2
# A line cannot do better than a constant.
CONSTANT = 0.9
_SHARE = Unit(show=percent)
# Where nothing is wrong a logarithmic axis would end at nothing.
_RIGHT = Unit(of=lambda wrong, card: 1 - wrong, show=percent)
RAW = "even-or-odd"


def _wrong(m: int, model: str) -> Recorded:
    what = "share of wrong answers outside"
    return quantity(f"divisible-by-{m}", model, "wrong_outside", what, unit=_SHARE, who=f"{model}, by {m}")


def _on_each(divisors: tuple[int, ...], model: str) -> dict[str, Recorded]:
    return {f"by {m}": _wrong(m, model) for m in divisors}


def _lost(seed: SeedOutcome) -> float | None:
    return seed.noted("lost_after")


DIGITS = {m: _wrong(m, "asked-digits") for m in range(2, 17)}
LARGE = _wrong(3, "asked-digits-large")
HEART = training("divisible-by-3", "asked-digits", SD, who="asked-digits, by 3")
LEARNS = MedianOnEach("asked-digits", _on_each(POWERS, "asked-digits"), at_most(RIGHT), note="powers of two")
FAILS = MedianOnEach("asked-digits", _on_each(OTHERS, "asked-digits"), at_least(GUESSED), note="all others")
TABLE = MedianOnEach("residue-table", _on_each((*POWERS, *OTHERS), "residue-table"), at_most(0))
LOST = Recorded(
    who="the line as asked",
    what="number of rows after which its weights are no numbers",
    cell=CellId(RAW, "asked-even-or-odd"),
    read=_lost,
)
ON_RAW = {
    "slow": inside(RAW, "even-or-odd-slow", SD, who="the line at a rate of 5e-5"),
    "line": inside(RAW, "least-squares", SD, who="the best line"),
    "relu": inside(RAW, "relu-mlp", SD, who="relu-mlp"),
}
ON_DIGITS = inside("divisible-by-2", "least-squares", SD, who="the best line on binary digits")
PERIOD = {where.__name__: where(RAW, "residue-table", SD) for where in (inside, outside)}

FINDINGS = (
    Finding(
        name="divisible-by-powers-of-two-only",
        symptoms=("right on its own rows only", "wrong outside the training range"),
        question="From binary digits a network learns which numbers 2, 4 or 8 divide, and no others. Why?",
        source=DIVISIBLE,
        claim="For powers of two the last digits say it, and the network is right outside too (at most 5 % of answers "
        "wrong); for every other number to 15 all digits are needed, and it guesses (at least 25 % wrong), while it "
        "knows its own rows by heart. More units and layers do not help; looking for a period does.",
        note="The thread tells no sizes: taken are ReLU 64-64 and 128-128-128, the squared error as told, 1,000 draws "
        "of 1..1000 and numbers to 4,000 outside. Wrong is the mean of the wrong shares of both classes.",
        statements=(
            LEARNS,
            FAILS,
            Every(HEART, at_most(BY_HEART), note="so its rows it does know"),
            Every(LARGE, at_least(GUESSED), note="with more units and layers"),
            TABLE,
        ),
        confirmed=Answer("only there the last digits say it", "Otherwise it learns its rows by heart."),
        depends=Answer("the last digits say it, mostly", "The table says where it holds and where not."),
        refuted=Answer("not so", "It does not depend on powers of two."),
        detail=Told(
            "Outside {} of the answers are wrong for 2, {} for 8; {} for 3, {} for 5, {} for 6, {} for 12. With "
            "128-128-128 units it is {} for 3.",
            (*(DIGITS[m] for m in (2, 8, 3, 5, 6, 12)), LARGE),
        ),
        evidence=(*DIGITS.values(), LARGE, HEART),
        picture=Dots(
            "Divisible, from binary digits: answers on 1,001 to 4,000 (line: guessing)",
            "share of right answers",
            tuple(
                replace(figure, who=f"by {m}", what="share of right answers", unit=_RIGHT)
                for m, figure in DIGITS.items()
            ),
            0.5,
        ),
    ),
    Finding(
        name="even-or-odd-is-no-line",
        symptoms=("the loss becomes NaN", "predicts the mean"),
        question="A linear layer is to say whether a number is even or odd, and its loss becomes NaN. Why?",
        source=EVEN_OR_ODD,
        claim="The rate is too large for raw numbers: within the first hundred rows the weights are no numbers any "
        "more. At a rate that fits them the line is as good as a constant, since no line is: in n there are fifty ups "
        "and downs, which a ReLU network does not find either. On binary digits a line does it, and a table of "
        "residues on n itself.",
        note="Numbers are 1..100 in place of 0..99. The rate that fits is 5e-5: a row of 100 bears 1e-4 at most.",
        statements=(
            Every(LOST, at_most(100), note="within the first epoch, as asked"),
            *(Every(figure, at_least(CONSTANT), note="no better than a constant") for figure in ON_RAW.values()),
            Every(ON_DIGITS, at_most(SOLVED_NRMSE)),
            *(Every(figure, at_most(SOLVED_NRMSE)) for figure in PERIOD.values()),
        ),
        confirmed=Answer("too large a rate, and no line does", "Give it digits, or look for a period."),
        depends=Answer("too large a rate, at least", "The table says what else it takes."),
        refuted=Answer("for another reason", "The rate is not why."),
        detail=Told(
            "After {0} rows ({0.low} to {0.high}) the weights are no numbers. At 5e-5 the line is off by {1} of sd(y), "
            "the best line by {2}, relu-mlp by {3}; the best line on binary digits by {4}.",
            (LOST, *ON_RAW.values(), ON_DIGITS),
        ),
        evidence=(LOST, *ON_RAW.values(), ON_DIGITS, *PERIOD.values()),
    ),
)
