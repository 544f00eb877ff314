"""What is kept as text: JSON, as it is written and as it is read, and every older schema of it."""

import json
import re
from collections import Counter
from typing import Any

from benchmark.store.record import K, Kept

SCHEMA_VERSION = 2


def dump(kept: Kept) -> str:
    """Return the JSON text of something kept: sorted keys, one field a line, lists of numbers on one line."""
    text = json.dumps(kept.model_dump(mode="json"), sort_keys=True, indent=1, allow_nan=False, ensure_ascii=False)
    return _NUMBERS.sub(lambda match: "[" + " ".join(match[1].split()) + "]", text) + "\n"


# A line break never stands inside a JSON string, so only real lists of numbers match.
_NUMBER = r"-?[0-9][0-9.eE+-]*"
# A number ends where a comma or a line does: were that left open, a list of mixed values would take for ever.
_NUMBERS = re.compile(rf"\[\n\s*({_NUMBER}(?:,\n\s*{_NUMBER})*)\n\s*\]")


def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the pairs of a JSON object as a dict.

    Raises:
        ValueError: a key stands there twice.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        doubled = [key for key, n in Counter(key for key, _ in pairs).items() if n > 1]
        raise ValueError(f"the key {doubled[0]!r} stands twice in one object")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=unique_keys)


class NewerSchemaError(ValueError):
    """Something kept by a later version of this code: not ours to replace."""


def upgraded(data: dict[str, Any], newest: int = SCHEMA_VERSION) -> dict[str, Any]:
    """Return the data of any older schema in the newest of its kind.

    The one place that knows older schemas: raise the version of a kind with a change of any field, bring the
    version before up to date here, and keep a real file of it in tests/records/.

    Raises:
        ValueError: the schema is unknown.
        NewerSchemaError: it is newer than this code.
    """
    version = data.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ValueError(f"no known schema_version (got {version!r}, this code reads 1 to {newest})")
    if version > newest:
        raise NewerSchemaError(
            f"schema_version {version} is newer than this code, which reads up to {newest}; update the checkout"
        )
    if version == 1:
        data = _from_fingerprints(data)
    return data if data["schema_version"] == newest else _from_one_timing(data)


def _from_fingerprints(data: dict[str, Any]) -> dict[str, Any]:
    """Return what was kept under schema 1, when a digest of files said of what make it is: that is not known now."""
    kept = {name: value for name, value in data.items() if name != "fingerprint"}
    kept["schema_version"] = 2
    print_of = data.get("fingerprint")
    if not isinstance(print_of, dict):
        raise ValueError("it has no fingerprint, as schema 1 asks for")
    if "target_sd" in data:
        return kept | {"stamp": None}
    quick = json.loads(print_of.get("settings", "{}")).get("quick", False)
    if "fit_seconds" in data:
        kept.pop("n_predicted", None)
        version = int(print_of.get("model version", 1))
        # A cell was timed then: nothing is known of other tasks.
        by_task = {"timed_by": "task", "shape": None}
        return kept | by_task | {"quick": quick, "model_stamp": None, "model_version": version}
    return kept | {"quick": quick, "task_stamp": None, "model_stamp": None}


def _from_one_timing(data: dict[str, Any]) -> dict[str, Any]:
    """Return what was kept under schema 2, when each timing had a file, as a file of all timings of a model."""
    line = {name: value for name, value in data.items() if name not in ("schema_version", "model")}
    stamp = line.get("model_stamp")
    return {
        "schema_version": 3,
        "model": data.get("model"),
        "environments": {"its": line.get("environment")},
        "stamps": {"its": stamp} if stamp else {},
        "timings": [line | {"environment": "its", "model_stamp": "its" if stamp else None}],
    }


def load(kind: type[K], text: str) -> K:
    """Return what `dump` wrote.

    Raises:
        ValueError: no valid JSON, a doubled key, a newer schema, or a field that is missing, unknown or wrong.
    """
    try:
        data = _DECODER.decode(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(data, dict):
        raise ValueError(f"expected a JSON object, got {type(data).__name__}")
    today = upgraded(data, kind.model_fields["schema_version"].default)
    return kind.model_validate_json(text if today is data else json.dumps(today), strict=True)
