"""What is found, and what is refused at the door."""

from pathlib import Path

import pytest

from benchmark.catalogue.registry import Catalogue, Entry, Origin, catalogue, describe, load_model, load_task, unknown
from benchmark.errors import PluginError
from tasks.base import Domain


def plugin(folder: Path, text: str) -> Origin:
    file = folder / "mine.py"
    file.write_text(text, encoding="utf-8")
    return Origin("file", str(file))


GOOD = """
from types import SimpleNamespace
MODELS = [SimpleNamespace(name="mine", build=lambda problem, seed: None)]
"""


def test_a_model_needs_a_name_and_a_build_only(tmp_path: Path) -> None:
    (entry,) = describe(plugin(tmp_path, GOOD))
    assert (entry.kind, entry.name, entry.version, entry.title, entry.tags) == ("model", "mine", 1, "mine", ())
    assert entry.origin.title == "plugin mine.py"
    assert load_model(entry.origin, "mine").name == "mine"


def test_a_task_may_be_described_by_attributes_alone(tmp_path: Path) -> None:
    origin = plugin(
        tmp_path,
        "from types import SimpleNamespace\n"
        "from tasks.domains import Box\n"
        "TASKS = (SimpleNamespace(name='cube', title='Cube', formula='x^3', source='me', n_train=50, set_shape=(1, 1),"
        " function=lambda X: X[:, 0]**3, domain=Box(n_features=1), reach=3.0),)\n",
    )
    (entry,) = describe(origin)
    assert entry.kind == "task"
    task = load_task(origin, "cube")
    assert (task.reach, task.ladder_end, task.n_test) == (3.0, 4.0, 5000)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", r"plugin mine.py: it defines neither MODELS nor TASKS; end the file in MODELS = \(...\)"),
        ("MODELS = 3", "MODELS must be a tuple or list, got int$"),
        ("MODELS = (object(),)", "a model without a name has no attribute 'name'; a model needs name, build"),
        (GOOD.replace("build=", "built="), "model 'mine' has no attribute 'build'"),
        (GOOD.replace("lambda problem, seed: None", "5"), "build must be callable as build"),
        (GOOD.replace('"mine"', '"My Model"'), "name 'My Model' is not allowed; use 1 to 64 of a-z"),
        (GOOD.replace('"mine"', '"a|b"'), "is not allowed"),
        (GOOD.replace('name="mine"', 'name="mine", version="2"'), "version must be of type int, got '2'"),
        (GOOD.replace('name="mine"', 'name="mine", tags="set"'), "tags must be of type tuple, got 'set'"),
        (GOOD.replace('name="mine"', 'name="mine", tags=(1,)'), "tags must be strings"),
        (GOOD + "MODELS = MODELS * 2", "model 'mine' is defined twice"),
        ("import nosuchlibrary", r"importing it raised ModuleNotFoundError: No module named .* \(line 1\)"),
        ("\nraise RuntimeError('boo')", r"mine.py: importing it raised RuntimeError: boo \(line 2\)"),
        ("import sys; sys.exit(3)", "importing it raised SystemExit: 3"),
        ("def f(:", "importing it raised SyntaxError"),
        (
            "from types import SimpleNamespace\nTASKS = (SimpleNamespace(name='t'),)",
            "task 't' has no attribute 'title'; a task needs name, title, formula",
        ),
    ],
)
def test_a_bad_plugin_is_refused_with_its_file_and_fault(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PluginError, match=said) as caught:
        describe(plugin(tmp_path, text))
    assert "mine.py" in str(caught.value)


DOMAIN = [name for name in vars(Domain) if not name.startswith("_")]


@pytest.mark.parametrize("method", DOMAIN)
def test_a_domain_without_a_method_of_its_protocol_is_refused(tmp_path: Path, method: str) -> None:
    others = {name: 1 for name in DOMAIN if name != method}
    origin = plugin(
        tmp_path,
        "from types import SimpleNamespace\n"
        "TASKS = (SimpleNamespace(name='cube', title='Cube', formula='x^3', source='me', n_train=50, set_shape=(1, 1),"
        f" function=lambda X: X[:, 0]**3, domain=SimpleNamespace(**{others})),)\n",
    )
    with pytest.raises(PluginError, match=f"its domain has no {method!r}; see tasks.base.Domain"):
        describe(origin)


def test_a_missing_plugin_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="no such Python file"):
        describe(Origin("file", str(tmp_path / "nowhere.py")))


def entry(name: str, where: str) -> Entry:
    origin = Origin("file", where)
    return Entry("model", name, 1, name, "", (), origin, where)


def test_two_models_of_one_name_are_refused() -> None:
    with pytest.raises(PluginError, match=r"plugin b.py: model 'same' is already defined in plugin a.py"):
        catalogue([entry("same", "a.py"), entry("same", "b.py")])


def test_a_catalogue_is_read_only(catalogue: Catalogue) -> None:
    with pytest.raises(TypeError):
        catalogue.models["new"] = entry("new", "new.py")  # type: ignore[index]


def test_names_are_unique_without_regard_to_case(catalogue: Catalogue) -> None:
    for entries in (catalogue.tasks, catalogue.models):
        assert {name.lower() for name in entries} == set(entries)


def test_an_unknown_name_suggests_the_nearest() -> None:
    error = unknown("task", "sqare", ["square", "sum"])
    assert str(error) == "unknown task 'sqare'. Did you mean 'square'? Known: square, sum."
    assert error.exit_code == 2
    assert "Did you mean" not in str(unknown("task", "zzz", ["square", "sum"]))


def test_of_many_names_the_nearest_are_listed_and_the_rest_are_counted() -> None:
    names = [f"model-{i:03}" for i in range(100)]
    words = str(unknown("model", "modle-007", names))
    assert words.startswith("unknown model 'modle-007'. Did you mean 'model-007'? Known: model-007, ")
    assert words.endswith(" and 92 more.")
    assert str(unknown("model", "?", names)).endswith(
        "Known: model-000, model-001, model-002, model-003, model-004, model-005, model-006, model-007 and 92 more."
    )
    assert str(unknown("model", "?", names[:3])) == "unknown model '?'. Known: model-000, model-001, model-002."
