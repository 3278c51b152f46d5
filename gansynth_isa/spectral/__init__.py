"""Arrays to arrays: mel matrix, log-mel features, normalisers."""
