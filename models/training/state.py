"""What a module's code can remember from one call to the next, written down so that two moments can be compared.

A record of one call is true of all calls only if nothing but weights and buffers changes between them. Here
belongs the walk over all the rest: attributes, what functions enclose, globals of the author's own files and
attributes of the author's own classes.
"""

import enum
import functools
import hashlib
import logging
import sys
import types
import weakref
from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

Snapshot = Mapping[str, Hashable]
"""What was found, by where in words: "its attribute 'calls'"; each value compares by content."""

# Code that is trusted to keep no count of its calls: its functions and classes are not looked into.
_TRUSTED = frozenset(sys.stdlib_module_names) | {"numpy", "scipy", "sklearn", "torch"}
_PLAIN = (
    *(type(None), bool, int, float, complex, str, bytes, range, slice, enum.Enum, type(Ellipsis)),
    *(np.generic, np.dtype, torch.dtype, torch.device, torch.layout, torch.memory_format),
)
_CONTAINERS = (dict, list, tuple, deque, set, frozenset)
_MOST = 50_000
PARAMETER, BUFFER = "its parameter", "its buffer"


@dataclass(frozen=True)
class Unseen:
    """Stands in a snapshot for something whose state cannot be read, and says why."""

    why: str


def bits(tensor: Tensor) -> tuple[Hashable, ...]:
    """Return what tells a tensor from every other: its type, shape and numbers, NaN like any other number."""
    flat = tensor.detach().resolve_conj().resolve_neg().cpu().contiguous().reshape(-1)
    return tensor.dtype, tuple(tensor.shape), hashlib.sha256(flat.view(torch.uint8).numpy().tobytes()).digest()


def tensors_of(module: nn.Module) -> dict[str, Tensor]:
    """Return a module's parameters and buffers by name, each shared one once."""
    return dict((*module.named_parameters(), *module.named_buffers()))


def snapshot(module: nn.Module, **others: object) -> Snapshot:
    """Return all that the module and its code hold now, and what others do, such as its `loss`."""
    walk = _Walk()
    walk.module("", module)
    for name, other in others.items():
        walk.visit(f"its {name}", other)
    return walk.found


def difference(before: Snapshot, after: Snapshot, *, ignored: Iterable[str] = ()) -> str | None:
    """Return where two snapshots differ first, such as "its attribute 'calls'"; None if nowhere.

    What starts with one of the ignored words, such as `BUFFER`, is left out.
    """
    for where in [*before, *after]:
        same = where in before and where in after and before[where] == after[where]
        if not same and not where.startswith(tuple(ignored)):
            return where
    return None


def structure(module: nn.Module) -> Hashable:
    """Return what two modules must have in common to be trained by one record: all but their weights' numbers."""
    named = tensors_of(module)
    shapes = [(name, tuple(tensor.shape), tensor.dtype, tensor.requires_grad) for name, tensor in named.items()]
    # By their very words: a parameter of a layer that is no part of the module is "its parameter" too.
    own = {f"{kind} {name!r}" for kind in (PARAMETER, BUFFER) for name in named}
    held = [(where, value) for where, value in snapshot(module).items() if where not in own]
    return tuple(shapes), tuple(held)


def unseen(found: Snapshot) -> str | None:
    """Return the first thing in a snapshot whose state could not be read, and why; None if there is none."""
    return next((f"{where} {value.why}" for where, value in found.items() if isinstance(value, Unseen)), None)


def _is_trusted(value: object) -> bool:
    return str(getattr(value, "__module__", None) or "builtins").partition(".")[0] in _TRUSTED


def _names(code: types.CodeType) -> set[str]:
    """Return the names of globals and attributes that a function's code uses, inner functions among them."""
    inner = [const for const in code.co_consts if isinstance(const, types.CodeType)]
    return set(code.co_names).union(*map(_names, inner))


