"""All that changes over time: stages, training steps, checkpoints, reports."""
