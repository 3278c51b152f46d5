"""The training of the kind `diffusion`."""
