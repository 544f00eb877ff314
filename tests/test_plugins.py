"""What `check` says of a plugin."""

from pathlib import Path

import pytest

from benchmark import cli
from benchmark.catalogue.plugins import Finding, check_plugin, lines
from benchmark.errors import CheckFailedError
from benchmark.run.options import RunOptions
from tests.conftest import PLUGINS


def test_what_fails_for_one_reason_is_said_once() -> None:
    def finding(what: str, reason: str, name: str = "mine") -> Finding:
        return Finding("model", name, what, "failed" if reason else "ok", reason)

    said = lines(
        [
            finding("fits one", "no"),
            finding("repeats one", "no"),
            finding("fits six", ""),
            finding("repeats six", ""),
            finding("fits", "no", "other"),
            finding("fits ten", "never"),
            finding("repeats ten", "no"),
        ]
    )
    assert said == [
        "failed model mine: fits one: no (and 2 checks more)",
        "ok     model mine: fits six",
        "ok     model mine: repeats six",
        "failed model other: fits: no",
        "failed model mine: fits ten: never",
    ]


BUILDS = {
    "none": ("lambda problem, seed: None", "build returned None, expected an object with fit and predict"),
    "a-class": ("lambda problem, seed: Fits", "build returned the class Fits, expected an object with fit and predict"),
    "a-number": (
        "lambda problem, seed: 3",
        "build returned an object of type int without fit, expected an",
    ),
    "half": ("lambda problem, seed: Half()", "build returned an object of type Half without predict, expected"),
    "by-position-in-fit": ("late", "Got (64, 64) instead. (built by late at mine.py:7)"),
    "by-position": (
        "positional",
        "takes 1 positional argument but 2 were given (mine.py:6 in positional)",
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    file = tmp_path_factory.mktemp("plugins") / "mine.py"
    file.write_text(
        "from types import SimpleNamespace\n"
        "class Fits:\n    fit = predict = print\n    def __init__(self, *, depth=3): pass\n"
        "def positional(problem, seed):\n    return Fits(5)\n"
        "def late(problem, seed):\n    from sklearn import neural_network as n\n    return n.MLPRegressor((64, 64))\n"
        "class Half:\n    fit = print\n"
        "MODELS = [\n"
        + "".join(f"    SimpleNamespace(name={name!r}, build={build}),\n" for name, (build, _) in BUILDS.items())
        + "]\n",
        encoding="utf-8",
    )
    return check_plugin(file, RunOptions().limits)


@pytest.mark.parametrize("name", BUILDS)
def test_what_build_returns_is_looked_at(found: list[Finding], name: str) -> None:
    reasons = {finding.reason for finding in found if finding.name == name}
    (reason,) = reasons
    assert BUILDS[name][1] in reason


def test_the_first_broken_promise_is_named_and_the_path_is_quoted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CheckFailedError) as caught:
        cli.check(PLUGINS / "misbehaving.py")
    assert str(caught.value).endswith(
        "does not keep the contract: model raises-in-fit: fits and predicts 1 feature: "
        "RuntimeError: no such luck (misbehaving.py:18 in fit)"
    )
    out = capsys.readouterr().out
    assert "no such luck (misbehaving.py:18 in fit) (and 3 checks more)\n" in out
    assert out.count("no such luck") == 1
    (tmp_path / "mein Wald.py").write_text((PLUGINS / "known_answers.py").read_text(encoding="utf-8"), encoding="utf-8")
    cli.check(tmp_path / "mein Wald.py")
    assert capsys.readouterr().err.endswith(f"use it with --plugin '{tmp_path / 'mein Wald.py'}'\n")
