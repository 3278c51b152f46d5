"""Augmented copies of training clips."""
