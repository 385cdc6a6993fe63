"""Inspection of what an attempt changed: scope and tampering. One inspection a file, found by name; pure functions."""
