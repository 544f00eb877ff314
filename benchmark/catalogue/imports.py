"""Says what a file imports, and where that is found, without importing any of it.

What a name leads to is one of three: a *source*, a file that counts by its content; a *package*, which
counts by its version; or nothing. Sources are the files of ours, the files beside a plugin and whatever else lies
outside the places that packages are installed in, as after `pip install -e`.
"""

import ast
import hashlib
import importlib.util
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmark.environment import CHECKOUT
from benchmark.errors import PluginError

ROOMS = ("tasks", "models", "findings", "calibration", "benchmark")
_INSTALLED = frozenset({"site-packages", "dist-packages"})
# What a handler catches that goes on without a module.
_TOLERANT = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})

# What an import may stand in, or is.
_HOLDERS = (ast.stmt, ast.excepthandler, ast.match_case)


@dataclass(frozen=True)
class Import:
    """A name that a file imports; `level` counts the dots of a relative one.

    An optional one stands where the file may do without it: under a condition, or where its absence is caught.
    """

    name: str
    level: int
    optional: bool

    @property
    def top(self) -> str:
        """The part before the first dot."""
        return self.name.partition(".")[0]


@cache
def content(file: Path) -> bytes:
    """Return what a file holds, as it was first seen: a plugin may change or vanish while its cells run.

    Raises:
        PluginError: it cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise PluginError(
            f"{file.name}: it cannot be read any more ({error.strerror or error}); leave it in its place"
        ) from error


@cache
def digest(file: Path) -> str:
    """Return the SHA-256 of what a file holds, as it was first seen.

    Raises:
        PluginError: it cannot be read.
    """
    return hashlib.sha256(content(file)).hexdigest()


@cache
def together(files: tuple[Path, ...]) -> str:
    """Return 16 hexadecimal digits of what several files hold, as each was first seen.

    Raises:
        PluginError: one of them cannot be read.
    """
    each = sorted(digest(file) for file in files)
    return hashlib.sha256("".join(each).encode()).hexdigest()[:16]


def _tolerant(statement: ast.Try | ast.TryStar) -> bool:
    caught: list[ast.expr | None] = []
    for handler in statement.handlers:
        caught += handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(each is None or (isinstance(each, ast.Name) and each.id in _TOLERANT) for each in caught)


def _suppresses(statement: ast.With) -> bool:
    return any("suppress" in ast.unparse(item.context_expr) for item in statement.items)


def _below(node: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """Yield what stands directly below a node, and whether it is optional there."""
    match node:
        case ast.Try() | ast.TryStar():
            yield from ((each, _tolerant(node)) for each in node.body)
            # What stands in a handler is what is tried instead.
            yield from ((each, True) for each in node.handlers)
            yield from ((each, False) for each in (*node.orelse, *node.finalbody))
        case ast.If():
            yield from ((each, True) for each in (*node.body, *node.orelse))
        case ast.With():
            yield from ((each, _suppresses(node)) for each in node.body)
        case _:
            # Expressions hold no imports, and are most of a file.
            yield from ((each, False) for each in ast.iter_child_nodes(node) if isinstance(each, _HOLDERS))


@cache
def _named_in(source: bytes) -> frozenset[Import]:
    """Return every name that is imported anywhere in a text; of one text that is always the same."""
    found: set[Import] = set()
    waiting: list[tuple[ast.AST, bool]] = [(ast.parse(source), False)]
    while waiting:
        node, optional = waiting.pop()
        match node:
            case ast.Import():
                found |= {Import(alias.name, 0, optional) for alias in node.names}
            case ast.ImportFrom():
                base = node.module or ""
                names = {base, *(f"{base}.{alias.name}".lstrip(".") for alias in node.names)} - {""}
                found |= {Import(name, node.level, optional) for name in names}
            case _:
                waiting += [(each, optional or there) for each, there in _below(node)]
    return frozenset(found)


@cache
def imports(file: Path) -> frozenset[Import]:
    """Return every name that a file imports anywhere in it.

    Raises:
        PluginError: it cannot be read, or is no Python.
    """
    try:
        return _named_in(content(file))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise PluginError(
            f"{file.name}: it is no Python source any more ({type(error).__name__}: {error}); leave it as it is"
        ) from error


@cache
def _installed(top: str) -> Path | None:
    """Return the file of a top-level module, or the folder of a package, as this Python finds it by itself."""
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    if spec.submodule_search_locations is not None:
        return next(map(Path, spec.submodule_search_locations), None)
    # A module that is built in has no file.
    return Path(spec.origin) if spec.has_location and spec.origin else Path(sys.executable)


def _beside(top: str, folder: Path) -> Path | None:
    """Return the module or package of this name in a plugin's folder."""
    for found in (folder / top, folder / f"{top}.py"):
        if found.is_file() or (found / "__init__.py").is_file():
            return found
    return None


