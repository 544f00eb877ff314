"""Every claim of the findings can be lost: records that contradict it turn its verdict."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from benchmark.board.statistics import chi_square, median_intervals
from benchmark.catalogue.registry import Catalogue
from benchmark.environment import RESULTS
from benchmark.run.needed import needed_by
from benchmark.show.figures.findings import draw
from benchmark.store import archive
from benchmark.store.record import SIGNS, CellId, Record, SeedOutcome
from findings.checks import Check
from findings.claims import FINDINGS, seeds_needed
from findings.draws import settled
from findings.evidence import Evidence, Sample, evidence_of
from findings.figures import Figure, Unit, at_most, inside, parts
from findings.finding import Coverage, Finding
from findings.lambda_.claims import NOISE
from findings.sweeps import rows_needed
from tests.synthetic import a_card, a_failure, a_record, a_seed, keyed

BY_NAME = {finding.name: finding for finding in FINDINGS}
LAMBDA = 0.25
Change = Callable[[SeedOutcome], SeedOutcome]


@pytest.fixture(scope="module")
def committed() -> Evidence:
    contents = archive.read(RESULTS)
    return evidence_of(contents.cards, contents.records | contents.detailed)


def scaled(field: str, factor: float) -> Change:
    return lambda seed: seed.model_copy(update={field: factor * getattr(seed, field)})


def raised(field: str, by: float) -> Change:
    return lambda seed: seed.model_copy(update={field: by + getattr(seed, field)})


def quantities(change: Callable[[float], float]) -> Change:
    return lambda seed: seed.model_copy(update={"quantities": {name: change(v) for name, v in seed.quantities.items()}})


def signs(to: float, of: str = "") -> Change:
    """Return what puts the signs of a seed, or those whose name begins so, at a share."""

    def changed(seed: SeedOutcome) -> SeedOutcome:
        found = {name: to if name.startswith(of) else share for name, share in seed.signs.items()}
        return seed.model_copy(update={"signs": found})

    return changed


def box_tells_best(seed: SeedOutcome) -> SeedOutcome:
    """Return a seed of which a box misses hardly any wrong row, and nothing misses fewer."""
    return signs(0.03, "mahalanobis")(signs(0.03, "box")(signs(0.04)(seed)))


def coverages(share: float) -> Change:
    def changed(seed: SeedOutcome) -> SeedOutcome:
        if seed.offer is None or seed.offer.coverage is None:
            return seed
        return seed.model_copy(update={"offer": seed.offer.model_copy(update={"coverage": (share, share)})})

    return changed


def sliced(change: Callable[[np.ndarray], np.ndarray]) -> Change:
    def changed(seed: SeedOutcome) -> SeedOutcome:
        # Only the first seeds keep a curve.
        line = tuple(change(np.array(seed.slice)).tolist()) if seed.slice else ()
        return seed.model_copy(update={"slice": line})

    return changed


def zigzag(line: np.ndarray) -> np.ndarray:
    """Return a line that goes up and down more and more: neither straight, nor flat, nor the truth."""
    return float(np.ptp(line)) * np.cumsum(np.where(np.arange(len(line)) % 20 < 10, 1.0, -1.3))


# What may be wrong with a record of a cell: errors too large or too small, other quantities, other curves.
CHANGES: Mapping[str, Change] = {
    **{f"{field} x {factor:g}": scaled(field, factor)
       for field in ("interpolation_rmse", "extrapolation_rmse", "training_rmse") for factor in (1e-4, 0.5, 2.0, 1e4)},
    # What is exact no factor makes wrong.
    **{f"{field} + 1e6": raised(field, 1e6) for field in ("interpolation_rmse", "extrapolation_rmse")},
    # What is exact is so however often it is taken.
    "errors of 1e9": lambda seed: seed.model_copy(update={"interpolation_rmse": 1e9, "extrapolation_rmse": 1e9}),
    "notes of 1e9": lambda seed: seed.model_copy(update={"notes": dict.fromkeys(seed.notes, "1e9")}),
    "quantities + 1": quantities(lambda value: value + 1),
    "quantities at 0": quantities(lambda value: 0.0),
    "quantities x 1e4": quantities(lambda value: 1e4 * value),
    "the slice goes zigzag": sliced(zigzag),
    "the slice is flat": sliced(np.zeros_like),
    "the training error of the best line": lambda seed: seed.model_copy(update={"training_rmse": 74438.0}),
    "a seed without training error": lambda seed: seed.model_copy(update={"training_rmse": None}),
}  # fmt: skip


# What may be wrong with what a model knows of itself; a mean over models turns where it is wrong of all of them.
OF_SIGNS: tuple[Change, ...] = (
    *(signs(share) for share in (0.0, 0.1, 0.95)),
    *(signs(share, of) for of in SIGNS for share in (0.0, 0.5, 1.0)),
    *(coverages(share) for share in (0.5, 0.95)),
    box_tells_best,
)


def _applied(change: Change, cell: CellId, seed: SeedOutcome) -> SeedOutcome:
    return change(seed)


def contradictions(
    finding: Finding, evidence: Evidence, *, seeds: Callable[[int], bool] = lambda seed: True
) -> Iterator[Callable[[Evidence], Evidence]]:
    """Yield changes to one of a finding's cells, to all cells of a model, and to all: each makes other records.

    Only the given seeds change.
    """
    models = {cell.model: None for cell in finding.cells}
    groups = [{cell for cell in finding.cells if cell.model == model} for model in models]
    if len(finding.cells) <= 20:
        groups += [{cell} for cell in finding.cells]
    elif len(models) < 5:
        # Of many tasks, each with all of its models.
        tasks = {cell.task: None for cell in finding.cells}
        groups += [{cell for cell in finding.cells if cell.task == task} for task in tasks]

    def changed(group: set[CellId], change: Callable[[CellId, SeedOutcome], SeedOutcome], before: Evidence) -> Evidence:
        records = dict(before.records)
        for cell in group:
            outcomes = (change(cell, seed) if seeds(seed.seed) else seed for seed in records[cell].seeds)
            records[cell] = records[cell].model_copy(update={"seeds": tuple(outcomes)})
        return Evidence(before.cards, records)

    def truth(cell: CellId, seed: SeedOutcome) -> SeedOutcome:
        line = next(r.slice for r in evidence.cards[cell.task].references if r.name == "truth")
        return seed.model_copy(update={"slice": line, "interpolation_rmse": 0.0, "extrapolation_rmse": 0.0})

    for group in groups:
        for change in CHANGES.values():
            yield partial(changed, group, partial(_applied, change))
    has_signs = any(seed.signs for cell in finding.cells for seed in evidence.records[cell].seeds)
    for group in [*groups, set(finding.cells)]:
        for change in OF_SIGNS if has_signs else ():
            yield partial(changed, group, partial(_applied, change))
        yield partial(changed, group, truth)


def holding(checks: tuple[Check, ...]) -> tuple[int, int]:
    """Return how many statements hold, and how many more may."""
    return sum(check.holds == "yes" for check in checks), sum(check.holds == "undecided" for check in checks)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_statement_and_the_verdict_turn_when_records_contradict_them(name: str, committed: Evidence) -> None:
    finding = BY_NAME[name]
    before = finding.judge(committed)
    found = [{check.holds} for check in before.checks]
    worst, n_worst = committed, holding(before.checks)
    with np.errstate(all="ignore"):
        for contradict in contradictions(finding, committed):
            judged = finding.judge(contradict(committed)).checks
            for seen, check in zip(found, judged, strict=True):
                seen.add(check.holds)
            # One contradiction upon the other, as far as they lead down.
            further = contradict(worst)
            n_further = holding(judged if worst is committed else finding.judge(further).checks)
            if n_further < n_worst:
                worst, n_worst = further, n_further
    assert {c.statement for c, seen in zip(before.checks, found, strict=True) if not {"yes", "no"} <= seen} == set()
    # Of shares that are compared with one another, some are undecided where all others are lost.
    last = finding.judge(worst)
    lost = holding(last.checks)[0] == 0
    assert last.verdict != before.verdict
    assert lost or (before.verdict, last.verdict) == ("confirmed", "depends")


@pytest.mark.parametrize("name", BY_NAME)
def test_every_statement_is_undecided_where_seeds_contradict_each_other(name: str, committed: Evidence) -> None:
    finding = BY_NAME[name]
    before = settled(finding, committed, redraws=40).checks
    # What is still to be seen undecided, by its place among the statements.
    left = {
        i: s for i, s in enumerate(finding.statements) if before[i].holds != "undecided" and not _is_of_a_law(before[i])
    }

    def turned(evidence: Evidence) -> set[int]:
        return {i for i, statement in left.items() if statement.check(evidence).holds != before[i].holds}

    with np.errstate(all="ignore"):
        # What all seeds together do not turn, some do not either.
        turning = [turned(whole(committed)) for whole in contradictions(finding, committed)]
        for seeds in PARTS:
            for places, part in zip(turning, contradictions(finding, committed, seeds=seeds), strict=True):
                if places & left.keys():
                    asked = replace(finding, statements=tuple(left.values()))
                    partly = settled(asked, part(committed), redraws=40).checks
                    left = {
                        i: s for (i, s), check in zip(left.items(), partly, strict=True) if check.holds != "undecided"
                    }
    assert [before[i].statement for i in left] == []


def _the_first(seed: int) -> bool:
    return seed == 0


def _half(seed: int) -> bool:
    return seed % 2 == 1


def _four_of_five(seed: int) -> bool:
    return seed % 5 > 0


def _one_in_five(seed: int) -> bool:
    return seed % 5 == 0


def _all_but(one: int, seed: int) -> bool:
    return seed != one


PARTS: tuple[Callable[[int], bool], ...] = (
    *(_the_first, _half, _four_of_five, _one_in_five),
    *(partial(_all_but, one) for one in range(10)),
)


def _is_of_a_law(check: Check) -> bool:
    """Whether a check holds a law's own band, which is never undecided."""
    return "Cramer-Rao bound" in check.statement


