"""Clips with features: computed, cached, split into sides and subsets; folders of synthetic clips."""
