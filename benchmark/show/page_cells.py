"""What the page holds of a cell: all there is of some, and of many the figures alone, packed."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from benchmark.board.curves import Band, distance_band
from benchmark.show.digits import significant
from benchmark.store.record import Offer, Record, TaskCard
from benchmark.words import visible

# A figure as JSON can hold it: null where there is none, a word where it is that of a failed seed.
Shown = float | str | None


def number(value: float, failure: str = "") -> Shown:
    """Return a figure as the page holds it, to six significant digits."""
    return None if math.isnan(value) else failure if math.isinf(value) else significant(float(value))


def shortened(values: Sequence[float] | np.ndarray, digits: int = 5) -> list[float]:
    """Return numbers for a picture, to so many significant digits."""
    return [significant(float(value), digits) for value in values]


def _error(value: float | None) -> float | None:
    return None if value is None else significant(value)


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {visible(name): significant(value) for name, value in values.items()}


def _drawn(band: Band | None) -> dict[str, list[float]] | None:
    # As many digits as the board shows: of all there is on the page these are most.
    return None if band is None else {name: shortened(values, 4) for name, values in vars(band).items()}


def common(row: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, Any]:
    """Return the figures of a cell, or of a reference."""

    def figures(region: str) -> list[Shown] | None:
        values = [number(row[f"{region}_{name}"], row["failure"]) for name in ("rmse", "low", "high")]
        return None if values[0] is None else values

    return {
        "task": row["task"],
        "model": row["model"],
        "kind": row["kind"],
        "inside": figures("interpolation"),
        "outside": figures("extrapolation"),
        "verdict": row["verdict_text"],
        "solved": [row["inside_seeds"], row["outside_seeds"], row["n_counted"]] if row["n_counted"] else None,
        "behaviour": row["behaviour"],
        "spread": row["spread"],
        "failure": row["failure"],
        "scores": [number(row["inside_score"]), number(row["outside_score"])],
        "horizon": number(row["horizon"]),
        "fit": number(row["fit_seconds"]),
        "predict": number(row["predict_seconds"]),
        "elsewhere": bool(row["other_machine"]),
        "quantities": {
            visible(name): number(row[name], row["failure"]) for name in quantities if not math.isnan(row[name])
        },
    }


def _settings(record: Record) -> dict[str, Any]:
    """Return the settings of the good seeds; where seeds differ, all their values."""
    names = {name: None for outcome in record.seeds for name in outcome.settings}
    values = {
        name: list(dict.fromkeys(str(o.settings[name]) for o in record.seeds if name in o.settings)) for name in names
    }
    return {visible(name): visible(", ".join(each)) for name, each in values.items()}


def _offered(offer: Offer | None) -> Iterator[tuple[str, str]]:
    """Yield the name and the words of each thing that a model offered besides predictions."""
    if offer is None:
        return
    if offer.recovery is not None:
        yield "formula found", f"{offer.shown} ({offer.recovery})"
    if offer.n_parameters is not None:
        yield "parameters", f"{offer.n_parameters:,}"
    if offer.coverage is not None:
        inside, outside = offer.coverage
        yield "95 % intervals cover", f"{100 * inside:.0f} % inside, {100 * outside:.0f} % outside"
    if offer.remark:
        yield "what it offers besides", offer.remark


def whole_cell(row: dict[str, Any], card: TaskCard, record: Record, *, curve: Band | None) -> dict[str, Any]:
    """Return all that is kept of a cell, given what `common` makes of it."""
    notes: dict[str, list[str]] = {}
    for outcome in record.seeds:
        for name, words in outcome.notes.items():
            notes.setdefault(name, []).append(words)
        for name, words in _offered(outcome.offer):
            notes.setdefault(name, []).append(words)
    return row | {
        "title": visible(record.model_title),
        "source": visible(record.model_source),
        "origin": visible(record.model_origin),
        "curve": _drawn(curve),
        "distance": _drawn(distance_band(card, record)),
        "settings": _settings(record),
        "notes": {visible(name): visible(", ".join(dict.fromkeys(words))) for name, words in notes.items()},
        "machine": visible(record.environment.machine),
        "commit": record.environment.commit,
        "versions": [record.task_version, record.model_version],
        "packages": record.environment.versions,
        "seeds": [
            {
                "seed": outcome.seed,
                "status": outcome.status,
                "reason": visible(outcome.reason),
                "inside": _error(outcome.interpolation_rmse),
                "outside": _error(outcome.extrapolation_rmse),
                "shells": [significant(error) for error in outcome.shell_rmse],
                "quantities": _rounded(outcome.quantities),
            }
            for outcome in record.seeds
        ],
    }


# A line along the slice in thousandths of the window's height, far less than a screen can show.
STEPS = 1000
# Every second position is drawn of it.
STRIDE = 2
# Beyond so many heights of the window a line is cut off.
BEYOND = 9


def thin_curve(median: Sequence[float] | np.ndarray, window: tuple[float, float]) -> list[int]:
    """Return a line as whole numbers, 0 at the bottom of the window and `STEPS` at its top."""
    low, high = window
    inside = np.clip(np.asarray(median)[::STRIDE], low - BEYOND * (high - low), high + BEYOND * (high - low))
    found: list[int] = np.round(STEPS * (inside - low) / (high - low)).astype(int).tolist()
    return found


class Words:
    """Words that stand once, and their numbers in their place."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, word: str) -> int:
        """Return the number of a word."""
        return self._numbers.setdefault(word, len(self._numbers))

    def __iter__(self) -> Iterator[str]:
        yield from self._numbers


def _few(value: float, digits: int) -> float | None:
    return None if not math.isfinite(value) else significant(float(value), digits)


def packed(row: Mapping[str, Any], contender: int, words: Words) -> list[Any]:
    """Return the figures of a cell as the page reads them in `words.js`, with no more digits than it shows."""

    def error(region: str) -> float | int | None:
        value = row[f"{region}_rmse"]
        # The number of a word is negative, which no error is.
        return -1 - words.number(row["failure"]) if math.isinf(value) else _few(value, 4)

    def score(region: str) -> float | None:
        value = row[f"{region}_score"]
        return None if math.isnan(value) else round(value, 2) + 0.0

    return [
        contender,
        error("interpolation"),
        error("extrapolation"),
        *([row["inside_seeds"], row["outside_seeds"], row["n_counted"]]),
        words.number(row["verdict_text"]),
        words.number(row["behaviour"]),
        _few(row["horizon"], 4),
        *(score("inside"), score("outside")),
        *(_few(row["fit_seconds"], 2), _few(row["predict_seconds"], 2)),
        int(row["other_machine"]),
    ]
