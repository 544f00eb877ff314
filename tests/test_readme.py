"""What the README prints works as printed, and what it names exists."""

import re
import shlex
from pathlib import Path

import pytest

from benchmark.board.growth import FEATURES, ROWS
from benchmark.board.solving import SHARE_OF_LINE, SOLVED_NRMSE
from benchmark.board.statistics import FEWEST
from benchmark.board.verdicts import Share
from benchmark.run.options import AUDIT, MEMORY, QUICK_SEEDS, SEEDS, TIMEOUT
from benchmark.words import percent
from tasks.suite import SEEDS as FEW_SEEDS
from tests.conftest import ROOT, CommandLine

pytestmark = pytest.mark.usefixtures("libraries", "without_pictures")

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
FILES = {text.split("\n")[0].removeprefix("# "): text for kind, text in BLOCKS if kind == "python" and text[0] == "#"}
BENCH = [
    shlex.split(line.split(" -- ", 1)[1])
    for kind, text in BLOCKS
    if kind == "sh"
    for line in text.splitlines()
    if "nox -s bench -- " in line
]


def test_the_first_screen_has_the_board_and_the_two_commands() -> None:
    top = README[: README.index("## Why")]
    assert "<!-- leaderboard: begin" in top
    assert "python -m pip install nox && python -m nox -s bench" in top
    assert "python -m pip install nox && python -m nox -s tests" in top
    assert "pipx run nox -s bench" in top


def test_the_test_command_is_the_one_that_ci_calls() -> None:
    assert "python -m pip install nox && python -m nox -s tests\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_a_printed_plugin_keeps_the_contract(command_line: CommandLine, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    done = command_line("check", tmp_path / name)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("words", [words for words in BENCH if "--plugin" in words], ids=" ".join)
def test_a_printed_plugin_runs_as_printed(command_line: CommandLine, tmp_path: Path, words: list[str]) -> None:
    file = words[words.index("--plugin") + 1]
    (tmp_path / file).write_text(FILES[file], encoding="utf-8")
    words = [str(tmp_path / file) if word == file else word for word in words]
    # The whole board is no more of a proof: where nothing names a task, the one that costs least.
    words += [] if "--task" in words else ["--task", "square"]
    done = command_line("run", *words, "--no-timing", "--seeds", 1, "--results", tmp_path / "r")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "r" / "records").rglob("*.json"))) >= 1


@pytest.mark.parametrize("words", [words for words in BENCH if "--plugin" not in words], ids=" ".join)
def test_a_printed_option_is_understood(command_line: CommandLine, tmp_path: Path, words: list[str]) -> None:
    done = command_line("run", *words, "--results", tmp_path / "r", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "cells to run" in done.stdout


def test_every_option_is_in_the_table(command_line: CommandLine) -> None:
    options = set(re.findall(r"--[a-z-]+", command_line("run", "--help").stdout)) - {"--help"}
    table = README[README.index("| option |") : README.index("Exit codes:")]
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
    [row] = (line for line in README.splitlines() if line.startswith(f"| `--{option}"))
    assert words in row


def test_the_words_for_what_is_solved_are_those_of_the_board() -> None:
    threshold = percent(SOLVED_NRMSE)
    assert f"when its RMSE is at most {threshold} of the standard deviation of y" in README
    assert "and at most a fifth of\n  the best line's" in README
    assert SHARE_OF_LINE == 1 / 5
    assert "(9 of 10 are enough)" in README
    assert Share(9, 10).most
    assert not Share(8, 10).most
    assert f"a fit to {ROWS:,} rows of {FEATURES} features" in README
    few = {5: "five"}[FEWEST]
    assert f"or of fewer than {few} seeds with their range" in README


def test_what_the_map_names_exists() -> None:
    rooms = README[README.index("## The rooms") :]
    for name in ("tasks/", "models/", "benchmark/", "results/", "tests/", "noxfile.py"):
        assert name in rooms
        assert (ROOT / name).exists()


def test_links_lead_somewhere() -> None:
    for document in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (ROOT / target).exists(), f"{document} links to {target}"


def test_the_csv_examples_run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    board, seeds = (text for kind, text in BLOCKS if kind == "python" and "read_csv" in text)
    exec(board, {})  # noqa: S102 - the README's own example, run as printed
    assert "holds outside" in capsys.readouterr().out
    exec(seeds, {})  # noqa: S102 - the same
    printed = capsys.readouterr().out
    assert all(task in printed for task in ("square", "lambda-recovery"))


def test_every_file_that_contributing_names_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:benchmark|findings|models|tasks|tests|docs)/[a-z_/]*(?:\.[a-z]+)?)`", text))
    assert len(named) >= 20
    assert {place for place in named if not (ROOT / place).exists()} == set()
