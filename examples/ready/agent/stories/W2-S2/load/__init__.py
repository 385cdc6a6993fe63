"""A load test of the office: many agents at once, every request on record."""
