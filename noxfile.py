"""The sessions, which `nox -l` lists. Options after `--` are handed on."""

import json
import os
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests", "lint", "types"]

PYPROJECT = nox.project.load_toml("pyproject.toml")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def install(session: nox.Session, *groups: str) -> None:
    """Install what rendering needs and the named dependency groups, as constraints.txt pins them."""
    wanted = [*PYPROJECT["project"]["dependencies"], *nox.project.dependency_groups(PYPROJECT, *groups)]
    # For a mirror, or PyTorch's own CPU wheels: https://download.pytorch.org/whl/cpu
    extra = os.environ.get("FNBENCH_EXTRA_INDEX_URL")
    session.install("-c", "constraints.txt", *wanted, *(["--extra-index-url", extra] if extra else []))
    session.env.update(ONE_THREAD)


def split_options(words: list[str], *names: str) -> tuple[list[list[str]], list[str]]:
    """Return each option of these names, with its value in a word of its own or in one word, and all other words."""
    found, others = [], []
    waiting = iter(words)
    for word in waiting:
        if word in names:
            found.append([word, next(waiting, "")])
        elif word.partition("=")[0] in names:
            found.append([word])
        else:
            others.append(word)
    return found, others


def split_installs(posargs: list[str]) -> tuple[list[str], list[str]]:
    """Return the distributions named by --install, and all other options."""
    found, others = split_options(posargs, "--install")
    return ["=".join(words).partition("=")[2] for words in found], others


def asks_for(options: list[str], name: str) -> bool:
    """Return whether an option is among these."""
    return any(word == name or word.startswith(f"{name}=") for word in options)


def values_of(options: list[str], names: tuple[str, ...]) -> list[str]:
    """Return the options of these names alone, each with its value."""
    found, _ = split_options(options, *names)
    return [word for words in found for word in words]


def install_groups_of_models(session: nox.Session, options: list[str]) -> None:
    """Install the further libraries of the models that these options name: most models need none."""
    named = values_of(options, ("--model", "--tag"))
    if not named:
        return
    named += values_of(options, ("--plugin",))
    # The command says itself what is wrong with these options.
    listed = str(
        session.run(
            "python", "-m", "benchmark", "list", "--json", *named, silent=True, log=False, success_codes=range(256)
        )
    )
    models = json.loads(listed)["models"] if listed.startswith("{") else []
    if groups := sorted({model["group"] for model in models if "group" in model}):
        install(session, *groups)


def install_to_run(session: nox.Session, distributions: list[str], options: list[str], *groups: str) -> None:
    """Install what running cells needs, and the distributions named by --install beside it."""
    if "" in distributions:
        session.error("--install needs the name or path of a distribution, such as --install ./my-models")
    install(session, *groups)
    if distributions:
        session.install("-c", "constraints.txt", *distributions)
    install_groups_of_models(session, options)


@nox.session
def bench(session: nox.Session) -> None:
    """Run what is missing, time it, render the leaderboard; --install DIST adds a plugin distribution."""
    distributions, options = split_installs(session.posargs)
    install_to_run(session, distributions, options, "run", *(["cluster"] if asks_for(options, "--cluster") else []))
    session.run("python", "-m", "benchmark", "run", *options)


def in_environment(session: nox.Session, name: str, *words: str, installs: tuple[str, ...] = ()) -> None:
    """Run `python words` in the environment of another session, which is made first if it is missing."""
    python = Path(session.cache_dir).parent / name / "bin" / "python"
    if installs or not python.exists():
        session.run(sys.executable, "-m", "nox", "-s", name, "--install-only", "--", *installs, external=True)
    session.run(str(python), *words, env=ONE_THREAD, external=True)


def in_bench(session: nox.Session, command: str) -> None:
    """Run another command of the benchmark in the environment of `bench`."""
    distributions, options = split_installs(session.posargs)
    installs = tuple(f"--install={name}" for name in distributions)
    in_environment(session, "bench", "-m", "benchmark", command, *options, installs=installs)


@nox.session(venv_backend="none")
def check(session: nox.Session) -> None:
    """Check a plugin's file: check -- my_model.py."""
    in_bench(session, "check")


@nox.session(name="list", venv_backend="none")
def list_(session: nox.Session) -> None:
    """List the tasks and models there are; list -- --json is for programs."""
    in_bench(session, "list")


@nox.session(venv_backend="none")
def compare(session: nox.Session) -> None:
    """List the cells that got worse or better between two results folders or git revisions: compare -- HEAD~1."""
    in_bench(session, "compare")


