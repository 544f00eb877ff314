"""What comes from a call is foreign: read as a closed schema, bounded, and without waiting."""

import json
import os
from collections.abc import Callable, Iterator

import pytest

from benchmark.workers.heard import MOST_BYTES, Heard

GOOD = {"seed": {"seed": 0, "status": "ok", "training_rmse": 0.5}}
Tell = Callable[..., Heard]


@pytest.fixture
def tell() -> Iterator[Tell]:
    """Return what is heard of the given bytes, which come in one piece each."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    heard = Heard()

    def call(*pieces: bytes) -> Heard:
        for piece in pieces:
            os.write(writer, piece)
            heard.read(reader)
        return heard

    yield call
    os.close(reader)
    os.close(writer)


def line(**words: object) -> bytes:
    return json.dumps(words).encode() + b"\n"


def test_lines_are_taken_in_whatever_pieces_they_come(tell: Tell) -> None:
    whole = line(**GOOD) + line(together=True) + line(end={"role": "model", "code": -6, "excess": ""})
    heard = tell(*(whole[i : i + 7] for i in range(0, len(whole), 7)))
    assert heard.seeds == {0: {"seed": 0, "status": "ok", "reason": "", "training_rmse": 0.5}}
    assert heard.together
    assert heard.end is not None
    assert (heard.end.role, heard.end.code) == ("model", -6)
    assert (heard.trouble, heard.closed) == ("", False)


def test_what_was_said_first_holds(tell: Tell) -> None:
    first, second = ({"seed": {"seed": 3, "status": "failed", "reason": word}} for word in ("one", "two"))
    assert tell(line(**first), line(**second)).seeds[3]["reason"] == "one"
    answers = [line(answer={"status": "ok", "answer": n}) for n in (1, 2)]
    answer = tell(*answers).answer
    assert answer is not None
    assert answer.answer == 1


@pytest.mark.parametrize(
    "garbage",
    [
        b"\xff\xfe\x00\n",
        b"\n",
        b"{}\n",
        b"[1, 2]\n",
        b"17\n",
        b"null\n",
        b"[" * 50_000 + b"\n",
        b'{"seed": ' + b'{"seed": ' * 50_000 + b"\n",
        line(seed={"seed": 0}),
        line(seed={"seed": 0, "status": "out-of-memory"}),
        line(seed={"seed": 0, "status": "failed", "reason": 5}),
        line(seed={"seed": 0, "status": "failed", "reason": "x" * 2001}),
        line(seed={"seed": 0, "status": "splendid"}),
        line(seed={"seed": "0", "status": "ok"}),
        line(seed={"seed": True, "status": "ok"}),
        line(answer={"status": "failed"}),
        line(answer={"status": "ok", "more": 1}),
        line(trouble="x" * 1001),
        line(end={"role": "nobody", "code": 0, "excess": ""}),
        line(together=True, trouble="two things"),
        line(seeds={}),
        b'{"answer": {"status": "ok", "answer": 1' + b"0" * 5000 + b"}}\n",
        b'{"answer": {"status": "ok", "answer": "\\ud800"}}\n',
    ],
)
def test_a_line_that_is_no_answer_is_trouble_and_the_last_one(tell: Tell, garbage: bytes) -> None:
    # No more at a time than a pipe holds.
    heard = tell(*(garbage[i : i + 50_000] for i in range(0, len(garbage), 50_000)))
    assert heard.trouble == "it answered with something that is no answer"
    assert heard.closed
    assert tell(line(**GOOD)).seeds == {}


def test_lines_behind_garbage_are_not_read(tell: Tell) -> None:
    heard = tell(line(**GOOD) + b"garbage\n" + line(seed={"seed": 1, "status": "ok"}))
    assert list(heard.seeds) == [0]


def test_a_line_without_an_end_is_read_up_to_a_limit(tell: Tell) -> None:
    piece = b"x" * 2**16
    for _ in range(MOST_BYTES // len(piece)):
        assert not tell(piece).closed
    heard = tell(piece)
    assert heard.closed
    assert heard.trouble == "it answered with more than 64 MiB"


def test_a_hung_up_line_is_no_trouble() -> None:
    reader, writer = os.pipe()
    os.write(writer, line(**GOOD) + b'{"seed": {"se')
    os.close(writer)
    heard = Heard()
    heard.read(reader)
    os.close(reader)
    assert (list(heard.seeds), heard.trouble, heard.closed) == ([0], "", True)
