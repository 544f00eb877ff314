"""Where the figures were published that are measured here."""

from findings.sources import Source

RAYS = Source(
    "Xu, Zhang, Li, Du, Kawarabayashi, Jegelka (2021), How neural networks extrapolate, ICLR",
    "https://github.com/jinglingli/nn-extrapolate",
)
SRBENCH = Source(
    "La Cava et al. (2021), Contemporary symbolic regression methods and their relative performance, NeurIPS",
    "https://github.com/cavalab/srbench",
)
ARITHMETIC = Source(
    "Madsen, Johansen (2020), Neural arithmetic units, ICLR", "https://github.com/AndreasMadsen/stable-nalu"
)
