"""Statements say themselves, name their cells and decide: on errors that can be checked by hand."""

import re
import runpy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from benchmark.store.record import CellId, SeedOutcome, TaskCard
from findings import claims
from findings.checks import Holds
from findings.evidence import Evidence, evidence_of
from findings.figures import (
    RAW,
    SD,
    Figure,
    Limit,
    Recorded,
    Unit,
    above,
    apart,
    at_least,
    at_most,
    cross,
    decimals,
    difference,
    inside,
    outside,
    parts,
    per_sd,
    quantity,
    training,
)
from findings.finding import Answer, Dots, Finding, Told
from findings.sources import Source
from findings.statements import (
    Behaves,
    Decided,
    Decision,
    Every,
    Median,
    MedianOnEach,
    Most,
    RowsNeeded,
    Share,
    Shares,
    Statement,
    Times,
)
from findings.sweeps import Curve, curve
from tests.synthetic import Curve as Line
from tests.synthetic import a_card, a_record, a_seed, keyed, square

ROOT = Path(__file__).resolve().parents[1]


def steep(x: float) -> float:
    return 100 * x * x


def a_bit_off(x: float) -> float:
    return x * x + x / 4


def with_sd(task: str, sd: float) -> TaskCard:
    return a_card(task).model_copy(update={"target_sd": sd})


def seeds(errors: Sequence[float], line: Line = square) -> list[SeedOutcome]:
    return [a_seed(i, error, 10 * error, line) for i, error in enumerate(errors)]


# sd(y) is 2. Nine seeds of net have 5 % of it and one has 15 %; all of other's have 20 %. On sum, net is too steep.
NINE_OF_TEN = (0.1,) * 9 + (0.3,)
EVIDENCE = evidence_of(
    {task: with_sd(task, 2.0) for task in ("square", "sum")},
    keyed([
        a_record("square", "net", seeds(NINE_OF_TEN)),
        a_record("square", "other", seeds((0.4,) * 10, a_bit_off)),
        a_record("sum", "net", seeds((0.002,) * 10, steep)),
        a_record("sum", "other", seeds((0.02,) * 10)),
    ]),
)  # fmt: skip
NET, OTHER = inside("square", "net", SD), inside("square", "other", SD)
SQUARE_NET, SQUARE_OTHER = cross(["square"], ["net", "other"])
SUM_NET, SUM_OTHER = cross(["sum"], ["net", "other"])


def by_rows(model: str, error: float) -> Curve:
    """Return a curve with square as 100 rows and sum as 10,000."""
    return Curve(model, curve({10_000: "sum", 100: "square"}, model, SD).figures, error)


def decided(evidence: Evidence) -> Decision:
    return f"{len(evidence.outcomes(SQUARE_NET))} seeds", True


@dataclass(frozen=True)
class Case:
    statement: Statement
    says: str
    cells: tuple[CellId, ...]
    measured: str
    holds: Holds
    by_figure: bool = False


