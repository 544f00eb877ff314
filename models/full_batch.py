"""Small networks that see all rows in every step."""

from models.base import Model
from models.mlp import tanh_mlp
from models.training import network

MODELS = (
    Model(
        name="tanh-mlp-lbfgs",
        title="tanh network, 64-64, trained by L-BFGS in double precision",
        source="Liu and Nocedal (1989), On the limited memory BFGS method; Le et al. (2011), On optimization methods "
        "for deep learning: for networks as small as this one",
        # Lines are searched down to differences of a loss that single precision does not hold.
        build=network(tanh_mlp, optimizer="lbfgs", steps=500, dtype="float64", validation=0.2),
        tags=("network",),
        version=2,
        # Rows that are few or noisy are trained on again: see docs/validation.md.
        timed_by="task",
    ),
)
