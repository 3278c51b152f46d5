"""What trained classifiers and synthetic clips are worth, in numbers."""
