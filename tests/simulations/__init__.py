"""Simulations that the rules of the board were chosen by: each prints the tables that docs/verdicts.md shows."""
