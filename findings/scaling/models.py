"""The ReLU networks as they were asked about: large and small, in two scalings, for more epochs."""

from findings.keras import asked, relu
from findings.sources import SQUARES

# The thread divides x and x^2 alike by the square of the largest number.
_BY_LARGEST_SQUARED, _BY_OWN_RANGE = (1e6, 1e6), (1e3, 1e6)
_BIG, _SMALL = relu(20, 100, 1000, 100, 20), relu(20, 100, 20)

MODELS = (
    asked(
        "asked-relu",
        "ReLU network 20-100-1000-100-20, x and y divided by 1,000^2, 500 epochs",
        _BIG,
        SQUARES.url,
        divisors=_BY_LARGEST_SQUARED,
    ),
    asked(
        "asked-relu-own-range",
        "ReLU network 20-100-1000-100-20, x divided by 1,000 and y by 1,000^2, 500 epochs",
        _BIG,
        SQUARES.url,
        divisors=_BY_OWN_RANGE,
    ),
    asked(
        "asked-relu-1000-epochs",
        "ReLU network 20-100-1000-100-20, x and y divided by 1,000^2, 1,000 epochs",
        _BIG,
        SQUARES.url,
        divisors=_BY_LARGEST_SQUARED,
        steps=10_000,
    ),
    asked(
        "asked-small",
        "ReLU network 20-100-20, x and y divided by 1,000^2, 500 epochs",
        _SMALL,
        SQUARES.url,
        divisors=_BY_LARGEST_SQUARED,
    ),
    asked(
        "asked-small-own-range",
        "ReLU network 20-100-20, x divided by 1,000 and y by 1,000^2, 500 epochs",
        _SMALL,
        SQUARES.url,
        divisors=_BY_OWN_RANGE,
    ),
    asked(
        "asked-small-5000-epochs",
        "ReLU network 20-100-20, x and y divided by 1,000^2, 5,000 epochs",
        _SMALL,
        SQUARES.url,
        divisors=_BY_LARGEST_SQUARED,
        steps=50_000,
    ),
    asked(
        "asked-one-hidden",
        "One hidden layer of 100 ReLU, x and y divided by 1,000^2, 500 epochs",
        relu(100),
        SQUARES.url,
        divisors=_BY_LARGEST_SQUARED,
    ),
    asked(
        "asked-one-hidden-own-range",
        "One hidden layer of 100 ReLU, x divided by 1,000 and y by 1,000^2, 500 epochs",
        relu(100),
        SQUARES.url,
        divisors=_BY_OWN_RANGE,
    ),
)
