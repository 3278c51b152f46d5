"""Measures of clips, arrays to numbers: what sets of clips have in common and where they differ."""
