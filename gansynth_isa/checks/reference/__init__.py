"""Comparisons with what the original GANSynth produced."""
