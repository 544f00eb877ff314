"""Tests as their sources have them, partly outside: whole, and inside and outside apart."""
