"""What the paper varies: scarcity levels, methods, generators and trials."""
