"""Friedman's first function, as regression benchmarks have it."""