@pytest.mark.parametrize("name", BY_NAME)
def test_a_finding_without_a_cell_or_with_a_failed_seed_has_no_evidence(name: str, committed: Evidence) -> None:
    finding = BY_NAME[name]
    assert finding.missing(committed) == ()
    cell = finding.cells[-1]
    without = {other: record for other, record in committed.records.items() if other != cell}
    assert finding.missing(Evidence(committed.cards, without)) == (cell,)
    failed = committed.records[cell].model_copy(update={"seeds": (a_failure(0),)})
    assert finding.missing(Evidence(committed.cards, {**without, cell: failed})) == (cell,)
    cards = {task: card for task, card in committed.cards.items() if task != cell.task}
    assert cell in finding.missing(Evidence(cards, committed.records))


class _Watched(dict[CellId, Record]):
    """Records that remember which of them were read."""

    def __init__(self, records: Mapping[CellId, Record]) -> None:
        super().__init__(records)
        self.read: set[CellId] = set()

    def __getitem__(self, cell: CellId) -> Record:
        self.read.add(cell)
        return super().__getitem__(cell)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_finding_reads_just_the_cells_that_it_names(name: str, committed: Evidence) -> None:
    finding = BY_NAME[name]
    watched = _Watched(committed.records)
    evidence = Evidence(committed.cards, watched)
    finding.judge(evidence)
    if isinstance(finding.picture, Coverage):
        draw(finding.picture, evidence)
    drawn = parts(finding.picture, Figure)  # type: ignore[type-abstract]
    assert all(len(figure.of(evidence).values) for figure in drawn)
    assert watched.read == set(finding.cells)


