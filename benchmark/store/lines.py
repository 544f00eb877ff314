"""JSON that is reviewed and merged line by line, and the ids under which it says once what much of it shares."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel


def compact(value: object) -> str:
    """Return JSON on one line, with sorted keys."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ": "))


def digest(value: BaseModel) -> str:
    """Return eight digits for what a value says, whatever order it says it in."""
    return hashlib.sha256(compact(value.model_dump(mode="json")).encode()).hexdigest()[:8]


def written(data: Mapping[str, Any]) -> str:
    """Return an object as JSON: a line for each field, and for each part of a field that is made of objects."""
    lines = []
    for name, value in sorted(data.items()):
        parts = [*value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
        if not parts or not all(isinstance(part, dict) for part in parts):
            lines.append(f" {json.dumps(name)}: {compact(value)}")
        elif isinstance(value, dict):
            inner = ",\n".join(f"  {json.dumps(key)}: {compact(each)}" for key, each in sorted(value.items()))
            lines.append(f" {json.dumps(name)}: {{\n{inner}\n }}")
        else:
            lines.append(f" {json.dumps(name)}: [\n" + ",\n".join(f"  {compact(each)}" for each in value) + "\n ]")
    return "{\n" + ",\n".join(lines) + "\n}\n"
