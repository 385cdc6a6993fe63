"""What a home keeps and for how long; taking away the rest; its copy for bad days. Decisions are pure functions."""
