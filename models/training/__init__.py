"""How networks are trained: what an author gives is a factory of modules, and a recipe if the default will not do."""

from models.training.network import network
from models.training.recipe import Factory, Recipe

__all__ = ["Factory", "Recipe", "network"]
