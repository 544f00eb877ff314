"""Keeps what is rendered of a results folder in step with its records, and draws nothing twice.

What decides every byte of the rendered files is what is kept, the suites, the code of the report and
the versions of what it imports. Their digest stands in a hidden file beside the results; while it and the
rendered files are as they were left, there is nothing to do, and neither pandas nor matplotlib is
imported. Where only some of what is kept changed, pictures of which nothing changed are not drawn again.
"""

import hashlib
import json
import sys
from typing import TYPE_CHECKING

from benchmark.board.tolerance import PUBLISHED, Tolerance
from benchmark.catalogue.suites import cards
from benchmark.environment import CHECKOUT, RESULTS, version
from benchmark.store.local import Contents, Store

if TYPE_CHECKING:
    from benchmark.board.boards import Boards
    from benchmark.show.figures.drawings import Shelf

STAMP = ".rendered.json"
PLACES = ("plots/*.svg", "boards/*.md", "findings.md", "calibration.md", "axes.md")
PACKAGES = (
    *("numpy", "pandas", "scipy", "tabulate", "pydantic"),
    *("matplotlib", "fonttools", "contourpy", "kiwisolver", "pillow"),
)
_ROOMS = ("benchmark/show", "benchmark/board", "findings", "calibration")
_SOURCES = (
    *(path for room in _ROOMS for path in sorted((CHECKOUT / room).rglob("*.*"))),
    CHECKOUT / "benchmark/store/record.py",
    CHECKOUT / "benchmark/words.py",
)


def _digest(text: str | None) -> str:
    return hashlib.sha256((text or "").encode()).hexdigest()


def _code() -> str:
    """Return the digest of what renders: the code of the report, and the versions of what it imports."""
    sources = [path.read_bytes() for path in _SOURCES if path.suffix in {".py", ".js", ".css", ".html"}]
    code = hashlib.sha256(b"".join(hashlib.sha256(source).digest() for source in sources)).hexdigest()
    return _digest(json.dumps([code, sys.version, [f"{name} {version(name)}" for name in PACKAGES]]))


def _origin(contents: Contents, here: str, tolerance: Tolerance) -> str:
    kept = hashlib.sha256(contents.digest.encode())
    for things in () if contents.digest else (contents.cards, contents.records, contents.timings, contents.detailed):
        for name, thing in sorted(things.items()):
            kept.update(f"{name} {thing.model_dump_json()}\n".encode())
    said = [kept.hexdigest(), _code(), [card.model_dump() for card in cards()], here, tolerance.solved]
    return _digest(json.dumps(said))


def _kept_parts(store: Store, origin: str) -> dict[str, str] | None:
    """Return the parts for the README when everything rendered is as it was left, else None."""
    try:
        stamp = json.loads(store.read_text(STAMP) or "{}")
        files: dict[str, str] = stamp["files"]
        parts: dict[str, str] = stamp["parts"]
        same = stamp["origin"] == origin and set(store.paths(*PLACES)) <= files.keys()
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return parts if same and all(_digest(store.read_text(path)) == digest for path, digest in files.items()) else None


def _shelf(store: Store) -> "Shelf":
    """Return the pictures of the folder that this code has drawn, as they were left."""
    from benchmark.show.figures.drawings import Shelf

    try:
        stamp = json.loads(store.read_text(STAMP) or "{}")
        files: dict[str, str] = stamp["files"]
        pictures: dict[str, str] = stamp["pictures"] if stamp["code"] == _code() else {}
        texts = {path: store.read_text(path) for path in pictures}
        known = {key: text for path, key in pictures.items() if (text := texts[path]) and _digest(text) == files[path]}
    except (ValueError, KeyError, TypeError, AttributeError):
        return Shelf()
    return Shelf(known)


def _published(store: Store) -> bool:
    return store.root.resolve() == RESULTS


def boards_in(contents: Contents, *, here: str = "", tolerance: Tolerance = PUBLISHED) -> "Boards":
    """Return the boards of all suites that follow from what a folder holds."""
    # Here, since importing this takes longer than a run with nothing to do.
    from benchmark.board.boards import boards_of

    return boards_of(contents.cards, contents.records, contents.timings, cards(), here=here, tolerance=tolerance)


def rendered(
    contents: Contents,
    *,
    here: str = "",
    tolerance: Tolerance = PUBLISHED,
    published: bool = True,
    shelf: "Shelf | None" = None,
) -> tuple[dict[str, str], dict[str, str]]:
    """Return every rendered file of a results folder by its path, and the parts that others show by their names.

    `leaderboard` and `findings` are for a README, `top` is for who has run something. `published` says whether the
    folder lies in the checkout and is published. Pictures that are on the shelf are not drawn again.
    """
    # Here, since importing these takes longer than a run with nothing to do.
    from benchmark.show.axes import render_axes
    from benchmark.show.calibration import compare_all
    from benchmark.show.findings import render_findings, render_surprising, settle_all
    from benchmark.show.front import render_front
    from benchmark.show.leaderboard import render_top
    from benchmark.show.page.answers import answers_data
    from benchmark.show.rendering import render_all

    boards = boards_in(contents, here=here, tolerance=tolerance)
    # A claim may look at the curve of every seed.
    settled, evidence = settle_all(contents.cards, contents.records | contents.detailed)
    findings = render_findings(settled, evidence)
    compared = compare_all(contents.cards, contents.records | contents.detailed)
    files = render_all(boards, answers_data(settled, findings), compared, published=published, shelf=shelf) | findings
    files |= render_axes(contents.cards, contents.records, tolerance=tolerance)
    surprising = render_surprising(settled)
    return files, {"top": render_top(boards), "leaderboard": render_front(boards), "findings": surprising}


def stale(store: Store, contents: Contents, *, here: str = "") -> tuple[list[str], dict[str, str]]:
    """Return the paths whose files do not follow from the records, and the parts for a README that do."""
    files, parts = rendered(contents, here=here, published=_published(store))
    wrong = [path for path, text in files.items() if store.read_text(path) != text]
    return wrong + [path for path in store.paths(*PLACES) if path not in files], parts


def render(store: Store, contents: Contents, *, here: str = "", tolerance: Tolerance = PUBLISHED) -> dict[str, str]:
    """Write what follows from the contents, remove what no longer does, and return the parts for a README.

    Seconds are of the machine `here` where it has as many as any; `tolerance` says what counts as solved.
    """
    origin = _origin(contents, here, tolerance)
    kept = _kept_parts(store, origin)
    if kept is not None:
        return kept
    shelf = _shelf(store)
    files, parts = rendered(contents, here=here, tolerance=tolerance, published=_published(store), shelf=shelf)
    for path, text in files.items():
        if store.read_text(path) != text:
            store.write_text(path, text)
    for path in store.paths(*PLACES):
        if path not in files:
            store.remove(path)
    stamp = {
        "origin": origin,
        "code": _code(),
        "parts": parts,
        "files": {path: _digest(text) for path, text in files.items()},
        "pictures": shelf.used,
    }
    store.write_text(STAMP, json.dumps(stamp, indent=1, sort_keys=True) + "\n")
    return parts
