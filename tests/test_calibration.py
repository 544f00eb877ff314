"""Published figures beside ours: what is compared, how it is judged, and what the page says of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmark.catalogue.registry import Catalogue
from benchmark.environment import RESULTS
from benchmark.show.calibration import compare_all, render_calibration
from benchmark.show.page.calibration import calibration_data
from benchmark.store import archive
from benchmark.store.record import CellId, Offer, Record, SeedOutcome
from calibration.comparison import Comparison, Experiment, Printed, Study, cells_of, printed_share
from calibration.comparisons import COMPARISONS, seeds_needed
from calibration.figures import chosen
from findings.evidence import Evidence, evidence_of
from findings.figures import Limit, inside, outside, parts
from findings.sources import Source
from findings.statements import Share
from tests.synthetic import a_card, a_failure, a_record, a_seed, keyed

BY_NAME = {comparison.name: comparison for comparison in COMPARISONS}
STUDY = Study(
    name="a study",
    source=Source("a paper", "https://example.org/p"),
    place="table 1",
    protocol="As it was done.",
    differs="As it is done here.",
)
NET = inside("square", "net")
VALUE = Comparison(
    name="a-value",
    what="RMSE of net",
    study=STUDY,
    published=Printed(value=0.5, low=0.4, high=0.6, spread="range", runs=10),
    ours=NET,
    band=Limit(0.4, 0.6),
    why_band="It is so.",
    reason="It was trained for less.",
    experiments=(Experiment("more steps", inside("square", "other")),),
)
RATE = replace(
    VALUE, name="a-rate", published=printed_share(9, 10), ours=Share(NET, Limit(high=0.5)), band=Limit(0.8, 1)
)


def records(*errors: float, others: tuple[float, ...] = ()) -> dict[tuple[str, str], Record]:
    made = [a_record("square", "net", [a_seed(i, error, 1.0) for i, error in enumerate(errors)])]
    if others:
        made.append(a_record("square", "other", [a_seed(i, error, 1.0) for i, error in enumerate(others)]))
    return keyed(made)


def evidence(*errors: float) -> Evidence:
    return evidence_of({"square": a_card()}, records(*errors))


@pytest.mark.parametrize(
    ("errors", "verdict"),
    [
        ((0.5,) * 10, "reproduced"),
        ((0.6,) * 10, "reproduced"),
        ((0.61,) * 10, "not reproduced"),
        ((0.3,) * 10, "not reproduced"),
        ((0.5,) * 6 + (0.7,) * 4, "undecided"),
        ((0.5,) * 4 + (0.7,) * 6, "undecided"),
    ],
)
def test_a_figure_is_reproduced_where_its_median_lies_in_the_band(errors: tuple[float, ...], verdict: str) -> None:
    assert VALUE.judge(evidence(*errors)).verdict == verdict


@pytest.mark.parametrize(
    ("good", "of", "verdict"),
    [
        (10, 10, "reproduced"),
        (8, 10, "reproduced"),
        (7, 10, "undecided"),
        (4, 10, "not reproduced"),
        (60, 100, "not reproduced"),
    ],
)
def test_a_rate_is_reproduced_where_it_lies_in_the_band_and_not_where_its_interval_does_not(
    good: int, of: int, verdict: str
) -> None:
    assert RATE.judge(evidence(*(0.1,) * good, *(0.9,) * (of - good))).verdict == verdict


def test_without_a_record_or_with_a_failed_seed_there_is_no_evidence() -> None:
    cards = {"square": a_card()}
    failed = keyed([a_record("square", "net", [a_seed(0, 0.5, 1.0), a_failure(1)])])
    for kept in ({}, failed):
        judged = VALUE.judge(evidence_of(cards, kept))
        assert (judged.verdict, judged.ours) == ("no evidence", None)
    assert replace(VALUE, comparable=False).judge(evidence_of(cards, {})).verdict == "no evidence"


def test_a_seed_that_diverged_is_no_success_where_the_source_counts_it_so() -> None:
    seeds = [*(a_seed(i, 0.1, 1.0) for i in range(9)), a_failure(9, "diverged", "NaN")]
    kept = evidence_of({"square": a_card()}, keyed([a_record("square", "net", seeds)]))
    assert RATE.judge(kept).verdict == "no evidence"
    judged = replace(RATE, divergence=True).judge(kept)
    assert judged.ours is not None
    assert (judged.verdict, judged.ours.found) == ("reproduced", (9, 10))
    broken = keyed([a_record("square", "net", [*seeds[:9], a_failure(9, "failed", "no")])])
    assert replace(RATE, divergence=True).judge(evidence_of({"square": a_card()}, broken)).verdict == "no evidence"
    with pytest.raises(ValueError, match="a seed that diverged has no place in a median; leave divergence out"):
        replace(VALUE, divergence=True)


def test_what_is_not_comparable_shows_both_figures_and_says_why() -> None:
    each = replace(VALUE, comparable=False)
    judged = each.judge(evidence(*(0.5,) * 10))
    assert judged.verdict == "not comparable"
    assert judged.ours is not None
    assert judged.ours.value == 0.5
    with pytest.raises(ValueError, match="comparison 'a-value': what is not comparable needs a reason"):
        replace(each, reason="")


def test_a_band_holds_the_published_figure() -> None:
    with pytest.raises(
        ValueError, match=r"the published 0\.5 must lie in the band from 0\.6 to 0\.7; take a band around"
    ):
        replace(VALUE, band=Limit(0.6, 0.7))


@pytest.mark.parametrize("odd", [{"low": 0.1}, {"low": 0.1, "high": 0.9}, {"spread": "range"}])
def test_a_spread_has_two_ends_and_a_name(odd: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a spread has two ends and a name"):
        Printed(value=0.5, **odd)


def test_a_published_rate_has_the_interval_that_its_table_prints() -> None:
    # From the table of Madsen and Johansen: 93 of 100 is printed as +4 %, -7 %; 0 of 100 as +4 %.
    rate = printed_share(93, 100)
    assert (rate.value, rate.low, rate.high) == pytest.approx((0.93, 0.862504852609265, 0.9656807389327274))
    assert printed_share(0, 100).high == pytest.approx(0.03699349820698566)


def rendered(every: tuple[Comparison, ...], kept: Mapping[tuple[str, str], Record]) -> str:
    return render_calibration(compare_all({"square": a_card()}, kept, every)).get("calibration.md", "")


def test_the_page_shows_figure_band_verdict_reason_and_experiments() -> None:
    text = rendered((VALUE, RATE), records(*(0.7,) * 10, others=(0.5,) * 10))
    assert "Of 2 figures: 2 not reproduced." in text
    assert "[a paper](https://example.org/p), table 1" in text
    assert "*Protocol*: As it was done." in text
    lines = [" ".join(line.split()) for line in text.splitlines()]
    no = "**not reproduced**"
    assert f"| [RMSE of net](#a-value) | 0.5 [0.4, 0.6] | 0.7 [0.7, 0.7] | 0.4 to 0.6 | {no} |" in lines
    first = '<a id="a-value"></a>RMSE of net'
    assert f"| {first} | 0.5 [0.4, 0.6] | 10 runs, range | 0.7 [0.7, 0.7] | 10 | 0.4 to 0.6 | {no} |" in lines
    assert f"| [RMSE of net](#a-rate) | 90 % [60 %, 98 %] | 0 % [0 %, 28 %] | 80 % to 100 % | {no} |" in lines
    assert "*RMSE of net*: It was trained for less." in text
    assert "| more steps | 0.5 [0.5, 0.5] | yes |" in lines
    assert "python -m nox -s bench -- --tag calibration\n" in text
    assert "--no-timing --task square --model net --model other --seeds 10\n" in text


def test_what_is_reproduced_needs_no_reason_and_what_was_not_run_says_so() -> None:
    text = rendered((VALUE,), records(*(0.5,) * 10))
    assert "Of 1 figure: 1 reproduced." in text
    assert "trained for less" not in text
    assert "| more steps | no evidence |" in " ".join(text.split())


def test_an_undecided_figure_says_how_many_resamples_turn_it() -> None:
    assert "*undecided*: " in rendered((VALUE,), records(*(0.5,) * 6, *(0.7,) * 4))


def test_nothing_is_rendered_where_nothing_was_measured() -> None:
    assert rendered((VALUE,), {}) == ""
    assert calibration_data(compare_all({}, {}))["studies"] == []


def test_the_page_of_all_holds_what_the_markdown_says() -> None:
    said = calibration_data(compare_all({"square": a_card()}, records(*(0.7,) * 10), (VALUE,)))
    (study,) = said["studies"]
    (figure,) = study["figures"]
    assert (figure["published"], figure["ours"], figure["band"]) == ("0.5 [0.4, 0.6]", "0.7 [0.7, 0.7]", "0.4 to 0.6")
    assert figure["verdict"] == "not reproduced"
    assert figure["experiments"] == [("more steps", "no evidence", "not run")]


def test_names_are_unique_and_each_comparison_has_what_a_reader_needs() -> None:
    assert len(BY_NAME) == len(COMPARISONS)
    for each in COMPARISONS:
        assert each.what
        assert each.why_band.endswith(".")
        assert each.study.source.url.startswith("https://")
        assert all((each.study.place, each.study.protocol, each.study.differs))
        # A band with one end would take anything on its other side.
        assert np.isfinite([each.band.low, each.band.high]).all()


def test_what_the_comparisons_need_is_registered(catalogue: Catalogue) -> None:
    for task, model in seeds_needed():
        assert task in catalogue.tasks
        assert model in catalogue.models


class Anything(dict[str, float]):
    """Quantities that hold one value under every name."""

    def __init__(self, value: float) -> None:
        super().__init__()
        self._value = value

    def get(self, name: str, default: Any = None) -> Any:
        return self._value


def all_at(value: float, seed: int) -> SeedOutcome:
    """Return a seed of which every figure has a value, and whose formula is the true one where that is 1 or more."""
    offer = Offer(recovery="exact" if value >= 1 else "approximation")
    errors = dict.fromkeys(("training_rmse", "interpolation_rmse", "extrapolation_rmse"), value)
    return a_seed(seed, 1.0, 1.0).model_copy(update={**errors, "quantities": Anything(value), "offer": offer})


def found_at(comparison: Comparison, values: tuple[float, ...]) -> str:
    """Return the verdict where the seeds of a comparison have these values in all that is read."""
    cards = {cell.task: a_card(cell.task) for cell in comparison.cells}
    made: dict[CellId, Record] = {}
    for cell in comparison.cells:
        seeds = [all_at(value, i) for i, value in enumerate(values)]
        made[cell] = a_record(*cell, seeds=[a_seed(0, 1.0, 1.0)]).model_copy(update={"seeds": tuple(seeds)})
    return comparison.judge(Evidence(cards, made), redraws=40).verdict


MIDDLES = [(each.band.low + each.band.high) / 2 for each in COMPARISONS]
GRID = np.concatenate([[0.0], np.geomspace(1e-15, 1e12, 20_000), np.linspace(0, 1, 10_001), MIDDLES])


def good_and_bad(comparison: Comparison) -> tuple[float, float]:
    """Return a recorded value that the comparison counts as published, or as a success, and one that it does not."""
    ours, band = comparison.ours, comparison.band
    figure, limit = (ours.figure, ours.limit) if isinstance(ours, Share) else (ours, band)
    (cell, *_) = parts(figure, CellId)
    good = limit.holds(figure.unit.of(GRID, a_card(cell.task)))
    return float(GRID[good][good.sum() // 2]), float(GRID[~good][-1])


@pytest.mark.parametrize("name", BY_NAME)
def test_every_verdict_turns_when_the_records_are_changed(name: str) -> None:
    comparison = BY_NAME[name]
    assert comparison.judge(Evidence({}, {})).verdict == "no evidence"
    good, bad = good_and_bad(comparison)
    found = {found_at(comparison, (good,) * k + (bad,) * (40 - k)) for k in range(41)}
    if comparison.comparable:
        assert found == {"reproduced", "not reproduced", "undecided"}
    else:
        assert found == {"not comparable"}


def test_what_is_published_as_not_reproduced_has_a_reason_and_an_experiment() -> None:
    kept = archive.read(RESULTS)
    every = compare_all(kept.cards, kept.records | kept.detailed)
    unexplained = [
        each.comparison.name
        for each in every
        if each.judgement.verdict == "not reproduced" and not (each.reason and each.experiments)
    ]
    assert unexplained == []


def test_a_figure_of_the_seed_that_another_one_chooses() -> None:
    inside_errors, outside_errors = (3.0, 1.0, 2.0), (30.0, 10.0, 20.0)
    seeds = [a_seed(i, *each) for i, each in enumerate(zip(inside_errors, outside_errors, strict=True))]
    evidence = evidence_of({"square": a_card()}, keyed([a_record("square", "net", seeds)]))
    figure = chosen(outside("square", "net"), by=inside("square", "net"))
    assert figure.of(evidence).values.tolist() == [10.0]
    assert {float(figure.of(evidence.redrawn(number)).median) for number in range(40)} == {10.0, 20.0, 30.0}
    assert cells_of(figure) == (CellId("square", "net"),)
    assert figure.what == "RMSE outside of the seed with the least RMSE inside"
