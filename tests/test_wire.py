"""Between the two processes of a cell: arrays arrive bit by bit, and what is no message is said to be none."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Client, Connection, Pipe

import numpy as np
import pytest

from benchmark.cell.outcome import Said
from benchmark.workers.wire import (
    Address,
    Asked,
    ForeignError,
    accepted,
    acknowledge,
    asked,
    calling,
    listener,
    received_arrays,
    received_predictions,
    send_arrays,
    send_predictions,
)

STRANGER = """
import sys
from multiprocessing.connection import Client
try:
    Client(chr(0) + sys.argv[1], "AF_UNIX", authkey=bytes.fromhex(sys.argv[2])).close()
    print("heard")
except (EOFError, OSError):
    print("not heard")
"""


@contextmanager
def both() -> Iterator[tuple[Connection, Connection]]:
    one, other = Pipe()
    with one, other:
        yield one, other


def question_from(message: bytes) -> Asked:
    def send(connection: Connection) -> None:
        # Who hears enough does not hear it out.
        with suppress(OSError):
            connection.send_bytes(message)

    with both() as (ours, theirs):
        thread = threading.Thread(target=send, args=(theirs,))
        thread.start()
        try:
            return asked(ours)
        finally:
            ours.close()
            thread.join()


def test_arrays_arrive_as_they_were_sent_and_read_only() -> None:
    rng = np.random.default_rng(0)
    sent = [rng.normal(size=(5, 3)), np.asfortranarray(rng.normal(size=(4, 2))), np.array([0.0, -0.0, 5e-324, 1e308])]
    with both() as (ours, theirs):
        send_arrays(ours, {"word": 1}, sent)
        words, found = received_arrays(theirs)
    assert words == {"word": 1}
    for before, after in zip(sent, found, strict=True):
        assert after.tobytes() == before.tobytes()
        assert after.flags.f_contiguous == before.flags.f_contiguous
        assert not after.flags.writeable


def test_whole_numbers_arrive_as_the_same_numbers() -> None:
    sent = [np.arange(4).reshape(4, 1), np.array([[1, 2], [3, 4]], dtype=np.int32, order="F")]
    with both() as (ours, theirs):
        send_arrays(ours, "rows", sent)  # type: ignore[arg-type]
        _, arrived = received_arrays(theirs)
    for one, other in zip(sent, arrived, strict=True):
        assert other.dtype == np.float64
        np.testing.assert_array_equal(other, one)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\x80\x04garbage",
        b"[1, 2, 3]",
        b'{"want": "everything"}',
        b'{"want": "training", "seed": "0"}',
        b'{"want": "training", "more": 1}',
        b"[" * 900_000,
        json.dumps({"want": "score", "said": {"status": "splendid"}}).encode(),
        json.dumps({"want": "score", "said": {"status": "failed"}}).encode(),
        json.dumps({"want": "score", "said": {"status": "failed", "reason": "x" * 2001}}).encode(),
        json.dumps({"want": "score", "said": {"status": "ok", "training_rmse": 0.0}}).encode(),
        json.dumps({"want": "score", "said": {"status": "ok", "seconds": {"fit": [-1.0]}}}).encode(),
        json.dumps({"want": "score", "said": {"status": "ok", "seconds": {"fit": [float("nan")]}}}).encode(),
        json.dumps({"want": "score", "said": {"status": "ok", "notes": {"a": "x" * 1001}}}).encode(),
    ],
)
def test_what_does_not_have_the_form_of_a_question_is_none(message: bytes) -> None:
    with pytest.raises(ForeignError, match=r"^it does not have the form of one$"):
        question_from(message)


def test_a_long_message_is_none_and_is_not_read() -> None:
    with pytest.raises(ForeignError, match=r"^it is longer than 1,048,576 bytes$"):
        question_from(b"x" * (2**20 + 1))


def test_who_hangs_up_has_said_nothing() -> None:
    with both() as (ours, theirs):
        theirs.close()
        with pytest.raises(ConnectionError):
            asked(ours)


@pytest.mark.parametrize(
    ("sizes", "sent", "words"),
    [
        ((3,), [2], "it sent 16 bytes as 3 predictions, expected 24"),
        ((3,), [4], "it sent more than 24 bytes as 3 predictions"),
        ((3, 3), [3], "it hung up after 1 of 2 blocks of predictions"),
        ((3,), [], "it hung up after 0 of 1 blocks of predictions"),
    ],
)
def test_predictions_are_as_many_as_there_are_rows(sizes: tuple[int, ...], sent: list[int], words: str) -> None:
    with both() as (ours, theirs):
        for n in sent:
            theirs.send_bytes(np.zeros(n).tobytes())
        theirs.close()
        with pytest.raises(ForeignError, match=f"^{words}$"):
            received_predictions(ours, sizes)


Serve = Callable[[Connection], None]


@contextmanager
def serving(serve: Serve, *, keeper: int) -> Iterator[Address]:
    """Answer every caller below a process, in a thread."""
    listening, address = listener()

    def answer() -> None:
        try:
            for connection in accepted(listening, address.key, keeper=keeper):
                serve(connection)
        except OSError:
            # It is closed: the test is over.
            pass

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


def test_a_score_is_received_before_the_one_who_hands_it_in_goes_on() -> None:
    found = []

    def serve(connection: Connection) -> None:
        question = asked(connection)
        found.append((question.seed, question.said, received_predictions(connection, [2])[0].tolist()))
        acknowledge(connection)

    said = Said(status="ok", notes={"a": "b"})
    with serving(serve, keeper=os.getpid()) as address:
        with calling(address, Asked(want="score", seed=4, said=said)) as connection:
            send_predictions(connection, [np.array([1.0, 2.0])])
        assert found == [(4, said, [1.0, 2.0])]


def test_strangers_without_the_key_and_garbage_cost_the_next_caller_nothing() -> None:
    with serving(acknowledge, keeper=os.getpid()) as address:
        for garbage in (b"", b"\x7f\xff\xff\xffgarbage", b"garbage" * 1000):
            with socket.socket(socket.AF_UNIX) as line:
                line.connect(address.name)
                line.sendall(garbage)
        with pytest.raises(Exception, match="digest"):
            Client(address.name, "AF_UNIX", authkey=b"another")
        with Client(address.name, "AF_UNIX", authkey=address.key) as connection:
            assert connection.recv_bytes() == b"done"


def called(address: Address) -> str:
    """Return whether a process below us is heard."""
    words = [sys.executable, "-c", STRANGER, address.name.removeprefix("\0"), address.key.hex()]
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=20).stdout


@pytest.mark.skipif(sys.platform != "linux", reason="no other system says who calls")
def test_a_process_of_another_cell_is_not_heard_even_with_the_key_and_keeps_nobody_waiting() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as keeper:
        with serving(acknowledge, keeper=keeper.pid) as address, socket.socket(socket.AF_UNIX) as silent:
            # We are not below it: one of us waits, and one has the key.
            silent.connect(address.name)
            assert called(address) == "not heard\n"
        keeper.kill()
    with serving(acknowledge, keeper=os.getpid()) as address:
        assert called(address) == "heard\n"