def test_every_finding_rests_on_as_many_seeds_as_it_needs(committed: Evidence) -> None:
    assert {cell: len(committed.records[cell].seeds) for cell in seeds_needed()} == seeds_needed()


def test_the_cells_that_need_more_than_ten_seeds_are_those_that_cost_little() -> None:
    needed = {tuple(cell): n for cell, n in seeds_needed().items() if n != 10}
    assert needed["lambda-noisy", "lambda-closed-form"] == 1_000
    assert needed["square", "asked-small"] == needed["square", "least-squares"] == 100
    # The large network and long trainings have as many as their cost allows.
    assert needed["square", "asked-relu-1000-epochs"] == 20
    assert not {("square", "asked-linear-square"), ("sum-rounded", "asked-linear-sum")} & set(needed)


def test_a_cell_needs_the_most_that_a_finding_asks_of_it() -> None:
    for finding in FINDINGS:
        assert set(finding.seeds) <= set(finding.cells)
        assert all(seeds_needed()[cell] >= finding.seeds_of(cell) for cell in finding.cells)


@pytest.mark.parametrize("factor", [0.85, 1.15])
def test_an_error_of_lambda_fifteen_percent_off_its_bound_is_seen(committed: Evidence, factor: float) -> None:
    cell = CellId("lambda-noisy", "lambda-closed-form")

    def changed(seed: SeedOutcome) -> SeedOutcome:
        off = LAMBDA + factor * (seed.quantities["lambda_hat"] - LAMBDA)
        return seed.model_copy(update={"quantities": {**seed.quantities, "lambda_hat": off}})

    def check(evidence: Evidence) -> Check:
        return next(c for c in BY_NAME["given-k-lambda-is-easy"].judge(evidence).checks if _is_of_a_law(c))

    record = committed.records[cell]
    seeds = tuple(changed(seed) for seed in record.seeds)
    records = {**committed.records, cell: record.model_copy(update={"seeds": seeds})}
    assert check(committed).holds == "yes"
    assert check(Evidence(committed.cards, records)).holds == "no"


