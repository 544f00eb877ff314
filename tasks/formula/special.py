"""Functions that numpy does not have, in numpy: to rounding, row by row."""

from math import factorial, prod
from typing import Any

import numpy as np
from numpy.polynomial.chebyshev import chebinterpolate, chebval
from numpy.polynomial.polynomial import polyval

# H(x) = psi(x + 1) + gamma: the recurrence up to x + 11, from there Bernoulli's numbers B_2k / 2k.
_SHIFT = 10
_BERNOULLI = (0, 1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12)
# J0 is the mean of cos(z sin(angle)). A mean over 96 even angles is exact to rounding as far as z = 25, and by
# symmetry a quarter of them is enough: so its Chebyshev series in z / 25 is found. Beyond, Hankel's expansion has
# terms that fall below rounding.
_FAR = 25.0
_SINES = np.sin((np.arange(24) + 0.5) * (np.pi / 48))
_NEAR = chebinterpolate(lambda x: np.cos(x[:, None] * _FAR * _SINES).mean(axis=1), 56)
_HANKEL = tuple((-1) ** (k // 2) * prod(range(1, 2 * k, 2)) ** 2 / (factorial(k) * 8**k) for k in range(16))


def harmonic(x: Any) -> Any:
    """Return 1 + 1/2 + ... + 1/x, continued to all x > -1; nan elsewhere."""
    x = np.where(np.greater(x, -1), x, np.nan)
    y = x + 1 + _SHIFT
    steps = sum(1 / (x + 1 + k) for k in range(_SHIFT))
    return np.log(y) - 0.5 / y - polyval(1 / (y * y), _BERNOULLI) - steps + np.euler_gamma


def besselj0(z: Any) -> Any:
    """Return the Bessel function of the first kind of order 0."""
    size = np.abs(z)
    inside = chebval(np.minimum(size, _FAR) / _FAR, _NEAR)
    far = np.maximum(size, _FAR)
    square = 1 / (far * far)
    even, odd = polyval(square, _HANKEL[::2]), polyval(square, _HANKEL[1::2]) / far
    angle = far - np.pi / 4
    outside = np.sqrt(2 / (np.pi * far)) * (even * np.cos(angle) + odd * np.sin(angle))
    return np.where(size <= _FAR, inside, outside)
