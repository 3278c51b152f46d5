"""What kinds that train a critic against a generator have in common."""
