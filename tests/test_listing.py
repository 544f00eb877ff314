"""What `list` shows, and how it is narrowed."""

import json
import re

import pytest

from benchmark.catalogue.listing import Listing, listing
from benchmark.catalogue.registry import Catalogue
from benchmark.errors import NothingSelectedError, UsageError
from tasks.suites import SUITES


def listed(found: Catalogue, **options: list[str]) -> Listing:
    given: dict[str, list[str]] = {"tasks": [], "models": [], "tags": [], "suites": []} | options
    return listing(found, **given)


def test_everything_stands_in_columns_that_the_longest_name_fits(catalogue: Catalogue) -> None:
    lines = listed(catalogue).text.splitlines()
    rows = [line for line in lines if line.startswith("  ")]
    names = [re.split(r"  +", row.strip())[0] for row in rows]
    # Tasks of the literature are listed suite by suite.
    literature = {*SUITES["all"].tasks} - {*SUITES["core"].tasks}
    # A suite and a model may have one name: `nalu` is a paper's functions, and its network.
    assert sorted(names) == sorted([*SUITES, *({*catalogue.tasks} - literature), *catalogue.models])
    assert "Equations of Feynman's lectures (120 tasks, 3 seeds)" in rows[names.index("feynman")]
    widths = {row.index(re.split(r"  +", row.strip())[1]) for row in rows}
    assert widths == {2 + max(map(len, names)) + 2}


def test_names_and_tags_narrow(catalogue: Catalogue) -> None:
    one = listed(catalogue, tasks=["s*"], tags=["core"])
    assert ([e.name for e in one.tasks], one.models) == (["sum", "square", "sinc", "smooth"], ())
    assert one.text.startswith("tasks:\n")
    assert "models:" not in one.text
    assert {e.name for e in listed(catalogue, models=["asked-small*"]).models} == {
        *("asked-small", "asked-small-own-range", "asked-small-5000-epochs")
    }
    assert {e.name for e in listed(catalogue, tags=["core"]).models} >= {"relu-mlp", "polynomial-2"}


def test_a_suite_lists_its_tasks_with_formulas_and_ranges(catalogue: Catalogue) -> None:
    found = listed(catalogue, suites=["koza"])
    assert ([e.name for e in found.tasks], found.models) == (["koza-2", "koza-3", "nguyen-2"], ())
    assert [line.strip() for line in found.text.splitlines()[1:4]] == [
        "koza-2    Koza 2 (tasks/koza.py)",
        "x1**5 - 2*x1**3 + x1",
        "200 rows of U[-1, 1]; outside uniform on [-2, 2] beyond [-1, 1]",
    ]
    assert [e.name for e in listed(catalogue, suites=["koza"], tasks=["n*"]).tasks] == ["nguyen-2"]
    task = json.loads(found.json)["tasks"][2]
    assert (task["formula"], task["n_train"]) == ("x1**4 + x1**3 + x1**2 + x1", 200)
    assert task["suites"] == ["koza", "neat", "nguyen"]
    with pytest.raises(UsageError, match="unknown suite 'kozza'"):
        listed(catalogue, suites=["kozza"])
    with pytest.raises(NothingSelectedError, match="nothing of these names stands in the suite 'koza'"):
        listed(catalogue, suites=["koza"], tasks=["sum"])


def test_the_same_as_json(catalogue: Catalogue) -> None:
    data = json.loads(listed(catalogue, models=["relu-mlp"]).json)
    assert data["tasks"] == []
    (model,) = data["models"]
    assert model == {
        "name": "relu-mlp",
        "title": catalogue.models["relu-mlp"].title,
        "source": catalogue.models["relu-mlp"].source,
        "version": catalogue.models["relu-mlp"].version,
        "tags": ["core"],
        "origin": "models/mlp.py",
    }


def test_a_name_or_tag_that_does_not_exist_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match=r"unknown task 'sqare'. Did you mean 'square'"):
        listed(catalogue, tasks=["sqare"])
    with pytest.raises(UsageError, match=r"unknown tag 'coer'. Did you mean 'core'"):
        listed(catalogue, tags=["coer"])
    with pytest.raises(NothingSelectedError, match="nothing of these names has the tag 'core'"):
        listed(catalogue, models=["asked-*"], tags=["core"])
