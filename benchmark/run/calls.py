"""The things a worker process can be asked to do, by name: JSON in, JSON out.

Names cross the process border, never objects.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from benchmark.errors import PluginError
from benchmark.registry import Origin, describe
from benchmark.run.execute import CellSpec, run_cell
from benchmark.run.references import task_card


def _describe(origin: dict[str, str]) -> object:
    try:
        return {"entries": [asdict(entry) for entry in describe(Origin(**origin))]}  # type: ignore[arg-type]
    except PluginError as error:
        return {"error": str(error)}


def _card(origin: dict[str, str], name: str) -> object:
    return task_card(Origin(**origin), name)  # type: ignore[arg-type]


def spec_of(data: Mapping[str, Any]) -> CellSpec:
    """Return the cell that `asdict(spec)` stands for after its way through JSON."""
    return CellSpec(
        task=data["task"],
        task_origin=Origin(**data["task_origin"]),
        model=data["model"],
        model_origin=Origin(**data["model_origin"]),
        seeds=tuple(data["seeds"]),
        quick=data["quick"],
    )


def _cell(spec: dict[str, Any]) -> object:
    return run_cell(spec_of(spec))


def _check(origin: dict[str, str]) -> object:
    # Imported here: most calls never need it.
    from benchmark.run.check import check

    return check(Origin(**origin))  # type: ignore[arg-type]


def _time(spec: dict[str, Any]) -> object:
    # Imported here: pytest is for the timing pass only.
    from benchmark.run.timing import time_cell

    return time_cell(spec_of(spec))


CALLS: Mapping[str, Callable[..., object]] = MappingProxyType(
    {"describe": _describe, "card": _card, "cell": _cell, "check": _check, "time": _time}
)


def answer(call: str, arguments: str) -> str:
    """Return the JSON answer to a call with JSON arguments."""
    return json.dumps(CALLS[call](**json.loads(arguments)), allow_nan=False)
