"""Madsen and Johansen's arithmetic tasks: what a line and a constant leave, and how often units find the operation."""

from dataclasses import dataclass

from benchmark.store.record import CellId
from calibration.comparison import Comparison, Experiment, Printed, Study, printed_share
from calibration.sources import ARITHMETIC
from findings.figures import Limit, Recorded, Unit, inside, outside
from findings.statements import Share

ERRORS = Study(
    name="arithmetic: what a line and a constant leave",
    source=ARITHMETIC,
    place="paper/results/sft-last.csv at f371c1e: medians of interpolation.last and extrapolation.last over 100 seeds",
    protocol="100 inputs, U[1, 2] inside and U[2, 6] outside. a and b are sums of 25 inputs, of which 12 are shared. "
    "Networks 100-2-1 with biases, Adam at 1e-3, 5,000,000 steps of 128 fresh rows. The error of the step, of the last "
    "5,000 that are logged, that is best on 10,000 fixed rows inside.",
    differs="The line is solved by least squares on 20,000 rows: two linear layers are a line. ReLU6 is trained on "
    "them for 12,000 steps, at 0.3 to 0 along a cosine. No step is chosen, so that errors inside are 1 to 2 % larger "
    "than published: that is what the best of 5,000 steps gains. The sums are of the same inputs in all seeds.",
)
RATES = Study(
    name="arithmetic: how often the operation is found",
    source=ARITHMETIC,
    place="paper/results/function_task_static_all.tex at 0096959, and sft-short.csv beside it",
    protocol="100 inputs, U[1, 2] inside and U[2, 6] outside. a and b are sums of 25 inputs, of which 12 are shared. "
    "Units 100-2-1, Adam at 1e-3, 5,000,000 steps of 128 fresh rows; the regulariser towards whole weights rises from "
    "step 1,000,000 to 2,000,000. Of 100 seeds those are a success whose MSE outside is below that of the exact "
    "network with all weights off by 1e-5: 1.479e-5 for a + b, 1.384e-8 for a - b, 0.160 for a b and 0.159 for a^2. A "
    "seed that diverged is none.",
    differs="20,000 rows in place of fresh ones, and a fiftieth of the steps or less, at a higher rate that goes to 0 "
    "along a cosine: 100,000 at 2e-3 for linear layers, 20,000 at 0.05 for NAU and at 0.02 for NMU, 2,000 at 1e-3 for "
    "NALU. The line on a b is solved by least squares. The regulariser rises over the second fifth of the steps, as "
    "there. The last step counts.",
)
MSE = Unit(of=lambda values, card: values**2)
NAMES = {"line": "a line", "relu6": "ReLU6", "linear": "linear layers", "nau": "NAU", "nmu": "NMU", "nalu": "NALU"}
WORDS = {"add": "a + b", "sub": "a - b", "mul": "a b", "div": "a / b", "square": "a^2", "sqrt": "the root of a"}
THRESHOLDS = {"add": 1.47862e-5, "sub": 1.38437e-8, "mul": 0.160011, "div": 4.93805e-12, "square": 0.159474,
              "sqrt": 8.95526e-9}  # fmt: skip


@dataclass(frozen=True)
class _Error:
    """A median MSE that is published, and what the best line or constant of the law has."""

    published: float
    exact: float


LINE = {
    ("mul", "inside"): _Error(5.139, 5.24028), ("mul", "outside"): _Error(1.5770e7, 1.576296e7),
    ("div", "inside"): _Error(2.8446e-6, 2.849e-6), ("div", "outside"): _Error(9.6747e-3, 9.658e-3),
    ("square", "inside"): _Error(8.371, 8.47222), ("square", "outside"): _Error(1.60493e7, 1.602691e7),
    ("sqrt", "inside"): _Error(2.5001e-6, 2.529e-6), ("sqrt", "outside"): _Error(1.55143, 1.5548),
}  # fmt: skip
CAPPED = {
    ("add", "inside"): _Error(6.120, 6.1667), ("add", "outside"): _Error(1.57254e4, 1.57325e4),
    ("mul", "inside"): _Error(8616.6, 8677.12), ("mul", "outside"): _Error(7.51025e7, 7.509858e7),
    ("square", "inside"): _Error(11688.0, 11727.2), ("square", "outside"): _Error(7.57886e7, 7.572613e7),
    ("div", "inside"): _Error(1.5283e-3, 1.5415e-3), ("div", "outside"): _Error(3.5078e-3, 3.5118e-3),
    ("sqrt", "inside"): _Error(1.3789e-2, 1.3887e-2), ("sqrt", "outside"): _Error(15.0888, 15.0914),
}  # fmt: skip
UNEVEN = (
    "Where both units stay at 0 the bias alone has to come to the mean of 1,400, and is not all the way there after "
    "12,000 steps; where they stay at 6 it has less far to go."
)
# As shares of the published figure.
BANDS = {"inside": 0.04, "outside": 0.03}
WHY = {
    "inside": "2 % for the choice of the step, 1 % for 20,000 rows in place of fresh ones, and 1 % for the rows of the "
    "test.",
    "outside": "10,000 rows of the test vary the MSE of a seed by 1 to 2 %, on their side as on ours. 3 % for both.",
}
# Of the line ten seeds left three errors inside undecided: their squares vary most.
OF_MORE_SEEDS, MORE = {(operation, "least-squares") for operation in ("mul", "square", "sqrt")}, 40


