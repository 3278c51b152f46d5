"""Clips between neighbouring training clips of a class."""
