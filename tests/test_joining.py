"""What strangers meet first: the guide to the board, the forms, the workflows and the citation say what is so."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.citation import wrong_in
from tests.conftest import ROOT, CommandLine
from tests.test_noxfile import named_in, sessions

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml"))
JOINING = (ROOT / "docs" / "joining.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# What may stand for a path: it has a folder, or an ending that files here have.
PATHS = re.compile(r"(?<![\w./$-])\.?(?:[\w.-]+/)+[\w.*-]*|(?<![\w./-])\w+\.(?:html|md|py|toml|txt|cff)\b")


def parsed(path: Path) -> dict[str, Any]:
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    # YAML 1.1 reads the key `on` as a truth value.
    return {"on" if key is True else key: value for key, value in found.items()}


def jobs(workflow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from workflow["jobs"].values()


def steps(workflow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (step for job in jobs(workflow) for step in job["steps"])


def commands(workflow: dict[str, Any]) -> str:
    return "\n".join(step["run"] for step in steps(workflow) if "run" in step)


each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def test_there_is_a_workflow_for_tests_for_figures_and_for_the_page() -> None:
    assert [path.stem for path in WORKFLOWS] == ["pages", "tests", "verify"]


@each_workflow
def test_a_workflow_calls_sessions_that_there_are(path: Path) -> None:
    text = commands(parsed(path))
    named = named_in(text)
    assert named <= sessions()
    assert text.count("nox -s") + text.count("nox --install-only -s") == len(re.findall(r"python -m nox ", text))
    assert bool(named) == (path.stem != "pages")


@each_workflow
def test_a_workflow_names_files_that_there_are(path: Path) -> None:
    workflow = parsed(path)
    text = commands(workflow)
    made = set(re.findall(r"mkdir (\S+)", text))
    paths = {word for word in PATHS.findall(text) if word.split("/")[0] not in made}
    triggers = workflow["on"].values() if isinstance(workflow["on"], dict) else ()
    paths |= {each for trigger in triggers if trigger for each in trigger.get("paths", ())}
    assert {each for each in paths if not (ROOT / each).exists()} == set()
    if path.stem == "pages":
        assert "results/index.html" in paths
        [upload] = (step for step in steps(workflow) if "upload-pages-artifact" in step.get("uses", ""))
        assert upload["with"]["path"] in made


@each_workflow
def test_a_workflow_may_do_no_more_than_it_says_and_sees_no_secret(path: Path) -> None:
    workflow, text = parsed(path), path.read_text(encoding="utf-8")
    assert workflow["permissions"] == {"contents": "read"}
    allowed = {"contents": "read", "pages": "write", "id-token": "write"} if path.stem == "pages" else None
    assert [job.get("permissions") for job in jobs(workflow)] == [allowed]
    assert "secrets" not in text
    assert "pull_request_target" not in workflow["on"]
    # What a stranger may choose, such as the name of a branch, is no part of a command.
    assert "${{" not in commands(workflow)
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@each_workflow
def test_a_workflow_pins_its_actions_ends_and_does_not_run_twice(path: Path) -> None:
    workflow = parsed(path)
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"actions/[a-z-]+@v[1-9][0-9]*", name)] == []
    assert all(job["timeout-minutes"] > 0 for job in jobs(workflow))
    assert workflow["concurrency"]["group"].split("-${{")[0] == path.stem
    # A page that is half deployed is not stopped.
    assert workflow["concurrency"]["cancel-in-progress"] is (path.stem != "pages")


def test_the_tests_run_on_every_python_and_system_that_is_promised() -> None:
    workflow = parsed(GITHUB / "workflows" / "tests.yml")
    [job] = jobs(workflow)
    assert job["strategy"]["matrix"] == {"os": ["ubuntu-latest", "macos-latest"], "python": ["3.11", "3.12", "3.13"]}
    assert PROJECT["requires-python"] == f">={job['strategy']['matrix']['python'][0]}"
    assert job["runs-on"] == "${{ matrix.os }}"
    assert {"tests", "lint", "types"} <= named_in(commands(workflow))
    assert workflow["on"] == {"push": {"branches": ["main"]}, "pull_request": None}


def test_figures_are_verified_on_pull_requests_with_the_table_as_summary(command_line: CommandLine) -> None:
    workflow = parsed(GITHUB / "workflows" / "verify.yml")
    assert workflow["on"] == {"pull_request": None}
    checkout = next(steps(workflow))
    # Nothing can be compared with a history of one commit.
    assert checkout["with"]["fetch-depth"] == 0
    [step] = (step for step in steps(workflow) if "-s verify" in step.get("run", ""))
    assert step["run"] == 'python -m nox -s verify -- --against HEAD^1 | tee -a "$GITHUB_STEP_SUMMARY"'
    # GitHub's own shell, unless bash is named, would end as `tee` does.
    assert step["shell"] == "bash"
    assert "--against" in command_line("verify", "--help").stdout


def test_the_page_is_put_online_from_the_main_branch_alone() -> None:
    workflow = parsed(GITHUB / "workflows" / "pages.yml")
    assert workflow["on"]["push"]["branches"] == ["main"]
    assert set(workflow["on"]) == {"push", "workflow_dispatch"}
    [job] = jobs(workflow)
    assert job["if"] == "github.ref == 'refs/heads/main'"


def test_there_is_a_form_for_a_model_and_one_for_a_question() -> None:
    assert [path.stem for path in FORMS] == ["model", "question"]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_is_one_that_github_takes(path: Path) -> None:
    form = parsed(path)
    assert set(form) == {"name", "description", "title", "labels", "body"}
    asked = [part for part in form["body"] if part["type"] != "markdown"]
    assert {part["type"] for part in asked} <= {"input", "textarea", "dropdown", "checkboxes"}
    identifiers = [part["id"] for part in asked]
    assert len(set(identifiers)) == len(identifiers)
    assert all(part["attributes"]["label"] for part in asked)
    assert any(part["validations"]["required"] for part in asked)


def test_what_forms_and_template_name_is_there() -> None:
    for path in (*FORMS, GITHUB / "pull_request_template.md"):
        text = path.read_text(encoding="utf-8")
        assert named_in(text) <= sessions()
        assert {each for each in PATHS.findall(text) if not (ROOT / each).exists()} == set(), path.name


def test_the_guide_is_linked_and_names_files_that_there_are() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        assert "](docs/joining.md)" in (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:benchmark|tasks|models|tests|results)/[a-z_/]*(?:\.py)?)`", JOINING))
    assert {"benchmark/store/audit.py", "models/"} <= named
    # What a run makes is not there before.
    assert {name for name in named - {"results/local/"} if not (ROOT / name).exists()} == set()


def test_the_guide_gives_commands_with_options_that_there_are(command_line: CommandLine) -> None:
    given = re.findall(r"python -m nox -s (\w+) -- (.*)", JOINING)
    assert {name for name, _ in given} >= {"bench", "check"}
    # What lies in a room already is no plugin: its names would be there twice.
    assert [words for _, words in given if re.search(r"(?:^|--plugin )(?:models|tasks)/", words)] == []
    for name, words in given:
        if name == "tests":
            assert (ROOT / words).is_file()
            continue
        known = command_line({"bench": "run"}.get(name, name), "--help").stdout
        for option in re.findall(r"--[a-z-]+", words):
            assert f"{option} " in known, f"{name} has no {option}"
    for name in ("--against", "--all"):
        assert f"`-- {name}" in JOINING


def test_a_citation_that_a_schema_refuses_says_where() -> None:
    schema = {"properties": {"title": {"type": "string"}, "date-released": {"type": "string"}}, "required": ["title"]}
    assert wrong_in("title: fnbench\ndate-released: 2026-01-31\n", schema) == []
    assert wrong_in("title: 3\n", schema) == ["CITATION.cff, $.title: 3 is not of type 'string'"]
    assert wrong_in("message: none\n", schema) == ["CITATION.cff, $: 'title' is a required property"]


def test_the_citation_agrees_with_the_project() -> None:
    # The schema of the format is asked by `nox -s lint`; this is what else it has to be.
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert set(citation) == {
        *("cff-version", "message", "type", "title", "abstract", "version", "license", "authors", "keywords")
    }
    assert (citation["title"], citation["version"]) == (PROJECT["name"], PROJECT["version"])
    assert (citation["abstract"], citation["license"]) == (PROJECT["description"], PROJECT["license"])
    assert citation["type"] == "software"
    assert isinstance(citation["version"], str)
    assert citation["authors"] == [{"name": "The fnbench authors"}]
    assert "the fnbench authors" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert all(isinstance(word, str) for word in (citation["message"], *citation["keywords"]))
