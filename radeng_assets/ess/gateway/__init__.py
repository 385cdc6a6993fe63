"""The client of the live gateway: its words, one request, the one place that tries again, and what its answers mean."""