class _Walk:
    """Visits everything reachable once; `found` is what there was."""

    def __init__(self) -> None:
        self.found: dict[str, Hashable] = {}
        # Kept alive, so that no id is given twice.
        self._seen: dict[int, tuple[str, object]] = {}

    def module(self, prefix: str, module: nn.Module) -> None:
        """Visit a module: parameters, buffers, submodules, and what else it and its class hold."""
        if self._is_known(f"its module {prefix or 'itself'!r}", module):
            return
        self._note(f"the class of its module {prefix or 'itself'!r}", type(module).__qualname__)
        for kind, tensors in ((PARAMETER, module._parameters), (BUFFER, module._buffers)):
            for name, tensor in tensors.items():
                where = f"{kind} {prefix + name!r}"
                # Met here first, so that a list of a module's own weights counts as these, not as memory.
                if tensor is None or not self._is_known(where, tensor):
                    self._note(where, None if tensor is None else bits(tensor))
        for name, child in module._modules.items():
            if child is not None:
                self.module(f"{prefix}{name}.", child)
        for name, value in vars(module).items():
            where = f"its attribute {prefix + name!r}"
            if "_hooks" in name and isinstance(value, dict):
                # They are numbered through over all modules of the process.
                self._items(where, enumerate(value.values()))
            elif name not in ("_parameters", "_buffers", "_modules"):
                self.visit(where, value)
        self._class(type(module))

    def visit(self, where: str, value: object) -> None:
        """Visit any value."""
        if len(self.found) == _MOST:
            self._note("all that it holds", Unseen("is too much to compare"))
        if len(self.found) > _MOST:
            return
        if isinstance(value, _PLAIN):
            self._note(where, (type(value).__name__, repr(value)))
        elif isinstance(value, nn.Module) or not self._is_known(where, value):
            # Whether a module is known it sees for itself.
            try:
                self._enter(where, value)
                if isinstance(value, _CONTAINERS) and getattr(value, "__dict__", None):
                    self._items(where, vars(value).items())
            except Exception:  # noqa: BLE001 - foreign objects, asked for their attributes, may raise anything
                self._note(where, Unseen(f"is a {type(value).__name__}, whose state cannot be read"))

    def _is_known(self, where: str, value: object) -> bool:
        """Note a value that is met for the first time; return whether it was met before."""
        known = id(value) in self._seen
        if known:
            self._note(where, ("the same as", self._seen[id(value)][0]))
        else:
            self._seen[id(value)] = (where, value)
        return known

    def _note(self, where: str, value: Hashable) -> None:
        """Keep a value by where it is; two places with the same words are told apart by their order."""
        words, count = where, 1
        while words in self.found:
            count += 1
            words = f"{where} ({count})"
        self.found[words] = value

    def _enter(self, where: str, value: object) -> None:
        match value:
            case Tensor():
                # What autograd computed is derived from weights: it changes with them, and is no memory.
                self._note(where, bits(value) if value.grad_fn is None else ("computed", tuple(value.shape)))
            case np.ndarray() if value.dtype != object:
                self._note(where, (str(value.dtype), value.shape, hashlib.sha256(value.tobytes()).digest()))
            case torch.Generator():
                self._note(where, bits(value.get_state()))
            case nn.Module():
                self.module(f"{where}: ", value)
            case dict() | types.MappingProxyType():
                self._items(where, value.items())
            case list() | tuple() | deque() | np.ndarray():
                self._items(where, enumerate(value))
            case set() | frozenset():
                self._items(where, enumerate(sorted(value, key=repr)))
            case types.FunctionType():
                self._function(where, value)
            case types.MethodType():
                self.visit(where, value.__func__)
                self.visit(f"the object of {where}", value.__self__)
            case functools.partial():
                self._items(where, enumerate((value.func, *value.args, value.keywords)))
            case types.BuiltinFunctionType() | types.MethodWrapperType():
                if not isinstance(value.__self__, types.ModuleType | type | None):
                    self.visit(f"the object of {where}", value.__self__)
            case staticmethod() | classmethod():
                self.visit(where, value.__func__)
            case property():
                self._items(where, enumerate((value.fget, value.fset)))
            case type():
                self._class(value)
            case types.ModuleType() | weakref.ReferenceType() | logging.Logger():
                pass  # Of a module, only what the code names is looked at: see `_globals`.
            case _:
                self._object(where, value)

    def _items(self, where: str, items: Iterable[tuple[object, object]]) -> None:
        pairs = list(items)
        self._note(where, len(pairs))
        for index, (key, value) in enumerate(pairs):
            # What prints as an address would look different in every module.
            self.visit(f"item {(key if isinstance(key, _PLAIN) else index)!r} of {where}", value)

    def _function(self, where: str, function: types.FunctionType) -> None:
        if _is_trusted(function):
            # A decorator of a trusted library holds the author's function.
            cells = [cell for cell in function.__closure__ or () if _holds_foreign(cell)]
            self._items(where, enumerate(cell.cell_contents for cell in cells))
            return
        defaults = enumerate((function.__defaults__, function.__kwdefaults__))
        self._items(f"the defaults of its function {function.__name__!r}", defaults)
        for name, attribute in vars(function).items():
            self.visit(f"the attribute {name!r} of its function {function.__name__!r}", attribute)
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            try:
                value = cell.cell_contents
            except ValueError:
                continue  # Not assigned yet.
            self.visit(f"the variable {name!r} of its function {function.__name__!r}", value)
        for name, value in _globals(function):
            self.visit(f"the global {name!r}", value)

    def _class(self, cls: type) -> None:
        for each in cls.__mro__:
            if _is_trusted(each) or self._is_known(f"the class {each.__qualname__!r}", each):
                continue
            for name, value in vars(each).items():
                is_code = isinstance(value, types.FunctionType | staticmethod | classmethod | property)
                if is_code or not (name.startswith("__") or name == "_abc_impl" or _is_slot(value)):
                    self.visit(f"the attribute {name!r} of its class {each.__name__!r}", value)

    def _object(self, where: str, value: object) -> None:
        """Visit an object of a class of its own: its attributes, its class, and what a library's class keeps inside."""
        if hasattr(value, "cache_info") and hasattr(value, "__wrapped__"):
            self.visit(where, value.__wrapped__)  # A cache counts its hits, and its results are the function's.
            return
        classes = type(value).__mro__[:-1]
        slots = [name for cls in classes for name in getattr(cls, "__slots__", ()) if hasattr(value, name)]
        attributes = dict(getattr(value, "__dict__", {})) | {name: getattr(value, name) for name in slots}
        if attributes:
            self._items(where, attributes.items())
        if not attributes or any(map(_is_trusted, classes)):
            reduced = value.__reduce_ex__(2)
            inside = reduced[1:] if isinstance(reduced, tuple) else [reduced]
            parts = (list(part) if isinstance(part, Iterator) else part for part in inside)
            self._items(f"the state of {where}", enumerate(parts))
        self._class(type(value))


def _is_slot(value: object) -> bool:
    return isinstance(value, types.MemberDescriptorType | types.GetSetDescriptorType)


def _holds_foreign(cell: types.CellType) -> bool:
    try:
        return isinstance(cell.cell_contents, types.FunctionType | types.MethodType | nn.Module)
    except ValueError:
        return False


def _globals(function: types.FunctionType) -> Iterator[tuple[str, object]]:
    """Yield the globals that a function's code names, and of the author's own modules the attributes that it names."""
    names = sorted(_names(function.__code__))
    for name in names:
        value = function.__globals__.get(name)
        if not isinstance(value, types.ModuleType):
            if name in function.__globals__:
                yield name, value
        elif value.__name__.partition(".")[0] not in _TRUSTED:
            held = vars(value)
            yield from ((f"{name}.{each}", held[each]) for each in names if each in held)
