"""Claimed numbers against what is there."""
