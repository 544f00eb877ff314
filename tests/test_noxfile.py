"""The noxfile's own part: --install is taken out, everything else is handed on."""

import importlib.util
from functools import cache
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


def test_versions_are_pinned_by_name_alone() -> None:
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()[1:]
    assert any(line.startswith("torch==2.13.0") for line in pinned)
    assert [line for line in pinned if any(sign in line for sign in ("://", "--", " @ "))] == []
