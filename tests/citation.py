"""Holds CITATION.cff against the official schema of its format, which cffconvert carries: `nox -s lint`.

Nothing of cffconvert is imported: it pins a jsonschema that is too old for notebooks.
"""

import json
import sys
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jsonschema
import yaml

CITATION = Path(__file__).resolve().parent.parent / "CITATION.cff"


def wrong_in(text: str, schema: Mapping[str, Any]) -> list[str]:
    """Return what a schema finds wrong in a text of YAML, a sentence each."""
    # A date is a text in JSON.
    said = json.loads(json.dumps(yaml.safe_load(text), default=str))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    found = kind(schema, format_checker=kind.FORMAT_CHECKER).iter_errors(said)
    return [f"{CITATION.name}, {error.json_path}: {error.message}" for error in found]


if __name__ == "__main__":
    written = CITATION.read_text(encoding="utf-8")
    version = yaml.safe_load(written)["cff-version"]
    file = Path(str(distribution("cffconvert").locate_file(f"cffconvert/schemas/{version}/schema.json")))
    if wrong := wrong_in(written, json.loads(file.read_text(encoding="utf-8"))):
        sys.exit("\n".join(wrong))
    print(f"{CITATION.name} keeps version {version} of its format")
