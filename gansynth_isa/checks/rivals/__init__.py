"""The comparison of all generators and learners on equal terms, on recordings that no choice has seen."""
