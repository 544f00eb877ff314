"""The command line as a person meets it: every option changes what it says, every mistake gets its sentence."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmark import cli, pipeline, telling
from benchmark.errors import UsageError
from benchmark.run.work import Trouble
from tests.conftest import PLUGINS, ROOT, CommandLine

pytestmark = pytest.mark.usefixtures("libraries", "without_pictures")

TINY = ("--plugin", PLUGINS / "tiny.py")
ONE = (*TINY, "--task", "tiny", "--model", "line", "--no-timing", "--seeds", "2")


def seeds(results: Path, model: str = "line") -> list[int]:
    record = json.loads((results / "records" / "tiny" / f"{model}.json").read_text(encoding="utf-8"))
    return [seed["seed"] for seed in record["seeds"]]


def test_run_prints_the_board_and_where_the_rest_is(command_line: CommandLine, tmp_path: Path) -> None:
    done = command_line("run", *ONE, "--results", tmp_path / "r")
    assert done.returncode == 0, done.stderr
    assert "`line`" in done.stdout
    assert "**Outside the training range**" in done.stdout
    assert "leaderboard.md" in done.stderr
    assert "[accuracy 1/1, 0 s left] tiny / line: ok" in done.stderr
    assert seeds(tmp_path / "r") == [0, 1]
    assert {p.name for p in (tmp_path / "r").iterdir() if p.name[0] != "."} >= {
        *("README.md", "leaderboard.csv", "leaderboard.md", "records", "tasks")
    }


def test_seeds_task_model_and_tag_select(command_line: CommandLine, tmp_path: Path) -> None:
    done = command_line("run", *TINY, "--tag", "tiny", "--seeds", 3, "--no-timing", "--results", tmp_path / "r")
    assert done.returncode == 0, done.stderr
    assert seeds(tmp_path / "r", "oracle") == seeds(tmp_path / "r") == [0, 1, 2]
    assert [p.name for p in (tmp_path / "r" / "records").iterdir()] == ["tiny"]


def test_dry_run_lists_the_reasons_and_writes_nothing(command_line: CommandLine, tmp_path: Path) -> None:
    done = command_line("run", *ONE, "--results", tmp_path / "r", "--dry-run")
    assert done.returncode == 0
    assert "accuracy  tiny / line, 2 seeds: new" in done.stdout
    assert "1 cell to run" in done.stdout
    assert not (tmp_path / "r").exists()


def test_a_dry_run_of_a_shard_lists_its_cells_alone(command_line: CommandLine, tmp_path: Path) -> None:
    options = (*TINY, "--tag", "tiny", "--no-timing", "--results", tmp_path / "r", "--dry-run")
    listed = [command_line("run", *options, "--shard", f"{k}/2").stdout for k in (1, 2)]
    assert all("1 cell to run" in each for each in listed)
    assert sorted(model for model in ("line", "oracle") for each in listed if f"tiny / {model}," in each) == [
        *("line", "oracle")
    ]


def test_fresh_runs_again_and_retry_failed_runs_the_failed(command_line: CommandLine, tmp_path: Path) -> None:
    bad = (*TINY, "--plugin", PLUGINS / "misbehaving.py", "--task", "tiny", "--model", "raises-at-seed-one")
    options = (*bad, "--no-timing", "--seeds", 2, "--results", tmp_path / "r")
    first = command_line("run", *options)
    assert first.returncode == 1
    assert "failed: tiny / raises-at-seed-one, 1 of 2 seeds: RuntimeError: one is unlucky" in first.stderr
    assert "Seeds: 1 failed, 1 ok." in first.stderr
    stays = command_line("run", *options, "--dry-run")
    assert "0 cells to run" in stays.stdout
    again = command_line("run", *options, "--dry-run", "--retry-failed")
    assert "tiny / raises-at-seed-one, 1 seed: failed before" in again.stdout
    fresh = command_line("run", *options, "--dry-run", "--fresh")
    assert "tiny / raises-at-seed-one, 2 seeds: asked for with --fresh" in fresh.stdout


def test_a_dry_run_asks_no_cluster_and_says_so(command_line: CommandLine, tmp_path: Path) -> None:
    done = command_line("run", *ONE, "--results", tmp_path / "r", "--dry-run", "--cluster", "tcp://127.0.0.1:9")
    assert done.returncode == 0, done.stderr
    assert "accuracy  tiny / line, 2 seeds: new" in done.stdout
    assert done.stderr.startswith("the cluster is not asked: ")


def test_a_cluster_without_dask_says_what_to_install(
    command_line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To an import that is one of what is not installed.
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = command_line("run", *ONE, "--results", tmp_path / "r", "--cluster", "local")
    assert done.returncode == 2
    assert "error: --cluster needs the package 'distributed', which cannot be imported here" in done.stderr
    assert "`python -m nox -s bench -- --cluster ...` installs it" in done.stderr
    assert not (tmp_path / "r").exists()


def test_quick_means_three_seeds_fewer_steps_and_a_folder_of_its_own(command_line: CommandLine, tmp_path: Path) -> None:
    words = ("run", *TINY, "--task", "tiny", "--model", "relu-mlp", "--no-timing", "--quick", "--dry-run")
    done = command_line(*words)
    assert "tiny / relu-mlp, 3 seeds: new" in done.stdout
    run = command_line(*words[:-1], "--results", tmp_path / "r")
    assert run.returncode == 0, run.stderr
    record = json.loads((tmp_path / "r" / "records" / "tiny" / "relu-mlp.json").read_text(encoding="utf-8"))
    assert {seed["settings"]["steps"] for seed in record["seeds"]} == {400}


def test_timing_is_made_unless_it_is_left_out(command_line: CommandLine, tmp_path: Path) -> None:
    words = [word for word in ONE if word != "--no-timing"]
    done = command_line("run", *words, "--results", tmp_path / "r")
    assert done.returncode == 0, done.stderr
    kept = {path.stem for path in (tmp_path / "r" / "timing").glob("*/*.json")}
    assert kept == {"line", "linear-net"}
    assert "[timing 2/2" in done.stderr


def test_timeout_ends_a_cell_and_jobs_are_taken(command_line: CommandLine, tmp_path: Path) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text(
        "import time\nfrom types import SimpleNamespace\n"
        "class Slow:\n    def fit(self, X, y):\n        time.sleep(60)\n    predict = fit\n"
        "MODELS = (SimpleNamespace(name='slow', build=lambda problem, seed: Slow()),)\n",
        encoding="utf-8",
    )
    done = command_line(
        *("run", *TINY, "--plugin", slow, "--task", "tiny", "--model", "slow", "--model", "line"),
        # The same limit is that of importing a plugin, which a busy machine does slowly.
        *("--jobs", 1, "--timeout", 10, "--no-timing", "--seeds", 1, "--results", tmp_path / "r"),
    )
    assert done.returncode == 1
    assert "timeout: tiny / slow, 1 of 1 seeds: stopped after 10 s (--timeout)" in done.stderr
    assert seeds(tmp_path / "r") == [0]


def test_memory_ends_a_cell(command_line: CommandLine, tmp_path: Path) -> None:
    greedy = tmp_path / "greedy.py"
    greedy.write_text(
        "import numpy as np\nfrom types import SimpleNamespace\n"
        "class Greedy:\n    def fit(self, X, y):\n        self.much = np.zeros(200 * 2**17)\n"
        "    def predict(self, X):\n        return X[:, 0]\n"
        "MODELS = (SimpleNamespace(name='greedy', build=lambda problem, seed: Greedy()),)\n",
        encoding="utf-8",
    )
    words = ("run", *TINY, "--plugin", greedy, "--task", "tiny", "--model", "greedy", "--no-timing", "--seeds", 1)
    assert command_line(*words, "--results", tmp_path / "a", "--memory", 2000).returncode == 0
    done = command_line(*words, "--results", tmp_path / "b", "--memory", 100)
    assert done.returncode == 1
    assert "out-of-memory: tiny / greedy" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--task", "sqare"], 2, "unknown task 'sqare'. Did you mean 'square'? Known:"),
        (["--model", "relu-mpl"], 2, "unknown model 'relu-mpl'. Did you mean 'relu-mlp'? Known:"),
        (["--tag", "coer"], 2, "unknown tag 'coer'. Did you mean 'core'? Known:"),
        (["--model", ""], 5, "selects no model"),
        (["--task", "zz*"], 5, "selects no task"),
        (["--seeds", "0"], 2, "--seeds must be greater than 0, got 0"),
        (["--jobs", "-1"], 2, "--jobs must be greater than 0, got -1"),
        (["--timeout", "0"], 2, "--timeout must be greater than 0, got 0"),
        (["--memory", "0"], 2, "--memory must be greater than 0, got 0"),
        (["--seeds", "many"], 2, "Input should be a valid integer"),
        (["--plugin", "nowhere.py"], 2, "no such Python file"),
        (["--nonsense"], 2, "No such option"),
        (["--cluster", "host:8786"], 2, "--cluster must be 'local' or the address of a Dask scheduler such as"),
        (["--cluster", ""], 2, "'tcp://host:8786', got ''"),
        (["--shard", "4/3"], 2, "--shard must be K/N with K from 1 to N, such as 2/8, got '4/3'"),
        (["--shard", "0/3"], 2, "such as 2/8, got '0/3'"),
        (["--shard", "two"], 2, "such as 2/8, got 'two'"),
        (["--shard", "1/3", "--cluster", "local"], 2, "and --cluster gives them out; use one"),
    ],
)
def test_a_mistake_gets_its_code_and_sentence(
    command_line: CommandLine, tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    done = command_line("run", *words, "--results", tmp_path / "r")
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "r").exists()


def test_a_bad_plugin_ends_before_anything_runs(command_line: CommandLine, tmp_path: Path) -> None:
    twice = tmp_path / "twice.py"
    twice.write_text(
        "from models.base import Model\nMODELS = (Model(name='relu-mlp', build=lambda p, s: None),)\n", encoding="utf-8"
    )
    done = command_line("run", "--plugin", twice, "--results", tmp_path / "r")
    assert done.returncode == 2
    assert "plugin twice.py: model 'relu-mlp' is already defined in models/mlp.py" in done.stderr
    assert not (tmp_path / "r").exists()


def test_a_folder_that_holds_something_else_is_left_alone(command_line: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine", encoding="utf-8")
    done = command_line("run", *ONE, "--results", tmp_path)
    assert done.returncode == 2
    assert "holds something else ('thesis.tex')" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]
    file = command_line("run", *ONE, "--results", tmp_path / "thesis.tex")
    assert file.returncode == 2
    assert "is a file; name a folder" in file.stderr


def test_report_renders_from_the_folder_alone_and_check_notices_an_edit(
    command_line: CommandLine, tmp_path: Path
) -> None:
    results = tmp_path / "r"
    assert command_line("run", *ONE, "--results", results).returncode == 0
    board = (results / "leaderboard.md").read_bytes()
    assert command_line("report", "--check", "--results", results).returncode == 0
    (results / "leaderboard.md").write_text("better numbers", encoding="utf-8")
    stale = command_line("report", "--check", "--results", results)
    assert stale.returncode == 1
    assert "leaderboard.md does not follow from the records" in stale.stderr
    assert command_line("report", "--results", results).returncode == 0
    assert (results / "leaderboard.md").read_bytes() == board


def test_a_board_is_exported_to_the_screen_or_to_a_file(command_line: CommandLine, tmp_path: Path) -> None:
    results = tmp_path / "r"
    assert command_line("run", *ONE, "--results", results).returncode == 0
    printed = command_line("report", "--results", results, "--format", "csv")
    assert printed.stdout == (results / "leaderboard.csv").read_text(encoding="utf-8")
    done = command_line("report", "--results", results, "--format", "tex", "--output", tmp_path / "board.tex")
    assert done.returncode == 0
    assert (tmp_path / "board.tex").read_bytes() == (results / "leaderboard.tex").read_bytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--format", "jsno"), "unknown form 'jsno'. Did you mean 'json'"),
        (("--output", "board.tex"), "--output 'board.tex' needs a form; add --format md, tex, csv or json"),
        (("--format", "csv", "--output", "nowhere/board.csv"), "cannot be written: No such file or directory"),
        (("--tolerance", "10"), "above 0 and at most 1, such as 0.1 for 10 %; got 10.0"),
        (("--check", "--tolerance", "0.1"), "leave out --tolerance 0.1"),
    ],
)
def test_an_export_that_cannot_be_is_refused(command_line: CommandLine, words: tuple[str, ...], message: str) -> None:
    done = command_line("report", *words)
    assert done.returncode == 2
    assert message in done.stderr


def test_variants_are_run_kept_and_resumed_like_any_task_and_stay_off_the_board(
    command_line: CommandLine, tmp_path: Path
) -> None:
    results = tmp_path / "r"
    words = ("run", "--task", "square", "--model", "least-squares", "--rows", "10,20", "--seeds", "1", "--no-timing")
    done = command_line(*words, "--results", results)
    assert done.returncode == 0
    assert sorted(path.name for path in (results / "records").iterdir()) == ["square-10-rows", "square-20-rows"]
    assert "square-10-rows" not in (results / "leaderboard.csv").read_text(encoding="utf-8")
    assert "| 10 |" in re.sub(" +", " ", (results / "axes.md").read_text(encoding="utf-8"))
    again = command_line(*words, "--results", results)
    assert "Ran 0 cells" in again.stdout + again.stderr
    assert command_line("report", "--check", "--results", results).returncode == 0
    refused = command_line(*words[:5], "--rows", "none", "--results", results)
    assert refused.returncode == 2
    assert "rows must be whole numbers from 2 on" in refused.stderr


def test_a_variant_that_is_a_task_already_is_refused(command_line: CommandLine) -> None:
    refused = command_line("run", "--task", "vladislavleva-6", "--rows", "30", "--dry-run")
    assert refused.returncode == 2
    assert "task 'vladislavleva-6-30-rows' is there already, as a task of its own" in refused.stderr


def test_an_unreadable_record_is_reported_and_kept(command_line: CommandLine, tmp_path: Path) -> None:
    results = tmp_path / "r"
    command_line("run", *ONE, "--results", results)
    record = results / "records" / "tiny" / "line.json"
    record.write_text("{", encoding="utf-8")
    done = command_line("report", "--results", results)
    assert done.returncode == 1
    assert "unreadable, skipped:" in done.stderr
    assert "line.json" in done.stderr
    assert record.read_text(encoding="utf-8") == "{"


def test_list_shows_everything_with_its_origin(command_line: CommandLine) -> None:
    done = command_line("list", *TINY)
    assert done.returncode == 0
    assert "(plugin tiny.py)" in done.stdout
    assert "(tasks/core.py)" in done.stdout


def test_check_says_what_holds_and_what_does_not(command_line: CommandLine) -> None:
    good = command_line("check", PLUGINS / "tiny.py")
    assert good.returncode == 0
    assert "keeps the contract; use it with --plugin" in good.stderr
    assert "model line: fits and predicts 6 features" in good.stdout
    bad = command_line("check", PLUGINS / "misbehaving.py")
    assert bad.returncode == 1
    assert "failed model raises-in-fit: fits and predicts 1 feature: RuntimeError: no such luck" in bad.stdout
    assert "does not keep the contract" in bad.stderr


def test_what_is_wrong_with_many_cells_alike_is_told_once_and_ends_before_the_log(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.touch()

    def trouble(name: str, reason: str, log: Path | None = None) -> Trouble:
        return Trouble(name, "failed", reason, log, name.split(" / ")[1].split(",")[0])

    told = telling.of_troubles(
        [
            trouble("sum / svr, 1 of 1 seeds", "dtype float64", log),
            trouble("sinc / svr, 1 of 1 seeds", "dtype float64", log),
            trouble("square / svr, 1 of 1 seeds", "dtype float64"),
            trouble("sum / knn, 1 of 1 seeds", "Enough!", log),
            trouble("sum / gp, 1 of 1 seeds", "no log"),
            trouble("sum / rf, 1 of 1 seeds", "no log"),
        ]
    )
    assert [*told] == [
        f"failed: sum / svr, 1 of 1 seeds (and 2 cells more): dtype float64. Its output: {log}",
        f"failed: sum / knn, 1 of 1 seeds: Enough! Its output: {log}",
        "failed: sum / gp, 1 of 1 seeds: no log",
        "failed: sum / rf, 1 of 1 seeds: no log",
    ]


SUMMARY = pipeline.Summary(
    n_cells=1,
    n_timed=0,
    stale=["sum / net (engine changed)"],
    without_card=["flat"],
    n_published=0,
    n_audited=2,
    differing=["sum / net, seed 3: failed, kept as ok"],
    statuses={"ok": 10},
    troubles=[],
    bad_files=(),
    accuracy_seconds=1.0,
    timing_seconds=0.0,
    top="the board",
)


def test_a_summary_counts_in_words(tmp_path: Path) -> None:
    lines = [*telling.of_summary(SUMMARY, tmp_path)]
    assert lines[:6] == [
        "Seeds: 10 ok.",
        "1 task without a card, so that the cells are not shown: flat",
        "1 cell on the board was made by other code than today's: sum / net (engine changed)",
        "Ran 1 cell in 1.0 s and timed 0 in 0.0 s.",
        "Audited: 2 published cells run again and differ.",
        "differs: sum / net, seed 3: failed, kept as ok",
    ]
    three = replace(SUMMARY, n_cells=3, stale=["a (x changed)", "b", "c"], without_card=[], n_audited=0)
    lines = [*telling.of_summary(three, tmp_path)]
    assert lines[1:3] == [
        "3 cells on the board were made by other code than today's: a (x changed) and 2 more",
        "Ran 3 cells in 1.0 s and timed 0 in 0.0 s.",
    ]


def test_a_file_that_hides_a_module_of_pythons_is_told(tmp_path: Path) -> None:
    (tmp_path / "random.py").write_text("MODELS = ()\n", encoding="utf-8")
    command = [sys.executable, "-m", "benchmark", "list"]
    there = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=there, capture_output=True, text=True, check=False)
    expected = f"error: random.py in {str(tmp_path)!r} hides Python's module 'random'; give it another name\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", expected)


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (
            "Path(__file__).unlink()",
            "mine.py: it cannot be read any more (No such file or directory); leave",
        ),
        ("Path(__file__).write_text('def f(:')", "mine.py: it is no Python source any more (SyntaxError: "),
    ],
)
def test_a_plugin_that_goes_or_breaks_once_it_is_listed_is_told(
    command_line: CommandLine, tmp_path: Path, deed: str, said: str
) -> None:
    text = (PLUGINS / "tiny.py").read_text(encoding="utf-8")
    (tmp_path / "mine.py").write_text(f"from pathlib import Path\n{deed}\n{text}", encoding="utf-8")
    done = command_line("run", "--plugin", tmp_path / "mine.py", "--task", "tiny", "--results", tmp_path / "r")
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {said}")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("words", [(), ("--check",)])
def test_report_makes_no_folder(tmp_path: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=r"there is no results folder '.*TYPO'; name one that a run has written"):
        cli.report(tmp_path / "TYPO", check=bool(words))
    assert not (tmp_path / "TYPO").exists()


def test_it_says_its_version(command_line: CommandLine) -> None:
    done = command_line("--version")
    assert (done.returncode, done.stdout) == (0, "fnbench 0.1.0\n")


def test_list_is_narrowed_and_gives_json(command_line: CommandLine) -> None:
    done = command_line("list", *TINY, "--tag", "tiny", "--json")
    said = json.loads(done.stdout)
    assert said.pop("suites") == {}
    assert {kind: [each["name"] for each in there] for kind, there in said.items()} == {
        "tasks": ["tiny"],
        "models": ["line", "oracle"],
    }


def installed(folder: Path, group: str, module: str, text: str) -> str:
    """Lay out what pip would have installed, and return the path to find it on."""
    (folder / f"{module}.py").write_text(text, encoding="utf-8")
    about = folder / "my_models-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: my-models\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[{group}]\nmine = {module}\n", encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize("group", ["fnbench.models", "fnbench.tasks"])
def test_an_installed_distribution_offers_its_own(
    command_line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: str
) -> None:
    (tmp_path / "site").mkdir()
    path = installed(tmp_path / "site", group, "tiny_things", (PLUGINS / "tiny.py").read_text(encoding="utf-8"))
    words = ("run", "--task", "tiny", "--model", "oracle", "--seeds", 1, "--results", tmp_path / "r")
    # As PYTHONPATH names it to a process.
    monkeypatch.setattr(sys, "path", [*sys.path, path])
    done = command_line(*words)
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "r" / "records" / "tiny" / "oracle.json").read_text(encoding="utf-8"))
    assert record["model_origin"] == "installed module tiny_things"
    assert len(list((tmp_path / "r" / "timing").glob("*/oracle.json"))) == 1


def test_a_broken_distribution_is_named(process: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    path = installed(tmp_path / "site", "fnbench.models", "broken_things", "raise RuntimeError('boo')\n")
    done = process("list", PYTHONPATH=path)
    assert done.returncode == 2
    assert "installed module broken_things: importing it raised RuntimeError: boo" in done.stderr


def test_nothing_to_do_needs_no_torch() -> None:
    probe = (
        "import sys; from benchmark.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "heavy = {'torch', 'sklearn', 'xgboost', 'pytest', 'dask', 'distributed'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    # All that is published is read, and two that practise here are planned for. What is timed practises networks.
    words = ["run", "--dry-run", "--no-timing", "--task", "square", "--model", "polynomial-2"]
    environment = {**os.environ, "PYTHONPATH": str(PLUGINS.parents[1])}
    command = [sys.executable, "-c", probe, *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "0 cells to run" in done.stdout
