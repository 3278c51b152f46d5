"""SpecGAN: two-dimensional networks that make linear log-magnitude spectrograms."""
