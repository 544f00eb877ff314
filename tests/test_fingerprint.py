"""What an observation on practice depends on, so that it is made again when that is another one."""

from pathlib import Path

import pytest

from benchmark.catalogue import fingerprint
from benchmark.catalogue.registry import Catalogue, Entry, Origin


def model(file: Path, text: str) -> Entry:
    file.write_text(text, encoding="utf-8")
    return Entry("model", "mine", 1, "mine", "", (), Origin("file", str(file)), str(file))


def test_an_entry_depends_on_the_packages_its_files_import(catalogue: Catalogue) -> None:
    packages = {
        name: fingerprint.packages(catalogue.models[name].file)
        for name in ("relu-mlp", "polynomial-2", "gradient-boosting")
    }
    assert "torch" in packages["relu-mlp"]
    assert "scikit-learn" not in packages["relu-mlp"]
    assert "scikit-learn" in packages["polynomial-2"]
    assert "torch" not in packages["polynomial-2"]
    assert any(name.startswith("xgboost") for name in packages["gradient-boosting"])
    assert all("numpy" in names for names in packages.values())


def test_an_edit_gives_another_fingerprint_and_the_same_text_elsewhere_the_same(tmp_path: Path) -> None:
    one, two, edited = (
        model(tmp_path / f"{name}.py", text)
        for name, text in (("a", "import numpy\n"), ("b", "import numpy\n"), ("c", "import numpy\n# edited\n"))
    )
    assert fingerprint.of(one) == fingerprint.of(two)
    assert fingerprint.of(one) != fingerprint.of(edited)


@pytest.mark.parametrize(
    ("name", "value"),
    [("machine", lambda: "abacus"), ("instructions", lambda: "beads"), ("version", lambda name: "0")],
)
def test_another_processor_or_package_gives_another_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    one = model(tmp_path / "one.py", "import numpy\n")
    before = fingerprint.of(one)
    monkeypatch.setattr(fingerprint, name, value)
    assert fingerprint.of(one) != before


def test_a_net_depends_on_the_trainer(catalogue: Catalogue) -> None:
    names = fingerprint.heavy_modules([catalogue.models["relu-mlp"]])
    assert {"torch", "torch._dynamo", "numpy"} <= set(names)
    assert "sklearn.pipeline" not in names
