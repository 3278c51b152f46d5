"""All that changes over time while the GAN trains: steps, stages, reports, resume."""
