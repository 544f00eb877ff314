"""The findings page: verdicts, evidence, pictures and commands, from records only."""

import re
import shlex
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from benchmark.environment import RESULTS
from benchmark.show.figures.findings import draw
from benchmark.show.findings import SURPRISING, render_findings, render_surprising, settle_all
from benchmark.store import archive
from benchmark.store.record import CellId, Offer, Record
from findings.checks import Holds
from findings.claims import FINDINGS, seeds_needed
from findings.evidence import Evidence, evidence_of
from findings.figures import at_most, inside, parts
from findings.finding import Answer, Coverage, Dots, Finding, Sweep, Told, Verdict
from findings.knowing.figures import covered, mean, missed, told
from findings.sources import Source
from findings.statements import Decided, Decision, Every, Median
from findings.sweeps import Curve
from tests.conftest import CommandLine
from tests.synthetic import a_card, a_record, a_seed, keyed

ANSWERS: dict[Verdict, Answer] = {
    "confirmed": Answer("no", "It does not, as claimed."),
    "depends": Answer("at times", "It does and it does not."),
    "undecided": Answer("not settled", "It may."),
    "refuted": Answer("yes", "It does."),
}


NET = inside("square", "net", who="net | inside")


def finding(name: str = "does-it", *, models: tuple[str, ...] = ("net", "other")) -> Finding:
    return Finding(
        name=name,
        question="Does it?",
        source=Source("a test", "https://example.org/q"),
        claim="It does not.",
        statements=(Every(NET, at_most(0.2)), Median(NET, at_most(0.5))),
        evidence=tuple(inside("square", model, who=f"{model} | inside") for model in models),
        seeds={CellId("square", "net"): 30},
        picture=Dots("Errors", "RMSE", (NET,), line=0.2),
        detail=Told("By a little."),
        confirmed=ANSWERS["confirmed"],
        depends=ANSWERS["depends"],
        undecided=ANSWERS["undecided"],
        refuted=ANSWERS["refuted"],
    )


def page(*models: str, errors: tuple[float, ...] = (0.1,) * 10) -> dict[str, str]:
    records = keyed([a_record("square", model, [a_seed(i, e, 1.0) for i, e in enumerate(errors)]) for model in models])
    return render_findings(*settle_all({"square": a_card()}, records, [finding()]))


@pytest.mark.parametrize(
    ("errors", "verdict", "answer"),
    [
        ((0.1,) * 10, "confirmed", "**No.** It does not, as claimed. By a little."),
        ((0.9,) * 10, "refuted", "**Yes.** It does. By a little."),
        ((0.4,) * 10, "depends", "**At times.** It does and it does not. By a little."),
        ((0.1,) * 9 + (0.9,), "undecided", "**Not settled.** It may. By a little."),
    ],
)
def test_the_answer_follows_from_the_verdict_of_the_claim(
    errors: tuple[float, ...], verdict: Verdict, answer: str
) -> None:
    text = page("net", "other", errors=errors)["findings.md"]
    assert answer in text
    assert f"*Claim* ([a test](https://example.org/q)), **{verdict}**: It does not." in text
    short = ANSWERS[verdict].short
    assert re.search(rf"\| 1\. \[Does it\?\]\(#does-it\) +\| +{short} +\| +{verdict} +\|", text)


@pytest.mark.parametrize(
    ("errors", "every", "median"),
    [
        ((0.1,) * 10, "10 of 10 seeds (72 to 100 %), median 0.1 | yes", "0.1 | yes"),
        ((0.1,) * 9 + (0.9,), "9 of 10 seeds (60 to 98 %), median 0.1 | *undecided*", "0.1 | yes"),
        ((0.9,) * 10, "0 of 10 seeds (0 to 28 %), median 0.9 | **no**", "0.9 | **no**"),
        ((0.1,) * 4 + (0.9,) * 6, "4 of 10 seeds (17 to 69 %), median 0.9 | **no**", "0.9 | *undecided*: "),
    ],
)
def test_a_statement_shows_the_figure_that_decides_it(errors: tuple[float, ...], every: str, median: str) -> None:
    text = re.sub(r" +", " ", page("net", "other", errors=errors)["findings.md"])
    assert f"| net \\| inside: RMSE inside is at most 0.2, every seed | {every}" in text
    assert f"| net \\| inside: RMSE inside is at most 0.5, median seed | {median}" in text
    if "undecided" in median:
        assert re.search(r"\*undecided\*: \d+ % of resamples turn it \|", text)


