"""Stateless loss functions of the GAN."""
