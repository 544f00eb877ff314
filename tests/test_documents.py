"""What the README and the pages of docs/ print works as printed, and what they link is there."""

import importlib.util
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer.main

from benchmark import cli
from tests.conftest import ROOT, CommandLine
from tests.documents import DOCS, PAGES, PLUGINS, README, Page, page
from tests.test_noxfile import noxfile, sessions

pytestmark = pytest.mark.usefixtures("libraries", "without_pictures")

MOST_LINES, MOST_LETTERS = 120, 120
# Guides call what is the reader's own by these names, and the printed plugins by others.
OWN = {"my-model": ("my_model.py", "decision-tree"), "my-task": ("my_task.py", "ripple")}
CHANGES = ("git ", "mv ")
COMMANDS = sorted({command for each in PAGES for command in each.commands})
PROGRAMS = [(each, text) for each in PAGES for language, text in each.blocks if language == "python"]

each_page = pytest.mark.parametrize("each", PAGES, ids=lambda each: each.name)


def options_of_bench(command: str) -> list[str] | None:
    """Return the options that a command gives to a run, None where it starts none."""
    nox, _, options = command.partition(" -- ")
    return noxfile().split_installs(shlex.split(options))[1] if nox.endswith("nox -s bench") else None


BENCH = {command: words for command in COMMANDS if (words := options_of_bench(command)) is not None}


def plugin(name: str, folder: Path, own: str = "") -> Path:
    """Write a printed plugin into a folder, with the name `own` for what it holds."""
    text = PLUGINS[name]
    if own:
        printed = OWN[own][1]
        assert f'name="{printed}"' in text
        text = text.replace(f'name="{printed}"', f'name="{own}"')
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def own_name(words: list[str]) -> str:
    """Return the name by which a command calls what is the reader's own, "" where it names nothing of theirs."""
    return next((name for name in OWN if name in words), "")


# Commands ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [command for command, words in BENCH.items() if "--plugin" in words])
def test_a_printed_plugin_runs_as_printed(command_line: CommandLine, tmp_path: Path, command: str) -> None:
    words = BENCH[command]
    name = words[words.index("--plugin") + 1]
    words = [str(plugin(name, tmp_path, own_name(words))) if word == name else word for word in words]
    # The whole board is no more of a proof: where nothing names a task, the one that costs least.
    words += [] if "--task" in words else ["--task", "square"]
    done = command_line("run", *words, "--no-timing", "--seeds", 1, "--results", tmp_path / "r")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "r" / "records").rglob("*.json"))) >= 1


@pytest.mark.parametrize("command", [command for command, words in BENCH.items() if "--plugin" not in words])
def test_a_printed_run_is_understood(command_line: CommandLine, tmp_path: Path, command: str) -> None:
    words = BENCH[command]
    # What is the reader's own lies in a room when the guide names it alone.
    own = own_name(words)
    words = [*words, "--plugin", str(plugin(OWN[own][0], tmp_path, own))] if own else words
    done = command_line("run", *words, "--results", tmp_path / "r", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert re.search(r"[1-9][\d,]* cells? to run", done.stdout)


def parsed(command: Any, words: list[str]) -> None:
    """Have a command line read words as it would, and do nothing."""
    with command.make_context(command.name, list(words)):
        pass


def read_by_benchmark(name: str, words: list[str]) -> None:
    parsed(typer.main.get_command(cli.app).commands[name], words)  # type: ignore[attr-defined]


def read_by_worker(words: list[str]) -> None:
    from distributed.cli.dask_worker import main

    parsed(main, words)


def read_by_pytest(words: list[str]) -> None:
    assert [word for word in words if not (ROOT / word).is_file()] == []


def read_by_nox(words: list[str]) -> None:
    options = words.index("--") if "--" in words else len(words)
    mine, others = [word for word in words[:options] if word != "-R"], words[options + 1 :]
    if mine == ["-l"]:
        return
    assert mine[0] == "-s"
    assert {*mine[1:]} <= sessions()
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    for name in mine[1:]:
        if name in commands and others:
            read_by_benchmark(name, others)
        elif others:
            readers: dict[str, Callable[[list[str]], None]] = {"worker": read_by_worker, "tests": read_by_pytest}
            readers[name](others)


@pytest.mark.parametrize("command", [each for each in COMMANDS if each not in BENCH and not each.startswith(CHANGES)])
def test_another_printed_command_is_one_that_its_program_reads(command: str) -> None:
    words = [word for word in shlex.split(command) if not re.match(r"[A-Z_]+=", word)]
    words = ["python", "-m", *words[2:]] if words[:2] == ["pipx", "run"] else words
    words = ["python", "-m", *words] if words[0] == "nox" else words
    assert words[:2] == ["python", "-m"]
    program, *rest = words[2:]
    if program == "nox":
        read_by_nox(rest)
    elif program == "benchmark":
        read_by_benchmark(rest[0], rest[1:])
    elif program == "dask":
        assert rest[0] == "worker"
        read_by_worker(rest[1:])
    elif program == "pip":
        assert rest == ["install", "nox"]
    else:
        found = importlib.util.find_spec(program)
        assert found is not None
        assert found.origin is not None
        source = Path(found.origin)
        main = source.with_name("__main__.py") if source.name == "__init__.py" else source
        assert "__main__" in main.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [["--no-such-option"], ["--from"]], ids=" ".join)
