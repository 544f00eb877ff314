"""What a plugin may import where its models are fitted: what tasks are made of, and no task."""

from pathlib import Path

import pytest

from benchmark.workers import model_side
from tests.conftest import ROOT, CommandLine

# They hold tasks, or say where they are.
HOLDS = ("\nTASKS = ", "\nSUITE = ", "\nSUITES = ")
BOTH = """
from models.base import Model
from tasks.formula import formula_task
from tasks.widening import WideningBox


class Mean:
    def fit(self, X, y):
        self.mean = y.mean()

    def predict(self, X):
        return 0 * X[:, 0] + self.mean


TASKS = (
    formula_task(
        name="product", title="A product", formula="x1*x2", source="a test", n_train=50, n_test=100, n_shell=50,
        set_shape=(1, 2), domain=WideningBox.read("(1:5)^2", "(1:9)^2"),
    ),
)
MODELS = (Model(name="mean", build=lambda problem, seed: Mean()),)
"""


@pytest.mark.parametrize("file", sorted((ROOT / "tasks").rglob("*.py")), ids=lambda file: file.stem)
def test_a_file_of_the_room_is_hidden_from_models_if_it_holds_tasks(file: Path) -> None:
    parts = file.relative_to(ROOT).with_suffix("").parts
    module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = file.read_text(encoding="utf-8")
    assert model_side._is_task(module) is any(each in text for each in HOLDS)


def test_a_file_of_tasks_by_their_formula_and_models_runs(command_line: CommandLine, tmp_path: Path) -> None:
    plugin = tmp_path / "both.py"
    plugin.write_text(BOTH, encoding="utf-8")
    words = ("--plugin", plugin, "--task", "product", "--model", "mean", "--seeds", 1, "--no-timing")
    done = command_line("run", *words, "--results", tmp_path / "r")
    assert done.returncode == 0, done.stderr
    assert "[accuracy 1/1, 0 s left] product / mean: ok" in done.stderr
