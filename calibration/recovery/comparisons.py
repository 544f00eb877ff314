"""How often a search finds the formula: genoxide's runs on Nguyen's problems, SRBench's on Feynman's equations."""

from benchmark.store.record import CellId, SeedOutcome
from calibration.comparison import Comparison, Experiment, Printed, Study, printed_share
from calibration.recovery.tasks import N_ROWS
from calibration.sources import GENOXIDE, SRBENCH
from findings.figures import Limit, Recorded, at_least, at_most, inside, per_sd
from findings.statements import Share

NGUYEN = Study(
    name="Nguyen's problems by genetic programming",
    source=GENOXIDE,
    place='examples/nguyen_all/README.md, "Good results", column "Tree itself", at 0f53365',
    protocol="+ - * / sin cos exp log and no constants; 20 rows of one variable, 100 of two. Eight islands of 500 "
    "trees for up to 200 generations: 800,000 trees. Tournaments of 7, crossover 0.9, subtree mutation 0.1. Found is "
    "what is exact to 1e-10 of the standard deviation on other rows, too. 20 runs, which share their rows.",
    differs="gplearn's search of one population of 1,000 trees for up to 25 generations: 25,000 trees, a thirtieth of "
    "the budget. Long trees cost a thousandth of sd(y) for each node. Every seed has rows of its own.",
)
FEYNMAN = Study(
    name="Feynman's equations in SRBench",
    source=SRBENCH,
    place="docs/csv/groundtruth.csv, target_noise 0, at 3c18ece; settings in experiment/methods/tuned",
    protocol="Up to 10,000 rows, of which a quarter is tested on, without noise. gplearn breeds 1,414 trees for up to "
    "707 generations, a million, with tournaments of 20; Operon tries 500,000 of up to 50 nodes with + * and an "
    "analytic quotient, and prints constants with three digits. Found is a formula whose difference from the true one, "
    "or whose ratio, simplifies to a constant. 8 runs of gplearn and 10 of Operon.",
    differs="1,000 rows. gplearn breeds 1,000 trees for 20 generations, a fiftieth; Operon tries 200,000 of 30 nodes, "
    "with sin, cos, exp, log and sqrt besides, and is chosen on its front by a criterion. Found is a formula that is "
    "the true one by values at 1,000 rows, constants simplified.",
)
FOUND = "share of seeds that find it"
# An error of rounding, as genoxide draws the line.
ROUNDING = 1e-10
SD_TINY = per_sd("sd(y)", show=lambda value: f"{value:.1g}")


def _recovered(seed: SeedOutcome) -> float:
    recovery = seed.offer.recovery if seed.offer else None
    return float(recovery in ("exact", "equivalent inside"))


def _exact(task: str, model: str) -> Share:
    return Share(inside(task, model, SD_TINY), at_most(ROUNDING))


def _formula(task: str, model: str) -> Share:
    cell = CellId(task, model)
    return Share(Recorded(who=model, what="formula found", cell=cell, read=_recovered), at_least(1.0))


def _band(published: Printed) -> Limit:
    return Limit(round(published.low, 4), min(1.0, round(published.high, 4)))


def _nguyen(number: int, task: str, k: int) -> Comparison:
    published = printed_share(k, 20)
    return Comparison(
        name=f"nguyen-{number}-found",
        what=f"{FOUND}, Nguyen-{number}, genetic programming",
        study=NGUYEN,
        published=published,
        ours=_exact(task, "recovery-koza"),
        band=_band(published),
        why_band="The 95 % interval of the published share.",
        reason="A search of a thirtieth of the trees stops before it has found it.",
        experiments=(Experiment("a fifth of the trees", _exact(task, "recovery-koza-200")),),
    )


def _feynman(
    equation: str, title: str, model: str, k: int, n: int, reason: str, *, experiments: tuple[Experiment, ...] = ()
) -> Comparison:
    published = printed_share(k, n)
    return Comparison(
        name=f"{model}-{equation}-found",
        what=f"{FOUND}, {title}, {model}",
        study=FEYNMAN,
        published=published,
        ours=_formula(f"feynman-{equation}", model),
        band=_band(published),
        why_band="The 95 % interval of the published share.",
        reason=reason,
        experiments=experiments,
        # Without a sine it takes roots and logarithms of what is negative outside.
        divergence=bool(experiments),
    )


_SPOILT = "Three printed digits of a constant spoil a formula that is found there, and values at rows do not."
COMPARISONS = (
    _nguyen(1, "nguyen-1-20-rows", 20),
    _nguyen(6, "nguyen-6-20-rows", 19),
    _nguyen(9, f"nguyen-9-wide-{N_ROWS}-rows", 20),
    _nguyen(10, f"nguyen-10-wide-{N_ROWS}-rows", 20),
    _feynman("i-12-1", "I.12.1 mu N", "gplearn", 8, 8, "A product of two inputs needs no luck."),
    _feynman("i-14-3", "I.14.3 m g z", "gplearn", 8, 8, "The budget is a fiftieth."),
    _feynman("i-39-1", "I.39.1 3/2 p V", "gplearn", 3, 8, "Constants are drawn, and the budget is a fiftieth."),
    _feynman("i-14-3", "I.14.3 m g z", "operon", 6, 10, _SPOILT),
    _feynman("i-14-4", "I.14.4 k x^2 / 2", "operon", 8, 10, _SPOILT),
    _feynman(
        "i-18-12",
        "I.18.12 r F sin(theta)",
        "operon",
        0,
        10,
        "Its settings there have no sine, and the equation has one.",
        experiments=(
            Experiment("without sine and cosine", _formula("feynman-i-18-12", "recovery-operon-without-waves")),
        ),
    ),
)
