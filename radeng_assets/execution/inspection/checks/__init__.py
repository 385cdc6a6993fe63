"""The inspections, one a file."""
