"""Where the figures were published that are measured here."""

from findings.sources import Source

RAYS = Source(
    "Xu, Zhang, Li, Du, Kawarabayashi, Jegelka (2021), How neural networks extrapolate, ICLR",
    "https://github.com/jinglingli/nn-extrapolate",
)
