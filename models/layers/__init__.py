"""Layers of networks that torch does not have, one file a family. They import torch: factories import them."""
