"""Pictures of synthetic beside real clips."""
