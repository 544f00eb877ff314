"""Arithmetic with a hundred inputs: best lines, and units that add and multiply."""
