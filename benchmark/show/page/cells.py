"""What the page holds of a cell, as texts of fixed places: its figures, its seeds, its curves, and how it was made.

`web/cells.js` reads the same places. Words stand once, in a list, and their numbers in their places.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

import numpy as np

from benchmark.board.curves import Band, distance_band, slice_band
from benchmark.board.scores import LOWEST_SCORE, horizons
from benchmark.board.solving import ERRORS, REGIONS
from benchmark.show.cells import SIGN_WORDS
from benchmark.show.page.coding import banded, brief, number, places, short, whole
from benchmark.store.record import SIGNS, Record, SeedOutcome, Status, TaskCard
from benchmark.words import visible

Row = Mapping[str, Any]
STATUSES: tuple[Status, ...] = get_args(Status)
SPREADS = ("", "range", "interval")
# A longer text of a model is cut here; the record has all of it.
LONGEST = 240
# Scores are shown to two decimals.
SCORE_STEPS = 800


class Words:
    """Words that stand once, and their numbers of so many digits in their place."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._numbers: dict[str, int] = {"": 0}

    def number(self, word: str) -> str:
        """Return the number of a word."""
        return whole(self._numbers.setdefault(word, len(self._numbers)), self._width)

    def numbers(self, words: Iterable[str]) -> str:
        """Return the numbers of some words, one after the other."""
        return "".join(map(self.number, words))

    def __iter__(self) -> Iterator[str]:
        yield from self._numbers


