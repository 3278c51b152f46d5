"""Physical simulation of recordings, for demonstrations and tests without a data set."""
