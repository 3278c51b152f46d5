"""Training clips with a share of the difference of two others."""
