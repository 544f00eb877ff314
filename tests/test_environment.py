"""What a record may say of the place it was made in."""

import importlib.metadata
import socket

import pytest

from benchmark import environment
from benchmark.cell.outcome import settings_of
from benchmark.environment import plain, public


class Trained:
    def get_params(self, deep: bool = False) -> dict[str, object]:
        return {"optimizer": "adam", "cache": "/data/rows/cache", "kernel": ("node-7", "/a/b/c")}


@pytest.mark.parametrize("host", ["adam", "node-7", "data"])
def test_settings_are_the_same_on_every_host(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: host)
    expected = {"cache": "/data/rows/cache", "kernel": "('node-7', '/a/b/c')", "optimizer": "adam"}
    assert settings_of(Trained()) == expected


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("node-7", "adam: this host failed in file.py, not node-70, a.node-7 or my-node-7"),
        ("adam", "this host: node-7 failed in file.py, not node-70, a.node-7 or my-node-7"),
        ("64", "adam: node-7 failed in file.py, not node-70, a.node-7 or my-node-7"),
        ("", "adam: node-7 failed in file.py, not node-70, a.node-7 or my-node-7"),
    ],
)
def test_a_reason_names_no_host_and_no_path_and_keeps_its_words(
    monkeypatch: pytest.MonkeyPatch, host: str, said: str
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: host)
    assert public("adam: node-7 failed in /home/me/file.py, not node-70, a.node-7 or my-node-7") == said


def test_both_are_valid_and_short() -> None:
    for made in (plain, public):
        assert made("a\n \ud800\tb") == "a ? b"
        assert len(made("x" * 10**6)) == 1000


def test_a_distribution_has_the_modules_that_python_says() -> None:
    found: dict[str, list[str]] = {}
    for each in importlib.metadata.distributions():
        for module in environment._top_modules(each):
            found.setdefault(module, []).append(each.metadata["Name"])
    assert found == {module: [*names] for module, names in importlib.metadata.packages_distributions().items()}
    assert environment.distribution_of("sklearn") == "scikit-learn"
