"""Numbers along an axis."""

from matplotlib.ticker import FuncFormatter


def short(value: float) -> str:
    """Return a number as briefly as it can be read: 2e7, 0.05, 1e-4.

    matplotlib would write a factor above the panel, over its title, or typeset powers, slowly.
    """
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:g}"
    mantissa, exponent = f"{value:.3e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}"


SHORT = FuncFormatter(lambda value, _: short(value))
