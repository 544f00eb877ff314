"""Where the figures were published that are measured here."""

from findings.sources import Source

RAYS = Source(
    "Xu, Zhang, Li, Du, Kawarabayashi, Jegelka (2021), How neural networks extrapolate, ICLR",
    "https://github.com/jinglingli/nn-extrapolate",
)
EQUATIONS = Source(
    "Sahoo, Lampert, Martius (2018), Learning equations for extrapolation and control, ICML",
    "https://github.com/martius-lab/EQL",
)
HARMONIC = Source(
    "Keijzer (2003), Improving symbolic regression with interval arithmetic and linear scaling, EuroGP",
    "https://doi.org/10.1007/3-540-36599-0_7",
)
NONLINEARITY = Source(
    "Vladislavleva, Smits, den Hertog (2009), Order of nonlinearity as a complexity measure, IEEE TEVC 13",
    "https://doi.org/10.1109/TEVC.2008.926486",
)
GENOXIDE = Source("genoxide: Nguyen-1 to 12", "https://github.com/tachsin/genoxide")
SRBENCH = Source(
    "La Cava et al. (2021), Contemporary symbolic regression methods and their relative performance, NeurIPS",
    "https://github.com/cavalab/srbench",
)
ARITHMETIC = Source(
    "Madsen, Johansen (2020), Neural arithmetic units, ICLR", "https://github.com/AndreasMadsen/stable-nalu"
)
PYKAN = Source("Liu et al. (2024), KAN: Kolmogorov-Arnold networks", "https://github.com/KindXiaoming/pykan")
DEEP_SETS = Source("Zaheer et al. (2017), Deep sets, NeurIPS", "https://github.com/manzilzaheer/DeepSets")
SCIKIT_LEARN = Source(
    "Pedregosa et al. (2011), Scikit-learn: machine learning in Python, JMLR 12",
    "https://github.com/scikit-learn/scikit-learn",
)
GPLEARN = Source("Stephens (2015), gplearn", "https://github.com/trevorstephens/gplearn")
