"""WaveGAN and EnvGAN: one-dimensional networks that make waveforms."""
