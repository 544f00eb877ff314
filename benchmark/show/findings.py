"""Renders the findings page: every claim with its verdict, its evidence, its picture and its command."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import get_args

from benchmark.show.commands import commands
from benchmark.show.figures.findings import draw
from benchmark.show.markdown import table
from benchmark.store.record import FINDINGS as TAG
from benchmark.store.record import CellId, Record, TaskCard
from benchmark.words import code, escaped, percent, plain
from findings.checks import ENOUGH, NEARLY_ALL, Check
from findings.claims import FINDINGS, SUBJECTS
from findings.draws import MOST_TURNED, REDRAWS, settled
from findings.evidence import Evidence, Key, evidence_of
from findings.finding import Answer, Finding, Judgement, Symptom, Verdict
from findings.needs import SEEDS

PAGE = "findings.md"
# For the README: the answers that most readers do not expect.
SURPRISING = (
    "relu-added-same-result",
    "a-linear-stack-draws-a-line",
    "r-squared-hides-it",
    "a-mean-of-squares-can-be-learned",
    "given-k-lambda-is-easy",
)
_INTRODUCTION = f"""\
# Findings

Questions that the threads ask or raise, in which people wonder why their network cannot learn a simple function,
settled by experiment. Thresholds were written down before the experiment with ten seeds; a statement that was added
afterwards, and a way of measuring that was changed since, say so. Two columns stand beside each question: the *answer*
to it, and what became of the *claim*, which may be that the answer is no. Both are computed from the records beside
this page, and so is whether each statement of a claim holds:

- A statement of a figure over the seeds, the median where it names no other, is `undecided` where other seeds would
  turn it: where more than {percent(MOST_TURNED)} of {REDRAWS} fixed bootstrap resamples of the seeds, the same for all
  cells, decide otherwise.
- A statement of *every seed* says of how many it is true, with the Wilson interval (95 %) of that share. It holds where
  it is true of all, and of enough that the interval begins at {percent(ENOUGH)} or above; it does not where the
  interval ends below {percent(NEARLY_ALL)}; between it is `undecided`.
  Of ten seeds all must do it; one that does not leaves it undecided, two refute it.
- A statement of *most seeds*, or that compares two shares, is `undecided` where its threshold lies in the interval.
- A statement of a known law has the law's 95 % band as its threshold: what other draws would give is in it already.

A claim is `confirmed` where every statement holds, `refuted` where none does, and `depends` where some do and some do
not. It is `undecided` where something is undecided and the rest agrees: other seeds may confirm it, or refute it.
There is `no evidence` where a record is missing or has a failed seed. What words such as `follows` and `drifts` mean
stands in [leaderboard.md](leaderboard.md). The experiments that serve only this page stay off the main board. All cells
of the page, each with as many seeds as it needs, in under 40 minutes on two cores where none is known yet:

```sh
python -m nox -s bench -- --tag {TAG}
```

Networks named `asked-...` have a thread's layers, scaling, batches and learning rate, in PyTorch. Weights start as
Keras starts them by itself; Adam's epsilon is 1e-8, where Keras has 1e-7; an epoch leaves out a last batch that is not
full.
"""


@dataclass(frozen=True)
class Settled:
    """A finding with what the records say of it, or the cells that are missing."""

    finding: Finding
    judgement: Judgement | None
    missing: tuple[CellId, ...]

    @property
    def verdict(self) -> Verdict:
        """What became of the claim."""
        return self.judgement.verdict if self.judgement else "no evidence"

    @property
    def answer(self) -> Answer:
        """What that means to who asked."""
        if not self.judgement:
            n, every = len(self.missing), len(self.finding.cells)
            return Answer("not known here", f"{n} of its {every} cells are missing here or have a failed seed.")
        answer = self.finding.answers[self.verdict]
        return answer._replace(sentence=f"{answer.sentence} {self.judgement.detail}".rstrip())

    @property
    def claim(self) -> str:
        """What became of the claim, in words; with how many statements are undecided, where the verdict hides it."""
        n = sum(check.holds == "undecided" for check in self.judgement.checks) if self.judgement else 0
        return f"{self.verdict}, {n} undecided" if n and self.verdict == "depends" else self.verdict

    @property
    def picture(self) -> str:
        """Where its picture lies in the results folder."""
        return f"plots/finding-{self.finding.name}.svg"


def _settle(findings: Iterable[Finding], evidence: Evidence) -> list[Settled]:
    found = []
    for finding in findings:
        missing = finding.missing(evidence)
        found.append(Settled(finding, None if missing else settled(finding, evidence), missing))
    return found


def commands_of(finding: Finding) -> Iterator[str]:
    """Yield commands that run a finding's cells and no others, with as many seeds as each needs."""
    return commands({cell: finding.seeds_of(cell) for cell in finding.cells}, SEEDS)


