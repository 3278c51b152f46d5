"""What each lever of the generators is worth: one change at a time, on development recordings."""
