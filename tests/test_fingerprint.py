"""Which sources and packages decide a number."""

from pathlib import Path

from benchmark.registry import Catalogue, Entry, Origin
from benchmark.run import fingerprint


def model(file: Path, text: str) -> Entry:
    file.write_text(text, encoding="utf-8")
    return Entry("model", "mine", 1, "mine", "", (), Origin("file", str(file)), str(file))


def test_a_cell_depends_on_the_packages_its_files_import(catalogue: Catalogue) -> None:
    task = catalogue.tasks["sum"]
    packages = {
        name: fingerprint.of_cell(task, catalogue.models[name], quick=False)["packages"]
        for name in ("relu-mlp", "polynomial-2", "gradient-boosting")
    }
    assert "torch" in packages["relu-mlp"]
    assert "scikit-learn" not in packages["relu-mlp"]
    assert "scikit-learn" in packages["polynomial-2"]
    assert "torch" not in packages["polynomial-2"]
    assert "xgboost" in packages["gradient-boosting"]
    assert all("numpy" in text and "python" in text for text in packages.values())


def test_an_edit_changes_one_part_only(tmp_path: Path, catalogue: Catalogue) -> None:
    task = catalogue.tasks["sum"]
    one = fingerprint.of_cell(task, model(tmp_path / "one.py", "import numpy\n"), quick=False)
    two = fingerprint.of_cell(task, model(tmp_path / "two.py", "import numpy\n# edited\n"), quick=False)
    assert fingerprint.differences(one, two) == "model file changed"
    assert fingerprint.differences(one, one) == ""


def test_the_same_file_elsewhere_has_the_same_fingerprint(tmp_path: Path, catalogue: Catalogue) -> None:
    task = catalogue.tasks["sum"]
    one = model(tmp_path / "one.py", "import numpy\n")
    two = model(tmp_path / "two.py", "import numpy\n")
    assert fingerprint.of_cell(task, one, quick=False) == fingerprint.of_cell(task, two, quick=False)


def test_a_net_depends_on_the_trainer(catalogue: Catalogue) -> None:
    names = fingerprint.modules([catalogue.models["relu-mlp"].file])
    assert {"torch", "torch._dynamo", "numpy"} <= set(names)
    assert "sklearn.pipeline" not in names


def test_quick_is_part_of_the_fingerprint(catalogue: Catalogue) -> None:
    task, one = catalogue.tasks["sum"], catalogue.models["relu-mlp"]
    a, b = (fingerprint.of_cell(task, one, quick=quick) for quick in (False, True))
    assert fingerprint.differences(a, b) == "settings changed"
