"""Clips that were imported, in the place of a generator's."""
