"""What the README shows at once, and what its pages say of figures is what the code has."""

import re

import pytest

from benchmark.board.growth import FEATURES, ROWS
from benchmark.board.solving import SHARE_OF_LINE, SOLVED_NRMSE
from benchmark.board.statistics import FEWEST
from benchmark.board.verdicts import Share
from benchmark.run.options import AUDIT, MEMORY, QUICK_SEEDS, SEEDS, TIMEOUT
from benchmark.store.stamp import MODEL, TASK
from benchmark.words import percent
from tasks.suite import SEEDS as FEW_SEEDS
from tests.conftest import ROOT, CommandLine
from tests.documents import README, Page, page

BENCH, TESTS = (f"python -m pip install nox && python -m nox -s {name}" for name in ("bench", "tests"))


def test_what_a_newcomer_asks_stands_in_this_order() -> None:
    signs = (
        *("# fnbench", "<!-- leaderboard: begin", f"\n{BENCH}\n", f"\n{TESTS}\n"),
        *("# my_model.py", "--plugin my_model.py", "from benchmark import score", "<!-- findings: begin"),
        *("docs/running.md), [notebook]", "\ntasks/ "),
    )
    places = [README.text.index(sign) for sign in signs]
    assert places == sorted(places)
    assert "`pipx run nox -s bench`" in README.flowing


def test_the_test_command_is_the_one_that_ci_calls() -> None:
    assert f"{TESTS}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_what_the_map_names_exists(name: str) -> None:
    [rooms] = (text for language, text in Page(ROOT / name).blocks if not language)
    inside, named = "", []
    for line in rooms.splitlines():
        word = line.split()[0]
        inside = inside if line.startswith(" ") else word
        named.append(inside + word if line.startswith(" ") else word)
    assert {"tasks/", "models/", "benchmark/", "results/", "tests/"} <= {*named}
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_option_is_in_the_table(command_line: CommandLine) -> None:
    options = set(re.findall(r"--[a-z-]+", command_line("run", "--help").stdout)) - {"--help"}
    text = page("running").text
    table = text[text.index("| option |") : text.index("Exit codes:")]
    named = set(re.findall(r"`(--[a-z-]+)", table)) | set(re.findall(r", `(--[a-z-]+)", table))
    assert named - {"--install"} == options


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("seeds", f"as many as the suites of a task ask for: {SEEDS}, or {FEW_SEEDS};"),
        ("quick", f"{QUICK_SEEDS} seeds and a tenth"),
        ("audit", f"noise ({AUDIT} of the whole board"),
        ("timeout", f"({TIMEOUT:g} s, {MEMORY} MB on top"),
    ],
)
def test_the_table_gives_the_defaults_that_hold(option: str, words: str) -> None:
    [row] = (line for line in page("running").text.splitlines() if line.startswith(f"| `--{option}"))
    assert words in row


def test_the_words_for_what_is_solved_are_those_of_the_board() -> None:
    text = page("board").flowing
    threshold = percent(SOLVED_NRMSE)
    assert f"when its RMSE is at most {threshold} of the standard deviation of y" in text
    assert "and at most a fifth of the best line's" in text
    assert SHARE_OF_LINE == 1 / 5
    assert "(9 of 10 are enough)" in text
    assert Share(9, 10).most
    assert not Share(8, 10).most
    assert f"a fit to {ROWS:,} rows of {FEATURES} features" in text
    few = {5: "five"}[FEWEST]
    assert f"or of fewer than {few} seeds with their range" in text


def test_the_limits_of_stamps_are_those_of_the_code() -> None:
    limits = [f"{limit.relative:.0e}".replace("e-0", "e-") for limit in (TASK, MODEL)]
    assert "The limit is {} for a task and {} for a model.".format(*limits) in page("stamps").flowing


def test_every_file_that_contributing_names_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:benchmark|findings|models|tasks|tests|docs)/[a-z_/-]*(?:\.[a-z]+)?)`", text))
    assert len(named) >= 20
    assert {place for place in named if not (ROOT / place).exists()} == set()
