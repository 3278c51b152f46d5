"""Checkpoints and run folders of Magenta's GANSynth."""
