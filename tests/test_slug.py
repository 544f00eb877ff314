"""Machines have folders whose names anybody can read and any system can hold."""

import re

import pytest

from benchmark.store.slug import slug

NAMES = [
    "AMD EPYC, x86_64, Linux",
    "Intel(R) Xeon(R) CPU @ 2.20GHz, x86_64, Linux",
    "../..",
    "",
    "机器",
    "A" * 500,
    "nul",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_slug_is_short_and_safe(name: str) -> None:
    assert re.fullmatch(r"([a-z0-9][a-z0-9-]{0,39}-)?[0-9a-f]{6}", slug(name))


def test_a_slug_can_be_read_and_names_that_look_alike_are_told_apart() -> None:
    assert slug("AMD EPYC, x86_64, Linux").startswith("amd-epyc-x86-64-linux-")
    assert len({slug(name) for name in (*NAMES, "AMD EPYC x86_64 Linux", "amd epyc, x86_64, linux")}) == len(NAMES) + 2
