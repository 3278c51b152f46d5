"""Instruments: how good synthetic clips are, whatever made them."""