@cache
def _found_from(top: str, folder: Path) -> Path | None:
    """Return where a top-level name leads from a plugin's folder, which is looked into last, as in a worker."""
    found, beside = _installed(top), _beside(top, folder)
    # A folder without an __init__.py is a package only where nothing else has the name.
    return beside if beside and (found is None or (found.is_dir() and not (found / "__init__.py").is_file())) else found


@cache
def _of_room(name: str) -> tuple[Path, ...]:
    """Return the file of a module in one of our rooms, none where the name is of something in a module."""
    path = CHECKOUT / f"{name.replace('.', '/')}.py"
    return (path,) if path.is_file() else ()


def _is_beside(top: str, root: Path) -> bool:
    found = _found_from(top, root.parent)
    return found is not None and found.parent == root.parent and not _INSTALLED & set(found.parts)


def _is_source(found: Path, folder: Path) -> bool:
    # A distribution's own helpers count by content as its module does, wherever they are installed.
    return found == folder or found in folder.parents or not _INSTALLED & set(found.parts)


def _files(found: Path, parts: Iterable[str]) -> Iterator[Path]:
    """Yield the sources that importing `parts` below a module or package runs: each package's own, then the module."""
    if found.suffix == ".py":
        yield found
        return
    for part in (None, *parts):
        found = found if part is None else found / part
        yield from (file for file in (found / "__init__.py", found.with_suffix(".py")) if file.is_file())


def _leads_to(each: Import, file: Path, folder: Path) -> Iterator[Path]:
    """Yield the sources that one import of a file leads to, for a plugin in this folder."""
    if each.level:
        package = file.parents[each.level - 1] if each.level <= len(file.parents) else file.parent
        yield from _files(package, each.name.split("."))
    elif each.top in ROOMS:
        yield from _of_room(each.name)
    elif each.top not in sys.stdlib_module_names:
        found = _found_from(each.top, folder)
        if found and _is_source(found, folder):
            yield from _files(found, each.name.split(".")[1:])


@cache
def _imported(file: Path, folder: Path) -> tuple[Path, ...]:
    """Return the sources that a file imports itself, for a plugin in this folder: those of a folder share most."""
    return tuple(dict.fromkeys(path for each in imports(file) for path in _leads_to(each, file, folder)))


@cache
def sources(root: Path) -> tuple[Path, ...]:
    """Return a file and all sources that it imports, directly or not, in order.

    Raises:
        PluginError: one of them cannot be read, or is no Python.
    """
    seen: dict[Path, None] = {}
    waiting = [root]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen[current] = None
            waiting += _imported(current, root.parent)
    return tuple(sorted(seen))


def _foreign(root: Path) -> Iterator[Import]:
    """Yield the imports of a file and its sources that lead to nothing of ours."""
    known = {*sys.stdlib_module_names, *ROOMS}
    yield from (each for path in sources(root) for each in imports(path) if not each.level and each.top not in known)


@cache
def packages(root: Path) -> frozenset[str]:
    """Return the top-level modules that a file and its sources import and that are no files beside it."""
    return frozenset(each.top for each in _foreign(root) if not _is_beside(each.top, root))


@cache
def missing(root: Path) -> tuple[str, ...]:
    """Return the top-level modules that a file and its sources cannot do without, and that are not there."""
    return tuple(
        sorted({each.top for each in _foreign(root) if not each.optional and not _found_from(each.top, root.parent)})
    )


def forget() -> None:
    """Read everything anew from now on: a command sees every file as it was at its beginning."""
    found = (_installed, _found_from, _of_room, _imported)
    for each in (content, digest, together, imports, sources, packages, missing, *found):
        each.cache_clear()
    importlib.invalidate_caches()
