"""Kolmogorov-Arnold networks on the examples of their authors, by the grids of their splines."""