def _mse(operation: str, model: str, region: str) -> Recorded:
    of = {"inside": inside, "outside": outside}[region]
    return of(f"arithmetic-{operation}", model, MSE, what=f"MSE {region}")


def _error(who: str, model: str, operation: str, region: str, error: _Error, *tried: Experiment) -> Comparison:
    share = BANDS[region]
    return Comparison(
        name=f"arithmetic-{who}-{operation}-{region}",
        what=f"MSE {region} of {NAMES[who]} on {WORDS[operation]}",
        study=ERRORS,
        published=Printed(value=error.published, runs=100),
        exact=error.exact,
        ours=_mse(operation, model, region),
        band=Limit(error.published * (1 - share), error.published * (1 + share)),
        why_band=WHY[region],
        reason=UNEVEN if tried else "",
        experiments=tried,
        seeds={CellId(f"arithmetic-{operation}", model): MORE} if (operation, model) in OF_MORE_SEEDS else {},
    )


def _longer(operation: str, region: str) -> tuple[Experiment, ...]:
    if operation not in ("mul", "square"):
        return ()
    return (Experiment("twice the steps", _mse(operation, "arithmetic-relu6-twice", region)),)


def _successes(operation: str, model: str) -> Share:
    return Share(_mse(operation, model, "outside"), Limit(high=THRESHOLDS[operation], strict=True))


@dataclass(frozen=True)
class _Rate:
    """How many of 100 seeds are a success, where the band ends, and what was tried: models with one thing changed."""

    unit: str
    operation: str
    successes: int
    band: Limit
    tried: tuple[tuple[str, str], ...] = ()
    reason: str = ""


BRIEF = "The training is shorter by a factor of fifty to thousands: what needs the millions of steps is not found."
HALVES = (
    "Both sums stay half way, at (a + b) / 2 + m and (a + b) / 2 - m with a nearly constant m. Where m^2 is s^2 = 13 / "
    "24, the variance of (a - b) / 2, their product leaves an MSE of 2 s^4 = 0.59: ours have 0.57 to 0.60 inside. A "
    "share d of the way to a and b leaves (2 - 6 d^4) s^4 with the best m. That is so flat that the weights creep: of "
    "the paper's seeds half have arrived after 1.4 million steps. The units are no obstacle, as L-BFGS on all rows "
    "shows."
)
NOISE = (
    "A constant rate leaves the weights moving by some 1e-5, and that is the threshold. Here the rate goes to 0, and "
    "so does what is left: a line finds a difference as it finds a sum."
)
ON_THE_WAY = (
    "All seeds are on their way, with an MSE of 0.002 to 0.1 inside, and 20,000 steps of Adam are too few to arrive."
)
CONSTANT = (("linear-constant", "a constant rate of 1e-3, as published"),)
QUARTER = (("nau-quarter", "a quarter of the steps"),)
PRODUCTS = (
    ("nmu-thrice", "three times the steps"),
    ("product-lbfgs", "the product of two sums by L-BFGS, without ranges and regulariser"),
)
RATE_ROWS = (
    _Rate("linear", "add", 100, Limit(0.9, 1.0), CONSTANT),
    _Rate("linear", "sub", 7, Limit(0.0, 0.2), CONSTANT, NOISE),
    _Rate("nau", "add", 100, Limit(0.9, 1.0), QUARTER),
    _Rate("nau", "sub", 100, Limit(0.9, 1.0), QUARTER),
    _Rate("nmu", "mul", 98, Limit(0.85, 1.0), PRODUCTS, HALVES),
    _Rate("nmu", "square", 100, Limit(0.9, 1.0), PRODUCTS, ON_THE_WAY),
    _Rate("line", "mul", 0, Limit(0.0, 0.1)),
    _Rate("nalu", "mul", 0, Limit(0.0, 0.1)),
    _Rate("nalu", "add", 14, Limit(0.05, 0.25)),
)


def _rate(row: _Rate) -> Comparison:
    tried = (Experiment(words, _successes(row.operation, f"arithmetic-{model}")) for model, words in row.tried)
    return Comparison(
        name=f"arithmetic-rate-{row.unit}-{row.operation}",
        what=f"success rate of {NAMES[row.unit]} on {WORDS[row.operation]}",
        study=RATES,
        published=printed_share(row.successes, 100),
        ours=_successes(row.operation, "least-squares" if row.unit == "line" else f"arithmetic-{row.unit}"),
        band=row.band,
        why_band="The interval of the published rate, widened to what one seed of ten is: the training differs.",
        reason=row.reason or BRIEF,
        divergence=True,
        experiments=tuple(tried),
    )


COMPARISONS = (
    *(_error("line", "least-squares", *where, error) for where, error in LINE.items()),
    *(_error("relu6", "arithmetic-relu6", *where, error, *_longer(*where)) for where, error in CAPPED.items()),
    *map(_rate, RATE_ROWS),
)
