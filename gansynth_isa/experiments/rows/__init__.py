"""The files of rows that an experiment writes, and their checks."""
