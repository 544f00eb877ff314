"""The noxfile's own part: --install is taken out, everything else is handed on."""

import importlib.util
import re
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
    ("options", "groups"),
    [
        ([], ("run",)),
        (["--quick", "--task", "cluster"], ("run",)),
        (["--quick", "--cluster", "tcp://host:8786"], ("run", "cluster")),
        (["--cluster=local"], ("run", "cluster")),
    ],
)
def test_dask_is_installed_for_a_cluster_only(options: list[str], groups: tuple[str, ...]) -> None:
    assert noxfile().groups_for(options) == groups


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
    for_users = named_in((ROOT / "README.md").read_text(encoding="utf-8"))
    assert for_contributors | for_users == sessions()


def test_versions_are_pinned_by_name_alone() -> None:
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()[1:]
    assert any(line.startswith("torch==2.13.0") for line in pinned)
    assert [line for line in pinned if any(sign in line for sign in ("://", "--", " @ "))] == []
