"""Who does the tasks of an experiment: this process, several of them, or a Ray cluster."""
