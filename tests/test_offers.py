"""What a row of the board says of the formulas, parameters and standard deviations of a cell's seeds."""

import pytest

from benchmark.board.offers import OFFERED, offers
from benchmark.store.record import Offer, Recovery, SeedOutcome


def seed(number: int, offer: Offer | None, status: str = "ok") -> SeedOutcome:
    errors = {"interpolation_rmse": 1.0, "extrapolation_rmse": 1.0} if status == "ok" else {"reason": "so"}
    return SeedOutcome.model_validate({"seed": number, "status": status, "offer": offer, **errors})


def found(shown: str, recovery: Recovery) -> Offer:
    return Offer(expression=shown, shown=shown, recovery=recovery)


def test_seeds_that_offer_nothing_say_nothing() -> None:
    assert offers([seed(0, None), seed(1, None, "failed")]) == {}


def test_the_formula_is_the_one_that_most_exact_seeds_found() -> None:
    seeds = [
        seed(0, found("x1*x1", "exact")),
        seed(1, found("x1**2", "exact")),
        seed(2, found("x1**2", "exact")),
        seed(3, found("3*x1", "approximation")),
        seed(4, found("3*x1", "approximation")),
        seed(5, None, "diverged"),
    ]
    assert offers(seeds) == {"n_exact": 3, "n_expressed": 5, "found": "x1**2"}


def test_without_an_exact_one_it_is_the_first() -> None:
    seeds = [seed(0, found("2*x1", "equivalent inside")), seed(1, found("3*x1", "approximation"))]
    assert offers(seeds) == {"n_exact": 0, "n_expressed": 2, "found": "2*x1"}


def test_what_could_not_be_read_is_no_formula() -> None:
    assert offers([seed(0, Offer(expression="?", remark="its expression cannot be read"))]) == {}


def test_parameters_and_coverage_are_medians() -> None:
    seeds = [
        seed(i, Offer(n_parameters=n, coverage=(c, c / 2), sd=(1, 1)))
        for i, (n, c) in enumerate([(3, 0.9), (5, 1.0), (9, 0.4)])
    ]
    row = offers(seeds)
    assert row == {"n_parameters": 5, "covered_inside": 0.9, "covered_outside": 0.45}
    assert row.keys() <= set(OFFERED)


def test_an_offer_keeps_what_can_be_kept() -> None:
    with pytest.raises(ValueError, match="at most 20000"):
        Offer(expression="x" * 20_001)
    with pytest.raises(ValueError, match="less than or equal to 1"):
        Offer(coverage=(1.1, 0.0))
