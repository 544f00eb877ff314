"""What travels between the two processes of a cell: lines of JSON and arrays of numbers, never an object.

One process has the rows and the truth (see `scoring`), the other one the model (see `fitting`). The one with
the model asks: each message is a connection of its own, so that a model which closes every file still
reaches us. What it says is foreign, and read as such: bounded, and as a closed schema.
"""

import contextlib
import json
import secrets
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from benchmark.record import Setting, Status
from tasks.base import FloatArray

# Words are no longer than this; predictions are as many as there are rows.
_WORDS_BYTES = 2**20
_DONE = b"done"

Text = Annotated[str, Field(max_length=1000)]
Reason = Annotated[str, Field(max_length=2000)]


class Said(BaseModel):
    """What the process with the model says of one seed; errors in the units of y are not for it to say."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

    status: Status
    reason: Reason = ""
    settings: dict[Text, Text | Setting] = {}
    notes: dict[Text, Text] = {}
    seconds: dict[Literal["fit", "predict"], list[Annotated[float, Field(ge=0)]]] = {}


class Asked(BaseModel):
    """One message of the process with the model: what it wants for a seed, or what it says of one."""

    model_config = ConfigDict(strict=True, extra="forbid")

    want: Literal["problem", "together", "training", "inside", "blocks", "score"]
    seed: int = -1
    said: Said | None = None


@dataclass(frozen=True)
class Address:
    """Where the process with the rows listens, and the key without which it hears nobody."""

    name: str
    key: bytes


@dataclass(frozen=True)
class Block:
    """Rows X (n, n_features) to predict at, and in a word which rows they are."""

    where: str
    X: FloatArray


def listener() -> tuple[Listener, Address]:
    """Return a listener of our own, and where it listens."""
    key = secrets.token_bytes(16)
    # On Linux a name without a file: nothing is left of it, however we end.
    name = f"\0fnbench-{secrets.token_hex(12)}" if sys.platform == "linux" else None
    made = Listener(name, "AF_UNIX", backlog=16, authkey=key)
    return made, Address(str(made.address) if name is None else name, key)


def accepted(listening: Listener) -> Iterator[Connection]:
    """Yield every connection of somebody who has the key, for ever."""
    while True:
        # Whoever has no key, or hangs up at once, costs nobody anything.
        with contextlib.suppress(AuthenticationError, EOFError, ConnectionError), listening.accept() as connection:
            yield connection


def asked(connection: Connection) -> Asked:
    """Return what somebody asks.

    Raises:
        ValueError: it is no question of ours.
        OSError: it is too long, or the connection is lost.
    """
    try:
        return Asked.model_validate_json(connection.recv_bytes(_WORDS_BYTES))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def send_arrays(connection: Connection, words: object, arrays: Sequence[FloatArray]) -> None:
    """Send words and the arrays that go with them."""
    # In the order that they have in memory: a matrix product may round otherwise in the other.
    forms = [
        (array.shape, "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C") for array in arrays
    ]
    connection.send_bytes(json.dumps({"words": words, "forms": forms}).encode())
    for array, (_, order) in zip(arrays, forms, strict=True):
        connection.send_bytes(array.tobytes(order=order))  # type: ignore[arg-type]


def _array(connection: Connection, shape: Sequence[int], order: Literal["C", "F"]) -> FloatArray:
    # A buffer of its own, so that a model that makes it writable harms nobody but itself.
    content = np.frombuffer(bytearray(connection.recv_bytes()), dtype=np.float64)
    array: FloatArray = content.reshape(shape, order=order)
    array.setflags(write=False)
    return array


def received_arrays(connection: Connection) -> tuple[Any, list[FloatArray]]:
    """Return the words and the read-only arrays that `send_arrays` sent: from us only, never from a model."""
    head = json.loads(connection.recv_bytes(_WORDS_BYTES))
    return head["words"], [_array(connection, shape, order) for shape, order in head["forms"]]


def send_predictions(connection: Connection, predictions: Sequence[FloatArray]) -> None:
    """Send the predictions of each block, and wait until they are scored and kept."""
    for values in predictions:
        connection.send_bytes(values.tobytes())
    connection.recv_bytes(len(_DONE))


def received_predictions(connection: Connection, sizes: Sequence[int]) -> list[FloatArray]:
    """Return one array (n,) for each size n.

    Raises:
        ValueError: there are more or fewer numbers.
        OSError: one is too long, or the connection is lost.
    """
    found = []
    for size in sizes:
        # Longer ones are an OSError, before they are read.
        content = connection.recv_bytes(8 * size)
        if len(content) != 8 * size:
            raise ValueError(f"it sent {len(content):,} bytes as {size:,} predictions, expected {8 * size:,}")
        found.append(np.frombuffer(content, dtype=np.float64))
    return found


def acknowledge(connection: Connection) -> None:
    """Say that what came is kept."""
    # Who has hung up meanwhile does not want to know.
    with contextlib.suppress(OSError):
        connection.send_bytes(_DONE)


@contextlib.contextmanager
def calling(address: Address, question: Asked) -> Iterator[Connection]:
    """Ask something of the process with the rows, on a connection of its own."""
    with Client(address.name, "AF_UNIX", authkey=address.key) as connection:
        connection.send_bytes(question.model_dump_json(exclude_defaults=True).encode())
        yield connection
