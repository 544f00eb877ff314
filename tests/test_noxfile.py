"""The noxfile's own part: --install is taken out, everything else is handed on."""

import importlib.util
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT


@cache  # nox takes each session once
def noxfile() -> ModuleType:
    spec = importlib.util.spec_from_file_location("noxfile_under_test", ROOT / "noxfile.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("words", "distributions", "others"),
    [
        ([], [], []),
        (["--quick", "--seeds", "3"], [], ["--quick", "--seeds", "3"]),
        (["--install", "my-models", "--quick"], ["my-models"], ["--quick"]),
        (["--install=./a", "--task", "sum", "--install", "b"], ["./a", "b"], ["--task", "sum"]),
        (["--install"], [""], []),
    ],
)
def test_installs_are_told_from_options(words: list[str], distributions: list[str], others: list[str]) -> None:
    assert noxfile().split_installs(words) == (distributions, others)


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ([], False),
        (["--quick", "--task", "cluster"], False),
        (["--quick", "--cluster", "tcp://host:8786"], True),
        (["--cluster=local"], True),
    ],
)
def test_dask_is_installed_for_a_cluster_only(options: list[str], asked: bool) -> None:
    assert noxfile().asks_for(options, "--cluster") is asked


def test_the_models_that_are_named_are_told_from_other_options() -> None:
    options = ["--quick", "--model", "operon", "--task", "sum", "--model=lightgbm*", "--seeds", "3"]
    assert noxfile().values_of(options, ("--model", "--tag")) == ["--model", "operon", "--model=lightgbm*"]


class Session:
    """Stands in for nox: it lists models by a real process, and keeps what would be installed."""

    def __init__(self) -> None:
        self.installed: list[str] = []
        self.env: dict[str, str] = {}

    def run(self, *words: str, **options: object) -> str:
        return subprocess.run(
            [sys.executable, *words[1:]], capture_output=True, text=True, check=False, cwd=ROOT
        ).stdout

    def install(self, *words: str) -> None:
        self.installed += words


@pytest.mark.parametrize(
    ("options", "library"),
    [
        (["--model", "lightgbm-*"], "lightgbm"),
        (["--task", "sum", "--model=operon"], "pyoperon"),
        (["--model", "relu-mlp"], None),
        (["--model", "no-such-model"], None),
        (["--task", "sum"], None),
    ],
)
def test_the_libraries_of_a_model_that_is_named_are_installed(options: list[str], library: str | None) -> None:
    session = Session()
    noxfile().install_groups_of_models(session, options)
    assert any(word.startswith(library) for word in session.installed) if library else session.installed == []


def sessions() -> set[str]:
    found = re.findall(r"^@nox\.session(?:\((?:name=\"(\w+)\")?.*\))?\ndef (\w+)", NOXFILE, flags=re.MULTILINE)
    return {name or function for name, function in found}


NOXFILE, CONTRIBUTING = ((ROOT / name).read_text(encoding="utf-8") for name in ("noxfile.py", "CONTRIBUTING.md"))
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / ".ci" / "run", *sorted((ROOT / "docs").glob("*.md"))]


def named_in(text: str) -> set[str]:
    """Return the sessions that a text calls, such as `nox -s lint types`; options are none."""
    called = re.findall(r"nox(?: --install-only| -R)* -s((?: [a-z]+)+)", text)
    return {name for names in called for name in names.split()}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_session_that_is_named_is_there(document: Path) -> None:
    assert named_in(document.read_text(encoding="utf-8")) <= sessions()


def test_every_session_is_explained_to_who_uses_or_changes_it() -> None:
    [table] = re.findall(r"^\| session .*?\n\n", CONTRIBUTING, flags=re.MULTILINE | re.DOTALL)
    first_cells = re.findall(r"^\| (`.*?) \|", table, flags=re.MULTILINE)
    for_contributors = {name for cell in first_cells for name in re.findall(r"\w+", cell)}
    assert for_contributors <= sessions()
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    for_users = {name for path in pages for name in named_in(path.read_text(encoding="utf-8"))}
    assert for_contributors | for_users == sessions()


def test_versions_are_pinned_by_name_alone() -> None:
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()[1:]
    assert any(line.startswith("torch==2.13.0") for line in pinned)
    assert [line for line in pinned if any(sign in line for sign in ("://", "--", " @ "))] == []
