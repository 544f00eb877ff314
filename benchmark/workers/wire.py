"""What travels between the two processes of a cell: lines of JSON and arrays of numbers, never an object.

One process has the rows and the truth (see `scoring`), the other one the model (see `fitting`). The one with
the model asks: each message is a connection of its own, so that a model which closes every file still
reaches us. What it says is foreign, and read as such: bounded, and as a closed schema. Who belongs
to another cell is not heard at all.
"""

import contextlib
import json
import secrets
import socket
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, answer_challenge, deliver_challenge
from multiprocessing.util import get_temp_dir
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from benchmark.cell.outcome import Said
from benchmark.workers.marks import process_of
from tasks.base import FloatArray

# Words are no longer than this; predictions are as many as there are rows.
_WORDS_BYTES = 2**20
_DONE = b"done"


class ForeignError(Exception):
    """What the process with the model sent is no message of ours, in words of ours."""


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


def listener() -> tuple[socket.socket, Address]:
    """Return a listening socket of our own, and where it listens."""
    key = secrets.token_bytes(16)
    # On Linux a name without a file: nothing is left of it, however we end.
    name = (
        f"\0fnbench-{secrets.token_hex(12)}"
        if sys.platform == "linux"
        else f"{get_temp_dir()}/rows-{secrets.token_hex(4)}"
    )
    made = socket.socket(socket.AF_UNIX)
    made.bind(name)
    made.listen(16)
    return made, Address(name, key)


def _belongs(caller: socket.socket, keeper: int) -> bool:
    """Whether a caller is one of the processes below a keeper; true where the system does not say."""
    if sys.platform != "linux" or process_of(keeper) is None:
        return True
    credentials = struct.calcsize("3i")
    pid: int
    pid, _, _ = struct.unpack("3i", caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, credentials))
    while pid not in (0, keeper):
        known = process_of(pid)
        pid = known.parent if known else 0
    return pid == keeper


def accepted(listening: socket.socket, key: bytes, *, keeper: int) -> Iterator[Connection]:
    """Yield every connection of somebody below the keeper who has the key, for ever."""
    while True:
        caller, _ = listening.accept()
        with caller:
            if not _belongs(caller, keeper):
                continue
            connection = Connection(caller.detach())
        # Whoever has no key, or hangs up at once, costs nobody anything.
        with contextlib.suppress(AuthenticationError, EOFError, OSError), connection:
            deliver_challenge(connection, key)
            answer_challenge(connection, key)
            yield connection


def asked(connection: Connection) -> Asked:
    """Return what somebody asks.

    Raises:
        ForeignError: it is no question of ours.
        ConnectionError: nothing came.
    """
    try:
        return Asked.model_validate_json(connection.recv_bytes(_WORDS_BYTES))
    except (ValueError, RecursionError) as error:
        raise ForeignError("it does not have the form of one") from error
    except EOFError as error:
        raise ConnectionResetError("it hung up") from error
    except ConnectionError:
        raise
    except OSError as error:
        raise ForeignError(f"it is longer than {_WORDS_BYTES:,} bytes") from error


def send_arrays(connection: Connection, words: object, arrays: Sequence[FloatArray]) -> None:
    """Send words and the arrays that go with them, whole numbers as the same numbers in float64."""
    # Whoever receives the bytes reads them as float64, whatever a domain or a quantity has drawn.
    arrays = [np.asarray(array, dtype=np.float64) for array in arrays]
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
        ForeignError: there are more or fewer numbers, or it has hung up before the last of them.
    """
    found: list[FloatArray] = []
    for size in sizes:
        try:
            # Longer ones are an OSError, before they are read.
            content = connection.recv_bytes(8 * size)
        except (EOFError, ConnectionError) as error:
            raise ForeignError(f"it hung up after {len(found)} of {len(sizes)} blocks of predictions") from error
        except OSError as error:
            raise ForeignError(f"it sent more than {8 * size:,} bytes as {size:,} predictions") from error
        if len(content) != 8 * size:
            raise ForeignError(f"it sent {len(content):,} bytes as {size:,} predictions, expected {8 * size:,}")
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
