"""The engines behind `models.training`: the plain loop, the traced step, the closed form. They import torch."""
