"""The findings page: verdicts, evidence, pictures and commands, from records only."""

import re
import shlex
from pathlib import Path

import pytest

from benchmark.options import RESULTS
from benchmark.report.claims import FINDINGS, places
from benchmark.report.claims.finding import Check, Dots, Evidence, Finding, Judgement, Row, Sweep
from benchmark.report.findings import SURPRISING, render_findings, render_surprising
from benchmark.report.findings_plots import draw
from benchmark.store import Store
from tests.conftest import CommandLine
from tests.synthetic import a_card, a_record, a_seed, keyed


def _judge(evidence: Evidence) -> Judgement:
    inside = evidence.inside("square", "net")
    row = Row("net | inside", inside)
    check = Check("RMSE <= 0.2, every seed", f"median {inside.median:g}", inside.every(lambda values: values <= 0.2))
    return Judgement((check,), (row,), "By a little.", Dots("Errors", "RMSE", (row,), line=0.2))


def finding(name: str = "does-it") -> Finding:
    return Finding(
        name=name,
        question="Does it?",
        source="a test",
        claim="It does.",
        cells=(("square", "net"), ("square", "other")),
        judge=_judge,
        answer={"confirmed": "It does indeed.", "depends": "Perhaps.", "refuted": "It does not."},
    )


def page(*models: str, error: float = 0.1) -> dict[str, str]:
    records = keyed([a_record("square", model, [a_seed(i, error, 1.0) for i in range(3)]) for model in models])
    return render_findings({"square": a_card()}, records, [finding()])


def test_a_finding_shows_verdict_answer_evidence_and_picture() -> None:
    files = page("net", "other")
    text = files["findings.md"]
    assert "**Confirmed.** It does indeed. By a little." in text
    assert "| RMSE \\<= 0.2, every seed" in text
    assert re.search(r"\| net \\\| inside +\| +0\.1 \| +0\.1 to 0\.1 \| +3 \|", text)
    assert "![Errors." in text
    assert "plots/finding-does-it.svg" in files
    assert "**Refuted.** It does not." in page("net", "other", error=0.3)["findings.md"]


def test_the_same_records_give_the_same_bytes() -> None:
    assert page("net", "other") == page("net", "other")


def test_nothing_is_rendered_where_no_finding_has_its_cells() -> None:
    assert page("net") == {}


def test_a_finding_without_a_cell_says_which() -> None:
    records = keyed([a_record("square", "net", [a_seed(0, 0.1, 1.0)]), a_record("square", "other", [a_seed(0, 1, 1)])])
    alone = Finding(**{**vars(finding("alone")), "cells": (("square", "net"),)})
    del records["square", "other"]
    text = render_findings({"square": a_card()}, records, [alone, finding()])["findings.md"]
    assert "**No evidence.** 1 of its 2 cells are missing here or have a failed seed." in text
    assert "Missing: `square / other`." in text


def test_the_committed_page_has_all_findings_with_their_pictures() -> None:
    text = (RESULTS / "findings.md").read_text(encoding="utf-8")
    for each in FINDINGS:
        assert f"](#{each.name})" in text
        assert f'<a id="{each.name}"></a>' in text
    assert "No evidence" not in text
    for picture in re.findall(r"\]\((plots/[^)]+)\)", text):
        assert (RESULTS / picture).exists(), picture


def test_the_readme_list_links_the_surprising_ones() -> None:
    contents = Store(RESULTS).read()
    lines = render_surprising(contents.cards, contents.records).splitlines()
    assert len(lines) == len(SURPRISING) == 5
    assert all(f"(results/findings.md#{name})" in line for name, line in zip(SURPRISING, lines, strict=True))


def test_the_printed_commands_run_just_the_cells_of_each_finding(command_line: CommandLine) -> None:
    text = (RESULTS / "findings.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)[1:]
    chosen = {each.name: block for each, block in zip(FINDINGS, blocks, strict=True)}
    each = next(each for each in FINDINGS if each.name == "sharing-beats-a-plain-network")
    ran: set[tuple[str, str]] = set()
    for line in chosen[each.name].splitlines():
        words = shlex.split(line.split(" -- ", 1)[1])
        said = command_line("run", *words, "--dry-run", "--fresh").stdout
        ran |= planned(said)
    assert ran == set(each.cells)


def planned(said: str) -> set[tuple[str, str]]:
    return {(task, model) for task, model in re.findall(r"^accuracy  (\S+) / (\S+),", said, flags=re.MULTILINE)}


def test_the_tag_of_the_findings_runs_just_what_the_page_needs(command_line: CommandLine, tmp_path: Path) -> None:
    done = command_line("run", "--tag", "findings", "--results", tmp_path / "r", "--dry-run")
    assert planned(done.stdout) == places()
    narrowed = command_line(
        *("run", "--tag", "findings", "--task", "square", "--model", "asked-s*"),
        *("--results", tmp_path / "r", "--dry-run"),
    )
    assert planned(narrowed.stdout) == {(task, model) for task, model in places() if model.startswith("asked-s")}


def test_nothing_off_the_board_and_nothing_of_the_findings_is_timed(command_line: CommandLine, tmp_path: Path) -> None:
    for words in (["--tag", "findings"], []):
        done = command_line(
            *("run", *words, "--task", "sum-rounded", "--model", "linear-net", "--seeds", 1, "--quick"),
            *("--results", tmp_path / "r"),
        )
        assert done.returncode == 0, done.stderr
        assert "timed 0 in" in done.stderr
    assert not list((tmp_path / "r" / "timing").rglob("*.json"))


def test_pictures_hold_zero_and_enormous_values() -> None:
    row = Row(
        "net",
        Evidence({"square": a_card()}, keyed([a_record("square", "net", [a_seed(0, 0.0, 1e300)])])).inside(
            "square", "net"
        ),
    )
    assert draw(Dots("t", "x", (row,))).startswith("<?xml")
    assert draw(Sweep("t", "y", {"net": {100: row.sample, 200: row.sample}}, line=0.05)).startswith("<?xml")


@pytest.mark.parametrize("verdict", ["confirmed", "depends", "refuted"])
def test_answers_are_sentences(verdict: str) -> None:
    for each in FINDINGS:
        assert re.fullmatch(r"[A-Z0-9].*\.", each.answer[verdict]), each.name  # type: ignore[index]
