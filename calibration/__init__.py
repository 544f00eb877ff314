"""Figures that others have published, measured here: a folder a source, with its comparisons, tasks and models."""
