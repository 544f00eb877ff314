"""The threads in which people asked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where something was asked: a title and a public address."""

    title: str
    url: str


SQUARES = Source(
    "Why multiplication (squares) doesn't work for neural networks?", "https://datascience.stackexchange.com/q/60170"
)
PAIRS = Source("Learning sum of a function using Keras", "https://datascience.stackexchange.com/q/63953")
ANY_FUNCTION = Source(
    "An answer: networks approximate any function within a finite range",
    "https://datascience.stackexchange.com/a/40547",
)
CONSTANT = Source("Parameter optimization with neural networks", "https://stats.stackexchange.com/q/355257")
