"""A ReLU network that is trained for ten times as long."""

from models.base import Model
from models.mlp import relu_mlp
from models.training import network

MODELS = (
    Model(
        name="relu-mlp-40000-steps",
        title="ReLU network, 64-64, ten times the steps of relu-mlp",
        build=network(relu_mlp, steps=40_000),
        tags=("control",),
    ),
)
