"""A post office for agents."""