def held(check: Check) -> str:
    """Return in Markdown whether a statement holds."""
    if check.holds == "undecided" and check.turned:
        return f"*undecided*: {percent(check.turned)} of resamples turn it"
    return {"yes": "yes", "no": "**no**", "undecided": "*undecided*"}[check.holds]


def _capital(words: str) -> str:
    """Return words as the beginning of a sentence; a name of ours keeps its letters."""
    return words[:1].upper() + words[1:]


def _evidence_tables(judgement: Judgement) -> Iterator[str]:
    yield table(
        [[escaped(check.statement), escaped(check.measured), held(check)] for check in judgement.checks],
        ("statement", "measured", "holds"),
        words=3,
    )
    yield table(
        [
            [
                escaped(row.what),
                plain(row.sample.median),
                f"{plain(row.sample.interval[0])} to {plain(row.sample.interval[1])}",
                f"{len(row.sample.values):,}",
            ]
            for row in judgement.rows
        ],
        ("evidence", "median", "95 % interval", "seeds"),
    )


def _section(number: int, each: Settled) -> Iterator[str]:
    finding, judgement = each.finding, each.judgement
    yield f'<a id="{finding.name}"></a>\n\n## {number}. {finding.question}'
    short, sentence = each.answer
    yield f"**{_capital(short)}.** {sentence}"
    source = f"[{escaped(finding.source.title)}]({finding.source.url})"
    yield f"*Claim* ({'raised by ' if finding.raised else ''}{source}), **{each.claim}**: {finding.claim}"
    if finding.note:
        yield f"*As it was run*: {finding.note}"
    if judgement is None:
        yield f"Missing: {', '.join(code(f'{task} / {model}') for task, model in each.missing)}."
    else:
        if finding.picture:
            alt = f"{finding.picture.title}. The numbers stand in the tables below."
            yield f"![{escaped(alt)}]({each.picture})"
        yield from _evidence_tables(judgement)
    if finding.see:
        yield f"See also {finding.see}."
    yield "\n".join(["```sh", *commands_of(finding), "```"])


def _overview(every: Sequence[tuple[int, Settled]]) -> str:
    rows = [
        [f"{number}. [{each.finding.question}](#{each.finding.name})", each.answer.short, each.claim]
        for number, each in every
    ]
    return table(rows, ("question", "answer", "claim"), words=3)


def _by_subject(every: Sequence[tuple[int, Settled]]) -> Iterator[str]:
    subjects = {finding.name: subject for subject, findings in SUBJECTS.items() for finding in findings}
    for subject, some in groupby(every, key=lambda each: subjects.get(each[1].finding.name, "")):
        yield from [f"**{_capital(subject)}**"] if subject else []
        yield _overview(list(some))


def _by_symptom(every: Sequence[tuple[int, Settled]]) -> Iterator[str]:
    rows = []
    for symptom in get_args(Symptom):
        links = [f"[{n}](#{each.finding.name})" for n, each in every if symptom in each.finding.symptoms]
        rows += [[symptom, ", ".join(links)]] if links else []
    if rows:
        yield "## By what you see"
        yield table(rows, ("what you see", "findings"), words=2)


def _page(every: Sequence[Settled]) -> str:
    numbered = list(enumerate(every, 1))
    overview = [*_by_symptom(numbered), "## All findings", *_by_subject(numbered)]
    sections = [part for number, each in numbered for part in _section(number, each)]
    return "\n\n".join([_INTRODUCTION.rstrip(), *overview, *sections]) + "\n"


def settle_all(
    cards: Mapping[str, TaskCard], records: Mapping[Key, Record], findings: Sequence[Finding] = FINDINGS
) -> tuple[list[Settled], Evidence]:
    """Return every finding with what the records say of it, and the evidence."""
    evidence = evidence_of(cards, records)
    return _settle(findings, evidence), evidence


def render_findings(every: Sequence[Settled], evidence: Evidence) -> dict[str, str]:
    """Return the page and its pictures by their paths; nothing where no finding has all of its cells."""
    if not any(each.judgement for each in every):
        return {}
    pictures = {
        each.picture: draw(each.finding.picture, evidence) for each in every if each.judgement and each.finding.picture
    }
    return {PAGE: _page(every), **pictures}


def _first_sentence(text: str) -> str:
    found = re.match(r".+?[.?!](?= |$)", text)
    return found[0] if found else text


def render_surprising(every: Sequence[Settled]) -> str:
    """Return the answers that most readers do not expect, a sentence each, with links from the README to the page."""
    named = {each.finding.name: each for each in every}
    return "\n".join(
        f"- [{each.finding.question}](results/{PAGE}#{each.finding.name}) "
        f"**{_capital(each.answer.short)}.** {_first_sentence(each.answer.sentence)}"
        for each in (named[name] for name in SURPRISING if name in named)
    )