def test_a_finding_shows_its_evidence_and_picture_and_how_it_is_run() -> None:
    files = page("net", "other")
    text = files["findings.md"]
    assert re.search(r"\| net \\\| inside, RMSE inside +\| +0\.1 \| +0\.1 to 0\.1 \| +10 \|", text)
    assert "![Errors." in text
    assert "plots/finding-does-it.svg" in files
    assert "--no-timing --task square --model net --seeds 30\n" in text
    assert "--no-timing --task square --model other\n" in text


def _said(holds: Holds, evidence: Evidence) -> Decision:
    return "", holds


def test_a_claim_that_depends_says_how_much_is_undecided() -> None:
    holds: tuple[Holds, ...] = ("yes", "no", "undecided")
    statements = tuple(Decided("", (), partial(_said, each)) for each in holds)
    mixed = replace(finding(), statements=statements)
    records = keyed([a_record("square", model, [a_seed(0, 0.1, 1.0)]) for model in ("net", "other")])
    text = render_findings(*settle_all({"square": a_card()}, records, [mixed]))["findings.md"]
    assert "**depends, 1 undecided**" in text


def test_the_same_records_give_the_same_bytes() -> None:
    assert page("net", "other") == page("net", "other")


def test_nothing_is_rendered_where_no_finding_has_its_cells() -> None:
    assert page("net") == {}


def test_a_finding_without_a_cell_says_which() -> None:
    records = keyed([a_record("square", "net", [a_seed(0, 0.1, 1.0)]), a_record("square", "other", [a_seed(0, 1, 1)])])
    alone = finding("alone", models=("net",))
    del records["square", "other"]
    text = render_findings(*settle_all({"square": a_card()}, records, [alone, finding()]))["findings.md"]
    assert "**Not known here.** 1 of its 2 cells are missing here or have a failed seed." in text
    assert "**no evidence**" in text
    assert "Missing: `square / other`." in text


def test_the_committed_page_has_all_findings_with_their_pictures() -> None:
    text = (RESULTS / "findings.md").read_text(encoding="utf-8")
    for each in FINDINGS:
        assert f"](#{each.name})" in text
        assert f'<a id="{each.name}"></a>' in text
    assert "**no evidence**" not in text
    for picture in re.findall(r"\]\((plots/[^)]+)\)", text):
        assert (RESULTS / picture).exists(), picture


def test_the_readme_list_links_the_surprising_ones() -> None:
    contents = archive.read(RESULTS)
    lines = render_surprising(settle_all(contents.cards, contents.records | contents.detailed)[0]).splitlines()
    assert len(lines) == len(SURPRISING) == 5
    assert all(f"(results/findings.md#{name}) **" in line for name, line in zip(SURPRISING, lines, strict=True))
    # A short answer, and a sentence that ends.
    assert [line for line in lines if not re.fullmatch(r"- \[.*\)(?: \*\*[^*]+\.\*\*) [^*]+[.?!]", line)] == []
    assert [line for line in lines if re.search(r"[.?!] [A-Z]", line.rpartition("** ")[2])] == []


