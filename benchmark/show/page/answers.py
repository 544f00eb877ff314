"""What the page says of the findings: each question with its answer, its evidence, its picture and its command."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from benchmark.show.findings import Settled, commands_of, held
from benchmark.words import plain, visible
from findings.claims import SUBJECTS


def _picture(svg: str) -> str:
    """Return a picture without what stands before its first tag, and without its indentation."""
    return re.sub(r"\s+", " ", svg[svg.find("<svg") :])


def _evidence(each: Settled) -> dict[str, Any]:
    if each.judgement is None:
        return {"missing": [f"{task} / {model}" for task, model in each.missing], "checks": [], "figures": []}
    return {
        "missing": [],
        "checks": [[c.statement, c.measured, held(c).replace("*", "")] for c in each.judgement.checks],
        "figures": [
            [row.what, plain(row.sample.median), *map(plain, row.sample.interval), f"{len(row.sample.values):,}"]
            for row in each.judgement.rows
        ],
    }


def answers_data(settled: Iterable[Settled], pictures: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what the page says of each finding, given the texts of their pictures by their paths."""
    subjects = {finding.name: subject for subject, findings in SUBJECTS.items() for finding in findings}
    return [
        {
            "name": each.finding.name,
            "subject": subjects.get(each.finding.name, ""),
            "symptoms": each.finding.symptoms,
            "question": each.finding.question,
            "short": each.answer.short,
            "sentence": each.answer.sentence,
            "claim": each.finding.claim,
            "verdict": each.claim,
            "raised": each.finding.raised,
            "source": [visible(each.finding.source.title), each.finding.source.url],
            "note": each.finding.note,
            "see": each.finding.see,
            "picture": _picture(pictures.get(each.picture, "")),
            "alt": each.finding.picture.title if each.finding.picture else "",
            "commands": [*commands_of(each.finding)],
            **_evidence(each),
        }
        for each in settled
    ]
