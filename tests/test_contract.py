"""What is refused at the door, and the words that say so."""

import sys
from pathlib import Path

import pytest

from benchmark.catalogue.registry import Origin, describe, load_model
from benchmark.errors import PluginError

BUILD = "def build(problem, seed):\n    raise RuntimeError\n"
MODEL = BUILD + "from types import SimpleNamespace as Model\nMODELS = (Model(name='mine', build=build{}),)\n"
TASK = (
    "import numpy as np\nfrom types import SimpleNamespace as Task\nfrom tasks.domains import Box\n"
    "FIELDS = dict(name='cube', title='Cube', formula='x^3', source='me', n_train=50, set_shape=(1, 1),"
    " function=lambda X: X[:, 0]**3, domain=Box(n_features=1))\n"
    "TASKS = (Task(**(FIELDS | {})),)\n"
)


def told(folder: Path, text: str, name: str = "mine.py") -> str:
    """Return what is said of a plugin with this text."""
    file = folder / name
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(PluginError) as caught:
        describe(Origin("file", str(file)))
    # It reaches a terminal, and a file.
    assert str(caught.value).isprintable()
    return str(caught.value)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (r", title='a\x1b[31mred'", "title holds the character U+001B, which cannot be shown; leave it out"),
        (r", title='two\nlines'", "title holds the character U+000A"),
        (r", source='half \ud800'", "source holds the character U+D800"),
        (r", title='\uffff'", "title holds the character U+FFFF"),
        (r", tags=('a\x00',)", "tag holds the character U+0000"),
        (", title='x' * 201", "title has 201 letters; 200 are allowed"),
        (", source='x' * 10**6", "source has 1,000,000 letters; 500 are allowed"),
        (", tags=('x' * 65,)", "tag has 65 letters; 64 are allowed"),
        (", tags=('x',) * 21", "it has 21 tags; 20 are allowed"),
        (", title=3", "title must be of type str, got 3"),
        (", version=0", "version must be a whole number of at least 1 and at most 1,000,000, got 0"),
        (", version=True", "version must be a whole number of at least 1 and at most 1,000,000, got True"),
        (", memory=0", "memory must be a whole number of at least 1 and at most 10,000,000 (MiB), or None, got 0"),
        (", memory=2.5", "memory must be a whole number"),
        (", timeout=0", "timeout must be a number above 0 and at most 10,000,000 (seconds), or None, got 0"),
        (
            ", timeout=float('nan')",
            "timeout must be a number above 0 and at most 10,000,000 (seconds), or None, got nan",
        ),
        (", timeout='long'", "or None, got 'long'"),
        (
            ", timed_by='size'",
            "timed_by must be 'shape' (its seconds follow from the sizes of a problem) or 'task' (they depend on the "
            "values too), got 'size'",
        ),
        (", timed_by=['shape']", "timed_by must be 'shape'"),
        (", timed_by=None", "got None"),
        (", timed_bye='task'", "'timed_bye' is no attribute of a model; did you mean 'timed_by'?"),
        (", titel='A model'", "'titel' is no attribute of a model; did you mean 'title'?"),
        (", tag=('one',)", "'tag' is no attribute of a model; did you mean 'tags'?"),
        (", verison=2", "'verison' is no attribute of a model; did you mean 'version'?"),
    ],
)
def test_a_model_is_refused_by_its_field(tmp_path: Path, more: str, said: str) -> None:
    assert said in told(tmp_path, MODEL.format(more))


