"""Networks as Keras layers and models: explicit arguments, no configuration, no global state."""
