"""Which recordings there are: found by name, layout or manifest, and surveyed."""
