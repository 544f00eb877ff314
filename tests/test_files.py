"""How files are read and replaced."""

import gc

import pytest

from benchmark.store.files import uncollected


@uncollected()
def reading_what_is_wrong() -> None:
    assert not gc.isenabled()
    with uncollected():
        pass
    assert not gc.isenabled()
    raise ValueError("wrong")


def test_garbage_is_looked_for_again_after_reading_whatever_happened() -> None:
    for _ in range(2):
        assert gc.isenabled()
        with pytest.raises(ValueError, match="wrong"):
            reading_what_is_wrong()
    assert gc.isenabled()