def test_a_command_with_a_wrong_option_would_be_found(words: list[str]) -> None:
    with pytest.raises(Exception, match=r"(?i)option"):
        read_by_nox(["-s", "publish", "--", *words])


def test_the_changes_of_a_checkout_that_the_guide_prints_can_be_made_in_turn(tmp_path: Path) -> None:
    for folder in ("models", "results"):
        (tmp_path / folder).mkdir()
    (tmp_path / "README.md").write_text("before", encoding="utf-8")
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main"], cwd=tmp_path, check=True)
    plugin("my_model.py", tmp_path, "my-model")
    who = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b.c",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b.c",
    }
    blocks = [text for language, text in page("joining").blocks if language == "sh"]
    lines = [line for text in blocks for line in text.splitlines() if line.startswith(CHANGES)]
    assert len(lines) == 4
    for line in lines:
        (tmp_path / "results" / "board").write_text(line, encoding="utf-8")
        subprocess.run(line, shell=True, cwd=tmp_path, env=who, check=True, capture_output=True)  # noqa: S602 - printed
    said = subprocess.run(
        ["git", "log", "--name-only", "--format=%D%n%s"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout.split("\n")
    assert [line for line in said if line] == [
        *("HEAD -> my-model", "Publish my model", "README.md", "results/board"),
        *("Add my model", "models/my_model.py"),
    ]


# Programs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PLUGINS)
def test_a_printed_plugin_keeps_the_contract(command_line: CommandLine, tmp_path: Path, name: str) -> None:
    done = command_line("check", plugin(name, tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("each", "text"),
    [(each, text) for each, text in PROGRAMS if not text.startswith("# my_")],
    ids=lambda x: getattr(x, "name", ""),
)
def test_a_printed_program_runs_as_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], each: Page, text: str
) -> None:
    monkeypatch.chdir(ROOT)
    exec(text, {})  # noqa: S102 - our own, as printed
    if "print(" in text:
        assert capsys.readouterr().out.strip()


def test_no_name_of_a_plugin_is_printed_twice() -> None:
    assert len(PLUGINS) == sum(text.startswith("# my_") for _, text in PROGRAMS)


@each_page
def test_a_block_says_what_it_is(each: Page) -> None:
    assert {language for language, _ in each.blocks} <= {"sh", "python", ""}
    assert each.text.count("```") == 2 * len(each.blocks)


# Links and lengths ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("each", [*PAGES, Page(ROOT / "CONTRIBUTING.md")], ids=lambda each: each.name)
def test_links_lead_somewhere(each: Page) -> None:
    for target in each.links:
        file, _, anchor = target.partition("#")
        path = (each.path.parent / file).resolve() if file else each.path
        assert path.exists(), target
        assert not anchor or anchor in Page(path).anchors, target


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = {README.path}, [README]
    while waiting:
        here = waiting.pop()
        for target in here.links:
            path = (here.path.parent / target.partition("#")[0]).resolve()
            if path in {each.path for each in DOCS} - reached:
                reached.add(path)
                waiting.append(Page(path))
    assert {each.path for each in DOCS} - reached == set()


@each_page
def test_a_page_is_short(each: Page) -> None:
    assert len(each.text.splitlines()) <= MOST_LINES
    long = [line for line in each.prose.splitlines() if len(line) > MOST_LETTERS and not line.startswith("|")]
    assert long == []
