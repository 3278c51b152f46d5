"""A classifier of embeddings: a model that its user brings maps waveforms to vectors, a small head tells classes."""
