"""Renders the calibration page: every published figure with ours, the band, the verdict, and what explains it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import get_args

from benchmark.show.commands import commands
from benchmark.show.markdown import table
from benchmark.store.record import CALIBRATION, Record, TaskCard
from benchmark.words import code, counted, escaped, percent
from calibration.comparison import Comparison, Judgement, Measurement, Study, Verdict
from calibration.comparisons import COMPARISONS
from findings.draws import MOST_TURNED, REDRAWS
from findings.evidence import Evidence, Key, evidence_of
from findings.needs import most_seeds

PAGE = "calibration.md"
COMMAND = f"python -m nox -s bench -- --tag {CALIBRATION}"
_INTRODUCTION = f"""\
# Calibration

Figures that others have published, measured here, side by side. A benchmark is believed when it gives known results
where results are known. The published figure stands beside ours, the median over seeds with its 95 % interval, and the
band in which both count as equal. The bands were written down before the run that is shown, from the spreads of both
and from what differs in the protocol. Of many figures trial runs of some seeds had been seen by then; no band was
widened afterwards. The verdict is computed from the records beside this page:

- `reproduced`: our median lies in the band;
- `not reproduced`: it lies outside; an experiment that changes the one thing suspected stands below it;
- `undecided`: more than {percent(MOST_TURNED)} of {REDRAWS} fixed bootstrap resamples of the seeds would turn it;
- `not comparable`: the protocol cannot be met here; both figures stand there all the same, with the reason;
- `no evidence`: a record is missing or has a failed seed.

A rate, *k* of *n* runs, is `reproduced` where our share lies in the band and `not reproduced` where its 95 % Wilson
interval lies outside; where only the interval reaches into the band it is `undecided`. *Exact* is what the law of the
task gives by itself, where that is known in closed form. All cells of the page, each with as many seeds as it needs, in
under an hour on two cores where none is known yet:

