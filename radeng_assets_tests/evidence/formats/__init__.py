"""Readers of reports, against files that the real tools wrote."""
