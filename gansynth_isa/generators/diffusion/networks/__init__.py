"""Networks of the kind `diffusion`, and what is done with them to make clips."""
