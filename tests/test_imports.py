"""What a plugin's file leads to: files that count by content, packages that count by version, and what is missing."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmark.catalogue import fingerprint, imports
from benchmark.environment import computing
from benchmark.errors import PluginError
from tests.test_fingerprint import model


@pytest.fixture(autouse=True)
def afresh() -> None:
    imports.forget()


def laid(folder: Path, files: dict[str, str]) -> Path:
    """Lay out files by their places and return the first."""
    for place, text in files.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, encoding="utf-8")
    return folder / next(iter(files))


def names(folder: Path, root: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in imports.sources(root)}


def test_files_beside_a_plugin_are_its_sources(tmp_path: Path) -> None:
    used = {
        "mine.py": "import numpy\nfrom mine_helper import SLOPE\nimport mine_package.inner",
        "mine_helper.py": "def late():\n    import mine_late\n",
        "mine_late.py": "",
        "mine_package/__init__.py": "from . import sibling\n",
        "mine_package/inner.py": "from .deep.down import x\n",
        "mine_package/sibling.py": "",
        "mine_package/deep/__init__.py": "",
        "mine_package/deep/down.py": "from ..upper import y\n",
        "mine_package/upper.py": "",
    }
    root = laid(tmp_path, {**used, "mine_unused.py": "", "mine_package/unused.py": ""})
    assert names(tmp_path, root) == set(used)


@pytest.mark.parametrize(
    "around",
    [
        "class A:\n    def f(self):\n        {}\n",
        "async def f():\n    async with x as y:\n        {}\n",
        "for x in ():\n    pass\nelse:\n    {}\n",
        "while True:\n    {}\n",
        "try:\n    pass\nexcept OSError:\n    {}\n",
        "try:\n    pass\nfinally:\n    {}\n",
        "try:\n    pass\nexcept* OSError:\n    {}\n",
        "match 1:\n    case 1:\n        {}\n",
    ],
)
def test_an_import_is_found_wherever_a_statement_may_stand(tmp_path: Path, around: str) -> None:
    root = laid(tmp_path, {"mine.py": around.format("import mine_helper"), "mine_helper.py": ""})
    assert names(tmp_path, root) == {"mine.py", "mine_helper.py"}


def test_an_edit_of_a_helper_is_an_edit_of_the_model(tmp_path: Path) -> None:
    entry = model(tmp_path / "edited.py", "from edited_helper import SLOPE\n")
    helper = laid(tmp_path, {"edited_helper.py": "SLOPE = 1\n"})
    one = fingerprint.of(entry)
    assert fingerprint.of(entry) == one
    helper.write_text("SLOPE = 500\n", encoding="utf-8")
    imports.forget()
    assert fingerprint.of(entry) != one


def test_what_is_installed_hides_a_neighbour_and_counts_by_its_version(tmp_path: Path) -> None:
    root = laid(tmp_path, {"mine.py": "import numpy, json, sklearn\n", "numpy.py": "", "json.py": "", "sklearn.py": ""})
    assert names(tmp_path, root) == {"mine.py"}
    assert imports.packages(root) == {"numpy", "sklearn"}
    assert fingerprint.packages(str(root)) == ("numpy", "scikit-learn", "scipy")


def test_a_distribution_that_is_installed_from_its_folder_counts_by_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = laid(tmp_path / "src", {"editable_nets/layers.py": "", "editable_nets/__init__.py": ""})
    monkeypatch.syspath_prepend(str(tmp_path / "src"))
    root = laid(tmp_path / "mine", {"mine.py": "from editable_nets import layers\n"})
    assert package in imports.sources(root)
    # The same in the place of packages counts by its version.
    package = laid(tmp_path / "site-packages", {"installed_nets/layers.py": "", "installed_nets/__init__.py": ""})
    monkeypatch.syspath_prepend(str(tmp_path / "site-packages"))
    root = laid(tmp_path / "mine", {"other.py": "from installed_nets import layers\n"})
    assert package not in imports.sources(root)
    assert imports.missing(root) == ()


def test_what_computes_for_a_package_counts_with_it() -> None:
    assert "scipy" in computing("scikit-learn")
    assert "joblib" not in computing("scikit-learn")
    assert computing("numpy") == computing("no-such-distribution") == frozenset()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("import nosuch.inner", ("nosuch",)),
        ("from nosuch import x\nimport another", ("another", "nosuch")),
        ("def fit():\n    import nosuch\n", ("nosuch",)),
        ("class A:\n    def fit(self):\n        with open('x'):\n            import nosuch\n", ("nosuch",)),
        ("try:\n    import nosuch\nfinally:\n    pass\n", ("nosuch",)),
        ("try:\n    import nosuch\nexcept KeyError:\n    pass\n", ("nosuch",)),
        ("try:\n    pass\nexcept ImportError:\n    pass\nelse:\n    import nosuch\n", ("nosuch",)),
        ("try:\n    import nosuch\nexcept ImportError:\n    import another\n", ()),
        ("try:\n    import nosuch\nexcept (OSError, ModuleNotFoundError):\n    pass\n", ()),
        ("try:\n    import nosuch\nexcept:\n    pass\n", ()),
        ("if TYPE_CHECKING:\n    import nosuch\n", ()),
        ("from contextlib import suppress\nwith suppress(ImportError):\n    import nosuch\n", ()),
        ("import numpy, torch, os, tasks.base\nfrom models.nosuch import x\n", ()),
    ],
)
def test_what_a_file_cannot_do_without_is_missing(tmp_path: Path, text: str, missing: tuple[str, ...]) -> None:
    assert imports.missing(laid(tmp_path, {"mine.py": text})) == missing
    assert imports.missing(laid(tmp_path, {"root.py": "import mine_in_between", "mine_in_between.py": text})) == missing


def test_a_file_that_has_gone_or_is_broken_since_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"^gone.py: it cannot be read any more \(No such file or directory\)"):
        imports.sources(tmp_path / "gone.py")
    with pytest.raises(PluginError, match=r"^broken.py: it is no Python source any more \(SyntaxError: "):
        imports.sources(laid(tmp_path, {"broken.py": "def f(:"}))
    (tmp_path / "zeros.py").write_bytes(b"x = 1\0")
    with pytest.raises(PluginError, match=r"^zeros.py: it is no Python source any more"):
        imports.sources(tmp_path / "zeros.py")


def test_a_file_counts_as_it_was_first_seen(tmp_path: Path) -> None:
    entry = model(tmp_path / "fleeting.py", "import numpy\n")
    fingerprint.read(entry)
    before = fingerprint.of(entry)
    (tmp_path / "fleeting.py").unlink()
    assert fingerprint.of(entry) == before


def test_the_next_command_asks_a_file_anew(tmp_path: Path) -> None:
    root = laid(tmp_path, {"mine.py": "import numpy\n"})
    before = (imports.packages(root), imports.missing(root), imports.digest(root))
    laid(tmp_path, {"mine.py": "import torch, nosuch\n"})
    assert (imports.packages(root), imports.missing(root), imports.digest(root)) == before
    imports.forget()
    assert (imports.packages(root), imports.missing(root)) == (frozenset({"torch", "nosuch"}), ("nosuch",))
    assert imports.digest(root) != before[2]


def test_nothing_is_imported_to_find_out(tmp_path: Path) -> None:
    root = laid(tmp_path, {"a.py": "import torch.nn, sklearn.svm, mine_helper\n", "mine_helper.py": "raise OSError\n"})
    code = (
        "import sys; from pathlib import Path; from benchmark.catalogue import imports\n"
        f"imports.sources(Path({str(root)!r})); imports.missing(Path({str(root)!r}))\n"
        "assert not {'torch', 'sklearn', 'mine_helper'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
