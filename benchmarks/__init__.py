"""Figures, each printed by the command that makes it. Timing lives here and never in an assertion of a test."""
