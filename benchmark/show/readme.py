"""Puts rendered parts between their markers in the README."""

from collections.abc import Mapping


def with_parts(readme: str, parts: Mapping[str, str]) -> str:
    """Return the README with each part between the markers of its name; what has no markers is left out."""
    for name, text in parts.items():
        begin, end = f"<!-- {name}: begin (rendered by nox -s report) -->", f"<!-- {name}: end -->"
        if begin in readme and end in readme:
            before, rest = readme.split(begin, 1)
            _, after = rest.split(end, 1)
            readme = f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}"
    return readme
