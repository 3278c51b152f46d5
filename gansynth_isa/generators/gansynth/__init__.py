"""The progressive GAN, a port of Magenta's GANSynth."""
