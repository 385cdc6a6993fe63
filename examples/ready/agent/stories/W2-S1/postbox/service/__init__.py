"""Boxes over HTTP."""
