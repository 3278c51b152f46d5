"""Whether the instruments tell clips that are good from clips that copy, are noise, or are one prototype."""