def test_a_model_may_have_what_else_it_likes_and_say_what_it_needs(tmp_path: Path) -> None:
    more = ", title='Größe ∑ 模型', memory=8000, timeout=7200, timed_by='task', colours=3, tags=('one',), tag='my own'"
    (tmp_path / "mine.py").write_text(MODEL.format(more), encoding="utf-8")
    origin = Origin("file", str(tmp_path / "mine.py"))
    (entry,) = describe(origin)
    assert (entry.memory, entry.timeout, entry.title) == (8000, 7200, "Größe ∑ 模型")
    model = load_model(origin, "mine")
    assert (model.memory, model.timeout) == (8000, 7200)
    assert (entry.timed_by, model.timed_by) == ("task", "task")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("{'noise_std': 1e308}", "noise_std must be a number of at least 0 and at most 1e+100, got 1e+308"),
        ("{'noise_std': float('nan')}", "noise_std must be a number of at least 0 and at most 1e+100, got nan"),
        ("{'reach': float('nan')}", "reach must be a number above 1 and at most 1,000,000, got nan"),
        ("{'ladder_end': 1e308}", "ladder_end must be a number above 1 and at most 1,000,000, got 1e+308"),
        ("{'ladder_end': '4'}", "ladder_end must be a number above 1 and at most 1,000,000, got '4'"),
        (
            "{'n_train': 10**12}",
            "n_train must be a whole number of at least 1 and at most 10,000,000, got 10000",
        ),
        ("{'n_test': True}", "n_test must be a whole number of at least 1 and at most 10,000,000, got True"),
        (r"{'formula': 'x\x07'}", "formula holds the character U+0007"),
        ("{'family': 'Two Words'}", "task 'cube': family must be '' (a family of its own) or 1 to 64 of a-z"),
        ("{'n_shel': 5}", "'n_shel' is no attribute of a task; did you mean 'n_shell'?"),
    ],
)
def test_a_task_is_refused_by_its_field(tmp_path: Path, change: str, said: str) -> None:
    assert said in told(tmp_path, TASK.replace("{}", change))


def test_a_task_of_our_own_class_is_looked_at_as_well(tmp_path: Path) -> None:
    text = TASK.replace("from types import SimpleNamespace as Task", "from tasks.base import Task")
    assert "noise_std must be" in told(tmp_path, text.replace("{}", "{'noise_std': 1e200}"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            MODEL.format("").replace(",)", ")"),
            "MODELS must be a tuple or list, got SimpleNamespace (a comma is missing: ",
        ),
        ("MODELS = ()", "plugin mine.py: MODELS holds no model; give it one: (Model(...),)"),
        ("TASKS = []", "plugin mine.py: TASKS holds no task; give it one: (Task(...),)"),
        (
            MODEL.format("").replace("problem, seed", "problem"),
            "model 'mine': its build takes (problem), but is called as build(problem, seed); "
            "for a network: build=network(build)",
        ),
        (
            MODEL.format("").replace("build=build", "build=lambda: 3"),
            "its build takes (), but is called as build(problem, seed); for a network: build=network(factory)",
        ),
        (
            "import nobodys",
            "No module named 'nobodys' (line 1); `nox -s bench -- --install nobodys` installs a package",
        ),
    ],
)
def test_a_plugin_is_told_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    assert said in told(tmp_path, text)


def test_a_list_a_class_and_any_callable_of_two_will_do(tmp_path: Path) -> None:
    text = (
        "from functools import partial\nfrom types import SimpleNamespace\n"
        "class Fits:\n    def __init__(self, problem, seed, depth=3): pass\n"
        "class Mine:\n    name = 'as-a-class'\n    build = partial(Fits, depth=2)\n"
        "MODELS = [SimpleNamespace(name='fits', build=Fits), Mine, SimpleNamespace(name='any', build=print)]\n"
    )
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    assert [e.name for e in describe(Origin("file", str(tmp_path / "mine.py")))] == ["fits", "as-a-class", "any"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("README.md", "its name does not end in .py; give the path of a Python source"),
        ("mine.pyc", "its name does not end in .py; give the path of a Python source"),
    ],
)
def test_another_file_than_a_source_is_refused_in_true_words(tmp_path: Path, name: str, said: str) -> None:
    assert told(tmp_path, MODEL.format(""), name) == f"plugin {str(tmp_path / name)!r}: {said}"


def test_a_folder_is_no_plugin(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match=r"it is a folder; give the path of a [.]py file"):
        describe(Origin("file", str(tmp_path)))


def test_a_plugin_finds_its_neighbours_and_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "door_test_neighbour.py").write_text("TITLE = 'from beside'\n", encoding="utf-8")
    for name in ("json", "numpy", "models"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('hidden')\n", encoding="utf-8")
    text = "import json, numpy, models.base\nfrom door_test_neighbour import TITLE\n" + MODEL.format(", title=TITLE")
    (tmp_path / "random.py").write_text(text, encoding="utf-8")
    before = list(sys.path)
    try:
        (entry,) = describe(Origin("file", str(tmp_path / "random.py")))
    finally:
        sys.path[:] = before
    assert entry.title == "from beside"


@pytest.mark.parametrize("value", ["np.array(3.0)", "np.float32(3.0)", "__import__('decimal').Decimal(3)"])
def test_what_could_be_made_a_number_is_none(tmp_path: Path, value: str) -> None:
    assert "reach must be a number above 1" in told(tmp_path, TASK.replace("{}", f"{{'reach': {value}}}"))