def cut(text: str) -> str:
    """Return a text as the page can hold it: what is too long ends in three dots."""
    text = visible(text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def figures(row: Row, contender: int, ladder: Sequence[float], verdicts: Words) -> str:
    """Return the figures of a cell or reference, each at its place."""
    columns = [column.removesuffix("_rmse") for column in ERRORS.values()]
    flags = 2 * SPREADS.index(row["spread"]) + bool(row["other_machine"])
    return "".join(
        (
            whole(contender, 2),
            verdicts.numbers((row["verdict_text"], row["behaviour"], row["failure"])),
            *(whole(min(int(row[name]), 64**2 - 1), 2) for name in ("inside_seeds", "outside_seeds", "n_counted")),
            *(number(row[f"{column}_rmse"]) for column in columns),
            *(brief(row[f"{column}_{end}"]) for column in columns for end in ("low", "high")),
            *(_score(row[f"{region}_score"]) for region in REGIONS),
            whole(0 if np.isnan(row["horizon"]) else 1 + _edge(ladder, row["horizon"]), 1),
            *(brief(row[name]) for name in ("fit_seconds", "predict_seconds")),
            whole(flags, 1),
        )
    )


def _score(value: float) -> str:
    return whole(0 if np.isnan(value) else 1 + round(SCORE_STEPS * (value - LOWEST_SCORE)), 2)


def _edge(ladder: Sequence[float], horizon: float) -> int:
    """Return the edge of a ladder that a horizon is, counted from 1; 0 is none."""
    return int(np.searchsorted(ladder, horizon, side="right"))


def seeds_text(card: TaskCard, seeds: Sequence[SeedOutcome], solved: float, words: Words) -> str:
    """Return a part for each seed: its status, errors inside and outside, how far it holds; of a failed one the reason.

    An error of at most `solved` times the sd of y is solved. Their numbers stand in front, and only where they are not
    0, 1, 2 and so on: each with two digits, then ".".
    """
    numbers = [outcome.seed for outcome in seeds]
    named = "" if numbers == [*range(len(seeds))] else "".join(whole(min(n, 64**2 - 1), 2) for n in numbers) + "."
    return named + "".join(
        whole(STATUSES.index(outcome.status), 1)
        + brief(_or_nan(outcome.interpolation_rmse))
        + brief(_or_nan(outcome.extrapolation_rmse))
        + whole(_edge(card.ladder, held), 1)
        + ("" if outcome.status == "ok" else words.number(cut(outcome.reason)))
        for outcome, held in zip(seeds, horizons(card, seeds, solved).tolist(), strict=True)
    )


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


def distance_text(card: TaskCard, record: Record) -> str:
    """Return the median RMSE / sd inside and in each shell, then the ends of its band; "" where there is none."""
    band = distance_band(card, record)
    return "".join(short(value) for part in vars(band).values() for value in part.tolist()) if band else ""


def curve_text(band: Band | None, n: int, window: tuple[float, float]) -> str:
    """Return a cell's predictions along its task's slice of n positions, "" where there are none."""
    return banded(band, places(n), window) if band else ""


def curve_bands(card: TaskCard, records: Iterable[Record]) -> list[Band | None]:
    """Return the predictions of cells along the slice of their task."""
    return [slice_band(card, record) for record in records]


def _settings(record: Record) -> Iterator[str]:
    """Yield the settings of the good seeds, "name\tvalue"; where seeds differ, all their values."""
    for name in dict.fromkeys(name for outcome in record.seeds for name in outcome.settings):
        values = dict.fromkeys(str(o.settings[name]) for o in record.seeds if name in o.settings)
        yield cut(f"{name}\t{', '.join(values)}")


def _offered(outcome: SeedOutcome) -> Iterator[tuple[str, str]]:
    """Yield the name and the words of each thing that a model offered besides predictions."""
    offer = outcome.offer
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


def _signs(outcome: SeedOutcome) -> Iterator[tuple[str, str]]:
    """Yield what each sign leaves unwarned of the wrong rows."""
    for sign in SIGNS:
        if (share := outcome.signs.get(f"{sign} missed")) is not None:
            yield f"wrong rows unwarned by {SIGN_WORDS[sign]}", f"{share:.2g}"


def _together(said: Sequence[str]) -> str:
    """Return what the seeds noted under one name: of numbers the median, to two digits; of words each once."""
    try:
        values = sorted(float(each) for each in said)
    except ValueError:
        return "; ".join(dict.fromkeys(map(cut, said)))
    return said[0] if len({*said}) == 1 else f"about {values[(len(values) - 1) // 2]:.2g}"


def _notes(record: Record) -> Iterator[str]:
    """Yield what was noted, "name\tvalue", each name once."""
    notes: dict[str, list[str]] = {}
    for outcome in record.seeds:
        for name, said in (*outcome.notes.items(), *_offered(outcome), *_signs(outcome)):
            notes.setdefault(name, []).append(said)
    for name, every in notes.items():
        yield cut(f"{name}\t{_together(every)}")


def _made(record: Record, quantities: Sequence[str], row: Row) -> Iterator[str]:
    here = record.environment
    yield f"machine\t{cut(here.machine)}"
    yield f"commit\t{here.commit or ''}"
    yield f"versions\ttask {record.task_version}, model {record.model_version}"
    yield "packages\t" + cut(", ".join(f"{name} {version}" for name, version in sorted(here.versions.items())))
    for name in quantities:
        if not np.isnan(row[name]):
            yield cut(f"{name}\t{json.dumps(float(f'{row[name]:.3e}')) if np.isfinite(row[name]) else row['failure']}")


@dataclass
class Facts:
    """Settings, notes and origins of the cells of each model; what most of them share stands once, with the model."""

    _known: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def add(self, record: Record, row: Row, quantities: Sequence[str]) -> None:
        """Keep what is known of a cell."""
        said = (
            *(f"s{each}" for each in _settings(record)),
            *(f"n{each}" for each in _notes(record)),
            *(f"m{each}" for each in _made(record, quantities, row)),
        )
        self._known.setdefault(record.model, {})[record.task] = said

    def shared(self, words: Words) -> dict[str, str]:
        """Return for each model what more than half of its cells have, as the numbers of the words."""
        return {model: words.numbers(self._shared(model)) for model in self._known}

    def _shared(self, model: str) -> list[str]:
        cells = self._known[model]
        counts = Counter(each for said in cells.values() for each in said)
        return [each for each, n in counts.items() if 2 * n > len(cells)]

    def own(self, model: str, words: Words) -> dict[str, str]:
        """Return for each task of a model what its cell has besides, then "." and what of the shared it lacks."""
        shared = self._shared(model)
        found = {}
        for task, said in self._known[model].items():
            mine = {*said}
            more = words.numbers(each for each in said if each not in {*shared})
            less = words.numbers(each for each in shared if each not in mine)
            found[task] = f"{more}.{less}" if less else more
        return found

    @property
    def models(self) -> list[str]:
        """The models of which something is known."""
        return [*self._known]