CASES = (
    Case(
        Every(NET, at_most(0.05)),
        "net: RMSE inside is at most 5 % of sd(y), every seed",
        (SQUARE_NET,),
        "9 of 10 seeds (60 to 98 %), median 5 %",
        "undecided",
    ),
    Case(
        Every(OTHER, above(0.05), note="why"),
        "other: RMSE inside is above 5 % of sd(y), every seed (why)",
        (SQUARE_OTHER,),
        "10 of 10 seeds (72 to 100 %), median 20 %",
        "yes",
    ),
    Case(
        Most(NET, above(0.1)),
        "net: RMSE inside is above 10 % of sd(y), most seeds",
        (SQUARE_NET,),
        "1 of 10 seeds (2 to 40 %)",
        "no",
    ),
    Case(
        Most(NET, at_most(0.05)),
        "net: RMSE inside is at most 5 % of sd(y), most seeds",
        (SQUARE_NET,),
        "9 of 10 seeds (60 to 98 %)",
        "yes",
    ),
    Case(
        Median(inside("square", "net"), Limit(0.1, 0.2), also=(outside("square", "other"),)),
        "net: RMSE inside is between 0.1 and 0.2, median seed",
        (SQUARE_NET, SQUARE_OTHER),
        "0.1, RMSE outside 4",
        "yes",
        by_figure=True,
    ),
    Case(
        MedianOnEach("net", {"square": NET, "sum": inside("sum", "net", SD)}, at_most(0.02)),
        "net: RMSE inside is at most 2 % of sd(y) on each of 2 tasks, median seed",
        (SQUARE_NET, SUM_NET),
        "1 of 2: square 5 %, sum 0.1 %",
        "no",
        by_figure=True,
    ),
    Case(
        Times(OTHER, NET, at_least(4)),
        "other: median RMSE inside / sd(y) is at least 4 times that of net",
        (SQUARE_OTHER, SQUARE_NET),
        "4 times: 20 % against 5 %",
        "yes",
        by_figure=True,
    ),
    Case(
        Times(inside("square", "other"), inside("square", "net"), at_most(1)),
        "other: median RMSE inside is at most that of net",
        (SQUARE_OTHER, SQUARE_NET),
        "4 times: 0.4 against 0.1",
        "no",
        by_figure=True,
    ),
    # 0.1 less half of 1, up to hypot(0.4042 - 0.1, (1 - 0.7225) / 2) = 0.3343 more: below 0.
    Case(
        Shares(Share(NET, above(0.1)), Share(OTHER, above(0.1)), at_most(0.5)),
        "net: the share of seeds whose RMSE inside is above 10 % of sd(y) is at most 0.5 times that of other",
        (SQUARE_NET, SQUARE_OTHER),
        "1 of 10 (2 to 40 %) against 10 of 10 (72 to 100 %)",
        "yes",
    ),
    Case(
        Shares(Share(NET, above(0.1)), Share(OTHER, above(0.1)), above(0.5)),
        "net: the share of seeds whose RMSE inside is above 10 % of sd(y) is above 0.5 times that of other",
        (SQUARE_NET, SQUARE_OTHER),
        "1 of 10 (2 to 40 %) against 10 of 10 (72 to 100 %)",
        "no",
    ),
    # net has 5 % from 100 rows on. other falls from 20 % to 1 % in two decades: to 5 % in 0.463 of the way.
    Case(
        RowsNeeded(by_rows("other", 0.05), by_rows("net", 0.05), at_least(8)),
        "other: for a median RMSE inside of 5 % of sd(y) it needs at least 8 times the rows of net",
        (SQUARE_OTHER, SUM_OTHER, SQUARE_NET, SUM_NET),
        "about 840 against at most 100",
        "yes",
        by_figure=True,
    ),
    Case(
        Behaves((SQUARE_NET, SUM_NET), "follows", frozenset({"square"})),
        "net: along the slice it follows on square, and on no other of 2 tasks, every seed",
        (SQUARE_NET, SUM_NET),
        "10 of 10 seeds (72 to 100 %), square follows, sum linear",
        "yes",
    ),
    Case(
        Behaves((SQUARE_NET, SUM_NET), "follows", frozenset({"sum"})),
        "net: along the slice it follows on sum, and on no other of 2 tasks, every seed",
        (SQUARE_NET, SUM_NET),
        "0 of 10 seeds (0 to 28 %), square follows, sum linear",
        "no",
    ),
    Case(Decided("it is so", (SQUARE_NET,), decided), "it is so", (SQUARE_NET,), "10 seeds", "yes", by_figure=True),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_a_statement_says_itself_names_its_cells_and_decides(case: Case) -> None:
    check = case.statement.check(EVIDENCE)
    assert (check.statement, check.measured) == (case.says, case.measured)
    assert (check.holds, check.by_figure) == (case.holds, case.by_figure)
    assert tuple(dict.fromkeys(parts(case.statement, CellId))) == case.cells


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_a_statement_reads_no_cell_that_it_does_not_name(case: Case) -> None:
    only = Evidence(EVIDENCE.cards, {cell: EVIDENCE.records[cell] for cell in case.cells})
    assert case.statement.check(only) == case.statement.check(EVIDENCE)


@pytest.mark.parametrize(("share", "holds"), [(0.05, "undecided"), (0.04, "no"), (0.2, "yes")])
def test_the_words_and_the_decision_have_one_threshold(share: float, holds: Holds) -> None:
    check = Every(NET, at_most(share)).check(EVIDENCE)
    assert f"at most {100 * share:g} % of sd(y)" in check.statement
    assert check.holds == holds


@pytest.mark.parametrize(
    ("limit", "says", "holds"),
    [
        (at_most(2), "at most 2", [True, True, False]),
        (at_least(2), "at least 2", [False, True, True]),
        (above(2), "above 2", [False, False, True]),
        (Limit(high=2, strict=True), "below 2", [True, False, False]),
        (Limit(1, 2), "between 1 and 2", [True, True, False]),
        (Limit(2, 2), "2", [False, True, False]),
    ],
)
def test_a_limit_says_what_it_holds_for_and_nan_is_never_within(limit: Limit, says: str, holds: list[bool]) -> None:
    assert limit.says(lambda value: f"{value:g}") == says
    assert limit.holds(np.array([1.0, 2.0, 3.0, np.nan])).tolist() == [*holds, False]


@pytest.mark.parametrize(
    ("unit", "value", "says"),
    [
        (SD, 0.05, "at most 5 % of sd(y)"),
        (per_sd("sd(k)", decimals), 0.98, "at most 0.98 of sd(k)"),
        (RAW, 71960.0, "at most 71,960"),
        (RAW, 1e-9, "at most 1e-9"),
        (RAW, 2.5e12, "at most 2.5e12"),
    ],
)  # fmt: skip
def test_a_threshold_is_said_in_the_unit_of_its_figure(unit: Unit, value: float, says: str) -> None:
    assert unit.says(at_most(value)) == says


def _one(seed: SeedOutcome) -> Evidence:
    return evidence_of({"square": with_sd("square", 2.0)}, keyed([a_record("square", "net", [seed])]))


@pytest.mark.parametrize(
    ("figure", "value", "label"),
    [
        (inside("square", "net"), 1.0, "net, RMSE inside"),
        (outside("square", "net"), 3.0, "net, RMSE outside"),
        (training("square", "net", SD, who="it"), 0.25, "it, RMSE on its training rows / sd(y)"),
        (quantity("square", "net", "a", "a itself"), 7.0, "net, a itself"),
        (inside("square", "net", per_sd("sd(z)", times=0.25)), 2.0, "net, RMSE inside / sd(z)"),
        (inside("square", "net", Unit(of=lambda errors, card: 1 - errors**2), what="R^2"), 0.0, "net, R^2"),
        (quantity("square", "net", "b", "b"), np.nan, "net, b"),
    ],
)
def test_a_figure_is_the_number_that_it_names(figure: Recorded, value: float, label: str) -> None:
    seed = a_seed(0, 1.0, 3.0).model_copy(update={"training_rmse": 0.5, "quantities": {"a": 7.0}})
    np.testing.assert_array_equal(figure.of(_one(seed)).values, [value])
    assert f"{figure.who}, {figure.in_unit}" == label


def _two(ours: Sequence[SeedOutcome], theirs: Sequence[SeedOutcome]) -> Evidence:
    records = [a_record("square", "net", ours), a_record("square", "other", theirs)]
    return evidence_of({"square": with_sd("square", 2.0)}, keyed(records))


def test_a_difference_is_of_the_same_seed() -> None:
    # Seed 1 is the other's first: it has no seed 0.
    evidence = _two(
        [a_seed(i, error, 1.0) for i, error in ((0, 1.0), (1, 3.0), (2, 5.0))],
        [a_seed(i, error, 1.0) for i, error in ((1, 2.0), (2, 4.0))],
    )
    figure = difference(inside("square", "net"), "other")
    np.testing.assert_array_equal(figure.of(evidence).values, [np.nan, 1.0, 1.0])
    assert (figure.who, figure.what) == ("net", "difference of RMSE inside from other")
    relative = difference(inside("square", "net"), "other", relative=True)
    np.testing.assert_array_equal(relative.of(evidence).values, [np.nan, 0.5, 0.25])
    assert tuple(parts(relative, CellId)) == (SQUARE_NET, SQUARE_OTHER)


def test_curves_are_apart_by_their_largest_distance_and_only_where_both_are_kept() -> None:
    bare = a_seed(1, 1.0, 1.0).model_copy(update={"slice": ()})
    evidence = _two([a_seed(0, 1.0, 1.0), a_seed(1, 1.0, 1.0)], [a_seed(0, 1.0, 1.0, a_bit_off), bare])
    figure = apart("square", "net", "other")
    # At the ends of the slice, -2 and 2, by 0.5: of an sd of 2.
    np.testing.assert_allclose(figure.of(evidence).values, [0.25, np.nan])
    assert evidence.curves_read == {SQUARE_NET, SQUARE_OTHER}


@pytest.mark.parametrize("figure", [apart("square", "net", "other"), difference(inside("square", "net"), "other")])
def test_what_two_cells_give_is_drawn_again_with_the_seeds(figure: Figure) -> None:
    evidence = _two(
        [a_seed(i, float(i), 1.0, lambda x, i=i: x * x + i) for i in range(5)],  # type: ignore[misc]
        [a_seed(i, 0.0, 1.0) for i in range(5)],
    )
    whole = figure.of(evidence).values
    drawn = inside("square", "net").of(evidence.redrawn(0)).values.astype(int)
    np.testing.assert_array_equal(figure.of(evidence.redrawn(0)).values, whole[drawn])
    assert len(set(drawn.tolist())) < 5


def test_a_seed_without_the_figure_never_counts_for_a_statement_and_is_the_worst_of_a_share() -> None:
    evidence = _one(a_seed(0, 1.0, 1.0))
    missing = quantity("square", "net", "a", "a")
    for limit in (at_most(1), above(1)):
        assert Every(missing, limit).check(evidence).measured.startswith("0 of 1 seeds")
    assert Share(missing, above(1)).seen(evidence) == (1, 1)
    assert Share(missing, at_most(1)).seen(evidence) == (0, 1)


@pytest.mark.parametrize("limit", [Limit(0.5, 2), Limit()])
def test_shares_are_compared_with_one_end(limit: Limit) -> None:
    with pytest.raises(ValueError, match=r"give it one end, as at_most\(0\.5\) or above\(0\.5\) have"):
        Shares(Share(NET, above(0.1)), Share(OTHER, above(0.1)), limit)


def test_a_sentence_shows_figures_shares_ratios_and_rows() -> None:
    told = Told(
        "{0} ({0.low} to {0.high}) of {0.who}, {1} {1.percents}, {2}, {3} rows",
        (NET, Share(NET, at_most(0.05)), Times(OTHER, NET, at_most(1)), by_rows("other", 0.05)),
    )
    assert told.tell(EVIDENCE) == "5 % (5 % to 15 %) of net, 9 of 10 (60 to 98 %), 4, about 840 rows"
    assert set(parts(told, CellId)) == {SQUARE_NET, SQUARE_OTHER, SUM_OTHER}


def test_parts_are_found_in_fields_tuples_and_mappings_in_their_order() -> None:
    assert tuple(parts(({1: SUM_NET, 2: (NET,)}, SQUARE_OTHER, "sum", None), CellId)) == (
        *(SUM_NET, SQUARE_NET),
        SQUARE_OTHER,
    )


def _finding(*, evidence: tuple[Figure, ...] = ()) -> Finding:
    return Finding(
        name="it",
        question="?",
        source=Source("a test", "https://example.org/q"),
        claim="It is.",
        statements=(Every(NET, at_most(0.05)), Times(OTHER, NET, at_most(1))),
        confirmed=Answer("yes", "It is."),
        depends=Answer("in part", "It is in part."),
        refuted=Answer("no", "It is not."),
        evidence=evidence,
        detail=Told("{}", (inside("sum", "net"),)),
        picture=Dots("t", "x", (inside("sum", "other"),)),
    )


def test_a_finding_needs_the_cells_of_its_statements_evidence_sentence_and_picture() -> None:
    assert set(_finding().cells) == {SQUARE_NET, SQUARE_OTHER, SUM_NET, SUM_OTHER}
    assert len(_finding().cells) == 4


def test_the_evidence_is_of_the_statements_unless_it_is_named() -> None:
    assert [row.what for row in _finding().judge(EVIDENCE).rows] == [
        "net, RMSE inside / sd(y)",
        "other, RMSE inside / sd(y)",
    ]
    named = _finding(evidence=(outside("sum", "net"),)).judge(EVIDENCE)
    assert [row.what for row in named.rows] == ["net, RMSE outside"]
    assert (named.verdict, named.detail) == ("undecided", "0.002")


# What a file of claims imports.
IMPORTS = """\
from findings.figures import SD, above, at_most, inside
from findings.finding import Answer, Finding
from findings.sources import SQUARES
from findings.statements import Every
"""


def test_the_example_for_contributors_is_a_finding_of_this_project(tmp_path: Path) -> None:
    section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## A new finding")[2]
    block = re.search(r"```python\n(.*?)```", section, flags=re.DOTALL)
    assert block
    text = "\n".join(line.removeprefix("   ") for line in block[1].splitlines())
    path = tmp_path / "claims.py"
    path.write_text(f"{IMPORTS}\nexample = {text}", encoding="utf-8")
    example = runpy.run_path(str(path))["example"]
    assert isinstance(example, Finding)
    ours = next(finding for finding in claims.FINDINGS if finding.name == example.name)
    sentence = "relu-mlp: RMSE inside is at most 5 % of sd(y), every seed"
    assert example.statements[0].sentence == sentence
    assert f'"{sentence}"' in " ".join(section.split())
    assert set(example.cells) == set(ours.cells)
    assert [s.sentence for s in example.statements] == [s.sentence for s in ours.statements]
