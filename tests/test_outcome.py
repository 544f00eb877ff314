"""How an exception becomes a status."""

import pytest

from benchmark.cell.outcome import outcome_of, says_out_of_memory


@pytest.mark.parametrize(
    "text",
    [
        "terminate called after throwing an instance of 'std::bad_alloc'",
        "numpy.core._exceptions._ArrayMemoryError: Unable to allocate 7 GiB",
        "[enforce fail] DefaultCPUAllocator: not enough memory: you tried to allocate 80 bytes",
        "DefaultCPUAllocator: can't allocate memory: you tried to allocate 80 bytes",
        "OSError: [Errno 12] Cannot allocate memory",
        "OpenBLAS error: Memory allocation still failed after 10 retries, giving up.",
    ],
)
def test_what_libraries_say_of_memory_is_known_whether_they_raise_it_or_end(text: str) -> None:
    assert says_out_of_memory(text)
    assert outcome_of(RuntimeError(text))["status"] == "out-of-memory"


def test_what_has_room_has_failed_otherwise() -> None:
    said = outcome_of(ValueError("the memory of the last step is empty"))
    assert said == {"status": "failed", "reason": "ValueError: the memory of the last step is empty"}
    assert outcome_of(MemoryError())["status"] == "out-of-memory"
