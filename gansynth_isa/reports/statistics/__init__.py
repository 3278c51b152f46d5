"""Rows to means, intervals, and verdicts on statements."""
