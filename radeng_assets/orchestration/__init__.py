"""Dagster: assets, checks, jobs over the rooms below. It wires and shows; it decides nothing."""