```sh
{COMMAND}
```
"""


@dataclass(frozen=True)
class Compared:
    """A comparison with what the records say of it."""

    comparison: Comparison
    judgement: Judgement

    @property
    def verdict(self) -> str:
        """What became of it, in Markdown, with the resamples that turn it."""
        turned, verdict = self.judgement.turned, self.judgement.verdict
        if verdict == "undecided" and turned:
            return f"*undecided*: {percent(turned)} of resamples turn it"
        return {"not reproduced": "**not reproduced**", "undecided": "*undecided*"}.get(verdict, verdict)

    @property
    def reason(self) -> str:
        """Why it is not as published, "" where it is, or where nothing is known."""
        told = self.judgement.verdict not in ("reproduced", "no evidence")
        return self.comparison.reason if told else ""

    @property
    def published(self) -> str:
        """The published figure in words, with its spread."""
        printed, show = self.comparison.published, self.comparison.show
        spread = f" [{show(printed.low)}, {show(printed.high)}]" if printed.spread else ""
        return f"{show(printed.value)}{spread}"

    @property
    def published_how(self) -> str:
        """What the published figure is over: its runs, and what its spread is."""
        printed = self.comparison.published
        words = [counted(printed.runs, "run")] if printed.runs else []
        return ", ".join([*words, *filter(None, [printed.spread])])

    @property
    def exact(self) -> str:
        """What the law gives, "" where that is not known."""
        exact = self.comparison.exact
        return "" if exact is None else self.comparison.show(exact)

    @property
    def band(self) -> str:
        """The band in words."""
        return self.comparison.band.says(self.comparison.show).removeprefix("between ").replace(" and ", " to ")

    @property
    def ours(self) -> str:
        """Our figure with its interval."""
        return self.said(self.judgement.ours)

    @property
    def seeds(self) -> str:
        """How many seeds ours is over."""
        return f"{self.judgement.ours.n_seeds:,}" if self.judgement.ours else ""

    @property
    def experiments(self) -> list[tuple[str, str, str]]:
        """What each experiment changed, its figure, and whether that lies in the band."""
        pairs = zip(self.comparison.experiments, self.judgement.experiments, strict=True)
        return [
            (each.changed, self.said(found), ("yes" if self._within(found) else "no") if found else "not run")
            for each, found in pairs
        ]

    def said(self, found: Measurement | None) -> str:
        """Return a measurement with its interval, "no evidence" where there is none."""
        if found is None:
            return "no evidence"
        low, high = map(self.comparison.show, found.interval)
        return f"{self.comparison.show(found.value)} [{low}, {high}]"

    def _within(self, found: Measurement) -> bool:
        return self.comparison.band.low <= found.value <= self.comparison.band.high


def compare_all(
    cards: Mapping[str, TaskCard], records: Mapping[Key, Record], comparisons: Iterable[Comparison] = COMPARISONS
) -> list[Compared]:
    """Return every comparison with what the records say of it."""
    evidence: Evidence = evidence_of(cards, records)
    return [Compared(each, each.judge(evidence)) for each in comparisons]


def counts(every: Iterable[Compared]) -> str:
    """Return how many figures have each verdict, in words."""
    found = Counter(each.judgement.verdict for each in every)
    return ", ".join(f"{found[verdict]} {verdict}" for verdict in get_args(Verdict) if found[verdict])


def commands_of(every: Iterable[Compared]) -> Iterator[str]:
    """Return commands that run the cells of some comparisons, with as many seeds as each needs."""
    return commands(most_seeds(each.comparison for each in every))


def by_study(every: Iterable[Compared]) -> list[tuple[Study, list[Compared]]]:
    """Return the comparisons of each study, in the order of the page."""
    return [(study, list(some)) for study, some in groupby(every, key=lambda each: each.comparison.study)]


def _overview(every: Sequence[Compared]) -> str:
    rows = [
        [f"[{escaped(c.what)}](#{c.name})", each.published, each.ours, each.band, each.verdict]
        for each in every
        for c in (each.comparison,)
    ]
    return table(rows, ("figure", "published", "ours", "band", "verdict"))


def _figures(some: Sequence[Compared]) -> str:
    rows = [
        [
            f'<a id="{each.comparison.name}"></a>{escaped(each.comparison.what)}',
            *(each.published, escaped(each.published_how), each.exact, each.ours, each.seeds, each.band, each.verdict),
        ]
        for each in some
    ]
    headers = ("figure", "published", "over", "exact", "ours", "seeds", "band", "verdict")
    # A column of which nothing is known says nothing.
    kept = [i for i in range(len(headers)) if any(row[i] for row in rows)]
    return table([[row[i] for i in kept] for row in rows], [headers[i] for i in kept])


def _experiments(each: Compared) -> Iterator[str]:
    what = escaped(each.comparison.what)
    if each.reason:
        yield f"*{what}*: {each.reason}"
    if each.experiments:
        yield "" if each.reason else f"*{what}*, with one thing changed:"
        rows = [[escaped(changed), ours, within] for changed, ours, within in each.experiments]
        yield table(rows, ("changed", "ours", "in the band"))


def _section(study: Study, some: Sequence[Compared]) -> Iterator[str]:
    yield f"## {study.name[:1].upper()}{study.name[1:]}"
    yield f"[{escaped(study.source.title)}]({study.source.url}), {study.place}"
    yield f"*Protocol*: {study.protocol}"
    yield f"*What differs here*: {study.differs}"
    yield _figures(some)
    bands: dict[str, list[str]] = {}
    for each in some:
        bands.setdefault(each.comparison.why_band, []).append(escaped(each.comparison.what))
    if len(bands) == 1:
        yield f"*Why these bands*: {next(iter(bands))}"
    else:
        yield "*Why these bands*:\n\n" + "\n".join(f"- {'; '.join(names)}: {why}" for why, names in bands.items())
    for each in some:
        yield from filter(None, _experiments(each))
    missing = {cell: None for each in some if each.judgement.ours is None for cell in each.comparison.cells}
    if missing:
        yield f"No evidence without all of {', '.join(code(f'{task} / {model}') for task, model in missing)}."
    yield "\n".join(["```sh", *commands_of(some), "```"])


def render_calibration(every: Sequence[Compared]) -> dict[str, str]:
    """Return the page by its path; nothing where no figure was measured."""
    if not any(each.judgement.ours for each in every):
        return {}
    sections = [part for study, some in by_study(every) for part in _section(study, some)]
    head = f"Of {counted(len(every), 'figure')}: {counts(every)}."
    parts = [_INTRODUCTION.rstrip(), "## All figures", head, _overview(every), *sections]
    return {PAGE: "\n\n".join(parts) + "\n"}
