"""Learners that use clips without labels: FixMatch, Mean Teacher, pseudo-labels."""