def test_the_noise_that_a_claim_names_is_its_task_s(committed: Evidence) -> None:
    assert committed.cards["lambda-noisy"].noise_std == NOISE


def test_what_the_findings_need_is_registered(catalogue: Catalogue) -> None:
    for task, model in seeds_needed():
        assert task in catalogue.tasks
        assert model in catalogue.models


def test_what_stays_off_the_board_serves_a_page(catalogue: Catalogue) -> None:
    needed = {name for cells in needed_by().values() for cell in cells for name in cell}
    entries = [*catalogue.tasks.values(), *catalogue.models.values()]
    assert {e.name for e in entries if {"as-asked", "control"} & set(e.tags)} <= needed


def test_names_of_findings_are_unique_and_each_answers_every_verdict() -> None:
    assert len(BY_NAME) == len(FINDINGS)
    for finding in FINDINGS:
        assert finding.confirmed.short != finding.refuted.short
        assert finding.confirmed.sentence != finding.refuted.sentence
        for short, sentence in finding.answers.values():
            assert 1 <= len(short) <= 40
            assert short[0].islower()
            assert short[-1] not in ".,:;"
            assert sentence.endswith(".")


def _evidence(*errors: float) -> Evidence:
    record = a_record("square", "net", [a_seed(i, error, 1.0) for i, error in enumerate(errors)])
    return evidence_of({"square": a_card()}, keyed([record]))


def test_a_sample_has_the_median_and_its_interval() -> None:
    halved = Unit(of=lambda values, card: values / 2)
    for unit, size in ((Unit(), 1), (halved, 2)):
        sample = inside("square", "net", unit).of(_evidence(1.0, 2.0, 3.0))
        assert (sample.median, sample.interval) == (2.0 / size, (1.0 / size, 3.0 / size))


def test_a_seed_without_the_figure_counts_as_the_worst() -> None:
    sample = Sample(np.array([1.0, np.nan, np.nan]))
    assert sample.median > 1e300
    assert at_most(2.0).holds(sample.values).tolist() == [True, False, False]


@pytest.mark.parametrize("values", [[3.0, 1.0, 2.0], [4.0, 1.0, 2.0, 3.0], [1e308, 1.7e308], [np.nan, 1.0]])
def test_the_median_of_a_sample_is_the_board_s(values: list[float]) -> None:
    known = np.nan_to_num(np.array(values), nan=np.finfo(np.float64).max)
    assert Sample(np.array(values)).median == median_intervals(known[np.newaxis])[0, 0]


def _curve(**errors: float) -> dict[int, Sample]:
    return {int(n.removeprefix("n")): Sample(np.array([error])) for n, error in errors.items()}


def test_the_rows_needed_are_read_between_two_sizes() -> None:
    # From 0.1 to 0.001 over two decades: 0.01 half way.
    rows, words = rows_needed(_curve(n100=0.1, n10000=0.001), 0.01)
    assert rows == pytest.approx(1000)
    assert words == "about 1,000"


def test_the_ends_of_a_sweep_are_bounds() -> None:
    assert rows_needed(_curve(n100=0.01, n1000=0.001), 0.05) == (100, "at most 100")
    assert rows_needed(_curve(n100=0.5, n1000=0.1), 0.05) == (1000, "more than 1,000")


def test_quantiles_of_chi_square_are_those_of_the_tables() -> None:
    assert chi_square(0.025, 10) == pytest.approx(3.24697, rel=1e-5)
    assert chi_square(0.975, 10) == pytest.approx(20.48318, rel=1e-5)
    # Of two degrees it is -2 log(1 - share).
    assert chi_square(0.975, 2) == pytest.approx(-2 * np.log(0.025), rel=1e-12)
