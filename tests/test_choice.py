"""What cannot be run is refused before anything is."""

from pathlib import Path

import pytest

from benchmark.catalogue import imports
from benchmark.catalogue.registry import Origin
from benchmark.errors import UsageError
from benchmark.run.choice import choose, require_whole
from benchmark.run.options import RunOptions
from tasks.suite import Suite


def test_a_plugin_that_needs_its_neighbours_does_not_go_to_a_cluster(tmp_path: Path) -> None:
    imports.forget()
    (tmp_path / "mine.py").write_text("import choice_test_helper\n", encoding="utf-8")
    (tmp_path / "choice_test_helper.py").write_text("import numpy\n", encoding="utf-8")
    rooms = Origin("room", "models.mlp"), Origin("distribution", "choice_test_nowhere")
    require_whole([*rooms, Origin("file", str(tmp_path / "choice_test_helper.py"))])
    with pytest.raises(UsageError, match=r"^plugin mine.py imports what lies beside it \(choice_test_helper.py\)"):
        require_whole([*rooms, Origin("file", str(tmp_path / "mine.py"))])


def test_a_suite_that_no_model_can_complete_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Suite(name="core", version=2, tasks=("sum", "sinq"), seeds=10)
    monkeypatch.setattr("benchmark.run.choice.SUITES", {"core": gone})
    with pytest.raises(UsageError, match=r"^unknown task of suite 'core': 'sinq'. Did you mean 'sinc'\?"):
        choose(RunOptions(results=tmp_path / "r"))
