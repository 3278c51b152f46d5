"""What the paper varies: scarcity levels, methods, GANs and trials, and the report on them."""
