"""Numbers along an axis."""

from matplotlib.ticker import FuncFormatter

from benchmark.show.digits import short

# matplotlib would write a factor above the panel, over its title, or typeset powers, slowly.
SHORT = FuncFormatter(lambda value, _: short(value))
