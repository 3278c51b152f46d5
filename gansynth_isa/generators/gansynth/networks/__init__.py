"""Networks of the progressive GAN as Keras layers and models: explicit arguments, no global state."""
