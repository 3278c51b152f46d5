"""The kind `diffusion`: noise is taken step by step from latents of clips."""