@nox.session(venv_backend="none")
def publish(session: nox.Session) -> None:
    """Take what is complete in results/local/ into results/, render the board and update the README."""
    in_bench(session, "publish")


@nox.session(venv_backend="none")
def verify(session: nox.Session) -> None:
    """Run a seed of each new or changed published cell again: verify -- --against HEAD~1, or verify -- --all."""
    # It has the further libraries of all models.
    in_environment(session, "tests", "-m", "benchmark", "verify", *session.posargs)


@nox.session
def scheduler(session: nox.Session) -> None:
    """Start a Dask scheduler, which workers and `bench -- --cluster` connect to."""
    session.install("-c", "constraints.txt", *nox.project.dependency_groups(PYPROJECT, "cluster"))
    session.run("python", "-m", "dask", "scheduler", *session.posargs)


@nox.session
def worker(session: nox.Session) -> None:
    """Run cells for a scheduler, as many at a time as there are cores: worker -- tcp://host:8786.

    --model NAME installs the further libraries of a model.
    """
    distributions, options = split_installs(session.posargs)
    install_to_run(session, distributions, options, "run", "cluster")
    _, options = split_options(options, "--model")
    # A daemon may not have the processes of its own that cells run in; and nobody looks at a profile.
    session.env.update(
        {"DASK_DISTRIBUTED__WORKER__DAEMON": "False", "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
    )
    session.run("python", "-m", "dask", "worker", *options)


@nox.session
def report(session: nox.Session) -> None:
    """Render the leaderboard from results/ alone; --check fails when a committed file is out of date."""
    install(session)
    session.run("python", "-m", "benchmark", "report", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the test suite, on as many processes as there are cores."""
    install(session, "run", "tests", "cluster", "page", "types", "boosting", "symbolic")
    session.run("python", "-m", "pytest", "-n", "auto", "--dist", "worksteal", *session.posargs)


def tested(session: nox.Session, *words: str) -> None:
    """Run other tests in the environment of `tests`."""
    in_environment(session, "tests", "-m", "pytest", *words, *session.posargs)


@nox.session(venv_backend="none")
def results(session: nox.Session) -> None:
    """Test what is published: that it follows from its records, and holds for the code."""
    tested(session, "-m", "results", "-n", "auto", "--dist", "worksteal")


@nox.session(venv_backend="none")
def faults(session: nox.Session) -> None:
    """Run hostile models, and stop, kill and resume runs: what takes longest of all tests."""
    tested(session, "-m", "faults")


@nox.session(venv_backend="none")
def cluster(session: nox.Session) -> None:
    """Run on a Dask scheduler and workers of this machine, real processes, which are killed, lost and refused."""
    tested(session, "tests/cluster")


@nox.session(venv_backend="none")
def page(session: nox.Session) -> None:
    """Try the page in headless Chromium, which FNBENCH_CHROMIUM or the search path names."""
    tested(session, "tests/browser")


@nox.session
def notebook(session: nox.Session) -> None:
    """Start Jupyter in this checkout, with all that `from benchmark import score` needs."""
    install(session, "run", "notebook")
    session.run("jupyter", "lab", *session.posargs)


@nox.session
def speed(session: nox.Session) -> None:
    """Time training against plain torch and other libraries; writes results/speed.md and results/speed.csv."""
    install(session, "run", "tests", "rivals", "cluster")
    # In the order of the file: every round takes all methods in turns.
    options = ("-q", "-p", "no:randomly", "--timeout=0", "--benchmark-enable", "--benchmark-disable-gc")
    session.run("python", "-m", "pytest", "tests/speed/bench_speed.py", *options, *session.posargs)
    session.run("python", "-m", "pytest", "tests/speed/test_rendering_speed.py", *options)
    session.run("python", "-m", "pytest", "tests/speed/test_cluster_speed.py", *options)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, the pinned versions and CITATION.cff."""
    session.install("-c", "constraints.txt", *nox.project.dependency_groups(PYPROJECT, "lint"))
    # For the schema in it alone: what it depends on clashes with what notebooks need.
    session.install("--no-deps", "cffconvert==2.0.0")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("python", "-m", "tests.citation")
    pinned = Path("constraints.txt").read_text(encoding="utf-8").splitlines()
    bad = [line for line in pinned if not line.startswith("#") and any(s in line for s in ("://", "--", " @ "))]
    if bad:
        session.error(f"constraints.txt may hold names and versions only, not {bad[0]!r}")


@nox.session(venv_backend="none")
def types(session: nox.Session) -> None:
    """Check types, strictly, in the environment of `tests`."""
    in_environment(session, "tests", "-m", "mypy")