@pytest.mark.parametrize("name", ["sharing-beats-a-plain-network", "relu-added-same-result"])
def test_the_printed_commands_run_just_the_cells_and_seeds_of_a_finding(command_line: CommandLine, name: str) -> None:
    text = (RESULTS / "findings.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)[1:]
    chosen = {each.name: block for each, block in zip(FINDINGS, blocks, strict=True)}
    each = next(each for each in FINDINGS if each.name == name)
    ran: dict[CellId, int] = {}
    for line in chosen[each.name].splitlines():
        words = shlex.split(line.split(" -- ", 1)[1])
        ran |= planned(command_line("run", *words, "--dry-run", "--fresh").stdout)
    assert ran == {cell: each.seeds_of(cell) for cell in each.cells}


def planned(said: str) -> dict[CellId, int]:
    """Return the number of seeds of each cell that a dry run would run."""
    found = re.findall(r"^accuracy  (\S+) / (\S+), ([\d,]+) seeds", said, flags=re.MULTILINE)
    return {CellId(task, model): int(n.replace(",", "")) for task, model, n in found}


def test_the_tag_of_the_findings_runs_just_what_the_page_needs(command_line: CommandLine, tmp_path: Path) -> None:
    words = ("run", "--tag", "findings", "--results", tmp_path / "r", "--dry-run")
    assert planned(command_line(*words).stdout) == seeds_needed()
    narrowed = command_line(*words, "--task", "square", "--model", "asked-s*")
    squares = {cell: n for cell, n in seeds_needed().items() if cell.task == "square"}
    expected = {cell: n for cell, n in squares.items() if cell.model.startswith("asked-s")}
    assert planned(narrowed.stdout) == expected
    assert set(expected.values()) == {50, 100}


def test_a_number_of_seeds_that_is_named_holds_for_all_cells_of_the_findings(
    command_line: CommandLine, tmp_path: Path
) -> None:
    words = ("run", "--tag", "findings", "--results", tmp_path / "r", "--dry-run")
    for more, n in (("--seeds", "4"), 4), (("--quick",), 3):
        assert planned(command_line(*words, *more).stdout) == dict.fromkeys(seeds_needed(), n)


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
    evidence = evidence_of({"square": a_card()}, keyed([a_record("square", "net", [a_seed(0, 0.0, 1e300)])]))
    for line in (0.05, lambda evidence: 0.05):
        assert draw(Dots("t", "x", (NET,), line=line), evidence).startswith("<?xml")
    assert draw(Sweep("t", "y", (Curve("net", {100: NET, 200: NET}),), line=0.05), evidence).startswith("<?xml")


def test_of_many_seeds_only_the_first_are_drawn() -> None:
    def picture(n: int) -> str:
        record = a_record("square", "net", [a_seed(i, 0.1 + 0.001 * i, 1.0) for i in range(n)])
        return draw(Dots("t", "x", (NET,)), evidence_of({"square": a_card()}, keyed([record])))

    # Each dot is one use of its marker.
    dots = {n: picture(n).count("<use ") for n in (50, 100)}
    assert dots[100] - dots[50] == 50
    assert "(dot: a seed; bar" in picture(100)
    assert "(dot: a seed of the first 100; bar" in picture(101)
    assert picture(1_000).count("<use ") < dots[100] + 20


@pytest.mark.parametrize("verdict", ["confirmed", "depends", "undecided", "refuted"])
def test_answers_are_sentences(verdict: Verdict) -> None:
    for each in FINDINGS:
        assert re.fullmatch(r"[A-Z0-9x].*\.|lambda .*\.", each.answers[verdict].sentence), each.name


def test_findings_stand_by_what_one_sees_and_by_subject() -> None:
    seen = replace(finding("relu-added-same-result"), symptoms=("predicts the mean", "a straight line"))
    records = keyed([a_record("square", model, [a_seed(i, 0.1, 1.0) for i in range(10)]) for model in ("net", "other")])
    text = render_findings(*settle_all({"square": a_card()}, records, [finding("of-a-test"), seen]))["findings.md"]
    index, _, rest = text.partition("## All findings")
    rows = [line for line in index.splitlines() if "](#" in line]
    assert [row.split("|")[1].strip() for row in rows] == ["a straight line", "predicts the mean"]
    assert all("[2](#relu-added-same-result)" in row for row in rows)
    # One that stands in no subject is listed without one.
    overview = rest.partition('<a id="')[0]
    assert overview.index("(#of-a-test)") < overview.index("**A square**") < overview.index("(#relu-added-same-result)")


def knowing(model: str, coverage: float, **signs: float) -> Record:
    """Return a record whose model says standard deviations, seed i a hundredth more."""
    n_shells = len(a_card().ladder) - 1
    seeds = []
    for i in range(10):
        more = 0.01 * i
        offer = Offer(coverage=(coverage, coverage / 2), shell_coverage=(coverage / 2,) * n_shells, sd=(1, 1))
        found = {name: share + more for name, share in signs.items()}
        seeds.append(a_seed(i, 0.1, 1.0).model_copy(update={"offer": offer, "signs": found}))
    return a_record("square", model, seeds)


def test_signs_and_coverage_are_figures_and_a_mean_is_of_each_seed() -> None:
    records = [knowing("one", 0.8, **{"sd": 0.9, "sd missed": 0.1}), knowing("other", 0.4, **{"sd missed": 0.3})]
    evidence = evidence_of({"square": a_card()}, keyed(records))
    area, unwarned = (figure("square", "one", "sd") for figure in (told, missed))
    assert area.of(evidence).ends == pytest.approx((0.9, 0.99))
    assert unwarned.within(at_most(0.2)) == "wrong rows without a warning is at most 20 %"
    where: tuple[str | int, ...] = ("inside", "outside", 1)
    assert [covered("square", "one", each).of(evidence).median for each in where] == [0.8, 0.4, 0.4]
    assert np.isnan(covered("square", "one", 99).of(evidence).values).all()
    both = mean("both", (unwarned, missed("square", "other", "sd")))
    assert both.of(evidence).values == pytest.approx([0.2 + 0.01 * i for i in range(10)])
    redrawn = evidence.redrawn(3)
    assert both.of(redrawn).values == pytest.approx(unwarned.of(redrawn).values + 0.1)
    # A sign that a cell does not have is as bad as can be, and so is a mean with it.
    lacking = mean("both", (area, told("square", "other", "sd")))
    assert not at_most(1.0).holds(lacking.of(evidence).known).any()
    assert {*parts(both, CellId)} == {CellId("square", "one"), CellId("square", "other")}


def test_a_record_that_is_older_than_the_signs_is_no_evidence() -> None:
    figures = (missed("square", "net", "sd"), covered("square", "net", 1))
    of_signs = replace(
        finding(), statements=tuple(Median(each, at_most(0.5)) for each in figures), evidence=(), picture=None, seeds={}
    )
    cards, signs = {"square": a_card()}, {"wrong": 0.5, "sd missed": 0.1}

    def lacking(record: Record) -> tuple[CellId, ...]:
        return of_signs.missing(evidence_of(cards, keyed([record])))

    known = knowing("net", 0.8, **signs)
    assert lacking(known) == ()
    older = [seed.model_copy(update={"signs": {}}) for seed in known.seeds]
    assert lacking(known.model_copy(update={"seeds": (*known.seeds[:9], older[9])})) == (CellId("square", "net"),)
    offer = Offer(coverage=(0.8, 0.4), sd=(1, 1))
    whole = tuple(seed.model_copy(update={"offer": offer}) for seed in known.seeds)
    assert lacking(known.model_copy(update={"seeds": whole})) == (CellId("square", "net"),)
    evidence = evidence_of(cards, keyed([known.model_copy(update={"seeds": whole})]))
    assert draw(Coverage("t", (CellId("square", "net"),)), evidence).startswith("<?xml")


def test_coverage_is_drawn_by_distance_a_panel_a_task() -> None:
    cards = {task: a_card(task) for task in ("square", "sum")}
    records = [knowing("one", 0.8), knowing("other", 0.4), knowing("one", 0.9).model_copy(update={"task": "sum"})]
    cells = tuple(CellId(record.task, record.model) for record in records)
    evidence = evidence_of(cards, keyed(records))
    both, one = (draw(Coverage("t", each), evidence) for each in (cells, cells[:1]))
    assert both.startswith("<?xml")
    assert len(both) > len(one)
    # Another coverage gives another line.
    lower = [knowing("one", 0.2), *records[1:]]
    assert draw(Coverage("t", cells), evidence_of(cards, keyed(lower))) != both
