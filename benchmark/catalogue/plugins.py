"""Finds everything there is, ours and foreign, and checks plugins; foreign files are imported elsewhere only."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from benchmark.catalogue.registry import Catalogue, Entry, Origin, catalogue, describe, foreign, rooms
from benchmark.errors import PluginError
from benchmark.store.record import DONE
from benchmark.words import counted
from benchmark.workers.isolation import Call, Limits, Outcome
from benchmark.workers.pool import run_calls

IMPORT_JOBS = 2


def _clean_call(name: str, origin: Origin) -> Call:
    return Call(name, origin, clean=True)


def discover(plugins: Iterable[Path], limits: Limits) -> Catalogue:
    """Return everything there is: the rooms, the plugin files and what installed distributions offer.

    Foreign files are imported in a process of their own, never here.

    Raises:
        PluginError: a plugin cannot be imported, breaks the contract or takes a name that is in use.
    """
    entries = [entry for origin in rooms() for entry in describe(origin)]
    origins = foreign(plugins)
    calls = [(i, _clean_call("describe", origin)) for i, origin in enumerate(origins)]
    answers: dict[int, Outcome] = {}
    if calls:
        answers = dict(run_calls(calls, jobs=IMPORT_JOBS, limits=limits))
    for number, outcome in sorted(answers.items()):
        entries += _described(origins[number], outcome)
    return catalogue(entries)


class _Described(BaseModel):
    """What the process says that has imported a plugin: foreign, as the plugin is."""

    model_config = ConfigDict(extra="forbid")

    entries: tuple[Entry, ...] = ()
    error: str = ""


def _described(origin: Origin, outcome: Outcome) -> list[Entry]:
    if outcome.status != "ok":
        raise PluginError(f"{origin.title}: importing it did not end well: {outcome.status}: {outcome.reason}")
    try:
        said = _Described.model_validate(outcome.answer)
    except ValueError as error:
        raise PluginError(f"{origin.title}: what it says of itself is no list of tasks and models") from error
    if said.error:
        raise PluginError(said.error)
    if any(entry.origin != origin for entry in said.entries):
        raise PluginError(f"{origin.title}: it describes what is not in it")
    return list(said.entries)


@dataclass(frozen=True)
class Finding:
    """Whether one promise of the contract holds for a task or model of a plugin."""

    kind: str
    name: str
    what: str
    status: str
    reason: str

    @property
    def good(self) -> bool:
        """Whether the promise holds; a model that does not apply has broken none."""
        return self.status in DONE

    @property
    def sentence(self) -> str:
        """What was looked at, and why it does not hold, in one sentence."""
        return f"{self.kind} {self.name}: {self.what}{': ' if self.reason else ''}{self.reason}"

    def __str__(self) -> str:
        return f"{self.status:<6} {self.sentence}"


_FINDINGS = TypeAdapter(list[Finding])


def lines(findings: Iterable[Finding]) -> list[str]:
    """Return a line for each finding; where one thing fails for one reason again and again, a line for all of it."""
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        # What holds is said of each promise.
        what = finding.what if finding.good else ""
        alike.setdefault((finding.kind, finding.name, finding.status, finding.reason, what), []).append(finding)
    return [f"{same[0]}{_and_more(len(same) - 1)}" for same in alike.values()]


def _and_more(n: int) -> str:
    return f" (and {counted(n, 'check')} more)" if n else ""


def check_plugin(plugin: Path, limits: Limits) -> list[Finding]:
    """Return how the tasks and models of a plugin file keep the contract.

    Raises:
        PluginError: it cannot be imported, or breaks the contract so that nothing can be tried.
    """
    discover([plugin], limits)
    origin = Origin("file", str(plugin.resolve()))
    [(_, outcome)] = run_calls([(0, _clean_call("check", origin))], jobs=1, limits=limits)
    if outcome.status != "ok":
        raise PluginError(f"{origin.title}: checking it did not end well: {outcome.status}: {outcome.reason}")
    try:
        return _FINDINGS.validate_python(outcome.answer)
    except ValueError as error:
        raise PluginError(f"{origin.title}: what its checks say of it is no list of findings") from error
