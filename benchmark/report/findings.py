"""Renders the findings page: every claim with its verdict, its evidence, its picture and its command."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmark.record import Record, TaskCard
from benchmark.report.claims import FINDINGS
from benchmark.report.claims.finding import Evidence, Finding, Judgement, Place, Verdict
from benchmark.report.findings_plots import draw
from benchmark.report.markdown import code, escaped, plain, table

PLACE = "findings.md"
# For the README: the answers that most readers do not expect.
SURPRISING = (
    "relu-added-same-result",
    "a-linear-stack-draws-a-line",
    "r-squared-hides-it",
    "a-mean-of-squares-can-be-learned",
    "given-k-lambda-is-easy",
)
_INTRODUCTION = """\
# Findings

Questions that the threads ask or raise, in which people wonder why their network cannot learn a simple function,
settled by experiment. Thresholds were written down before the experiment with ten seeds, and a statement that was
added afterwards says so. Verdicts are computed from the records in `records/`: `confirmed` where every statement of a
claim holds, `refuted` where none does, `depends` where some do, `no evidence` where a record is missing or has a failed
seed. What words such as `flat` and `follows` mean stands in [leaderboard.md](leaderboard.md). The experiments that
serve only this page stay off the main board. All of them:

```sh
python -m nox -s bench -- --tag findings
```

Networks named `asked-...` have a thread's layers, scaling, batches and learning rate, in PyTorch. Weights start as
Keras starts them by itself; Adam's epsilon is 1e-8, where Keras has 1e-7; an epoch leaves out a last batch that is not
full.
"""


@dataclass(frozen=True)
class _Settled:
    """A finding with what the records say of it, or the cells that are missing."""

    finding: Finding
    judgement: Judgement | None
    missing: tuple[Place, ...]

    @property
    def verdict(self) -> Verdict:
        return self.judgement.verdict if self.judgement else "no evidence"

    @property
    def answer(self) -> str:
        if not self.judgement:
            return f"{len(self.missing)} of its {len(self.finding.cells)} cells are missing here or have a failed seed."
        return f"{self.finding.answer[self.verdict]} {self.judgement.detail}"

    @property
    def picture(self) -> str:
        return f"plots/finding-{self.finding.name}.svg"


def _settled(findings: Iterable[Finding], evidence: Evidence) -> list[_Settled]:
    found = []
    for finding in findings:
        missing = finding.missing(evidence)
        found.append(_Settled(finding, None if missing else finding.judge(evidence), missing))
    return found


def _commands(cells: Sequence[Place]) -> Iterator[str]:
    """Yield commands that run these cells and no others, one for all models that have the same tasks."""
    tasks_of: dict[str, list[str]] = {}
    for task, model in cells:
        tasks_of.setdefault(model, []).append(task)
    models_of: dict[tuple[str, ...], list[str]] = {}
    for model, tasks in tasks_of.items():
        models_of.setdefault(tuple(tasks), []).append(model)
    for same, models in models_of.items():
        words = [*(f"--task {task}" for task in same), *(f"--model {model}" for model in models)]
        yield f"python -m nox -s bench -- --no-timing {' '.join(words)}"


def _evidence_tables(judgement: Judgement) -> Iterator[str]:
    yield table(
        [
            [escaped(check.statement), escaped(check.measured), "yes" if check.holds else "**no**"]
            for check in judgement.checks
        ],
        ("statement", "measured", "holds"),
    )
    yield table(
        [
            [
                escaped(row.what),
                plain(row.sample.median),
                f"{plain(row.sample.interval[0])} to {plain(row.sample.interval[1])}",
                str(len(row.sample.values)),
            ]
            for row in judgement.rows
        ],
        ("evidence", "median", "95 % interval", "seeds"),
    )


def _section(number: int, settled: _Settled) -> Iterator[str]:
    finding, judgement = settled.finding, settled.judgement
    yield f'<a id="{finding.name}"></a>\n\n## {number}. {finding.question}'
    yield f"**{settled.verdict.capitalize()}.** {settled.answer}"
    yield f"*Claim* ({escaped(finding.source)}): {finding.claim}"
    if judgement is None:
        yield f"Missing: {', '.join(code(f'{task} / {model}') for task, model in settled.missing)}."
    else:
        if judgement.picture:
            alt = f"{judgement.picture.title}. {settled.verdict}: the numbers stand in the tables below."
            yield f"![{escaped(alt)}]({settled.picture})"
        yield from _evidence_tables(judgement)
    if finding.see:
        yield f"See also {finding.see}."
    yield "\n".join(["```sh", *_commands(finding.cells), "```"])


def _page(every: Sequence[_Settled]) -> str:
    overview = table(
        [
            [f"{number}. [{settled.finding.question}](#{settled.finding.name})", settled.verdict]
            for number, settled in enumerate(every, 1)
        ],
        ("question", "verdict"),
    )
    sections = [part for number, settled in enumerate(every, 1) for part in _section(number, settled)]
    return "\n\n".join([_INTRODUCTION.rstrip(), overview, *sections]) + "\n"


def render_findings(
    cards: Mapping[str, TaskCard], records: Mapping[Place, Record], findings: Sequence[Finding] = FINDINGS
) -> dict[str, str]:
    """Return the page and its pictures by their places; nothing where no finding has all of its cells."""
    every = _settled(findings, Evidence(cards, records))
    if not any(settled.judgement for settled in every):
        return {}
    pictures = {
        settled.picture: draw(settled.judgement.picture)
        for settled in every
        if settled.judgement and settled.judgement.picture
    }
    return {PLACE: _page(every), **pictures}


def render_surprising(cards: Mapping[str, TaskCard], records: Mapping[Place, Record]) -> str:
    """Return the answers that most readers do not expect, as a list with links from the README to the page."""
    chosen = [finding for name in SURPRISING for finding in FINDINGS if finding.name == name]
    return "\n".join(
        f"- [{settled.finding.question}](results/{PLACE}#{settled.finding.name}) {settled.answer}"
        for settled in _settled(chosen, Evidence(cards, records))
    )
