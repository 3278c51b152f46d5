"""Recordings to clips to features to batches; scarce subsets; synthetic clips; simulated recordings."""
