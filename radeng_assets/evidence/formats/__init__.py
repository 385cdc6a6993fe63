"""Reports that tools write: bytes in, a neutral model and findings out. No files, no judging, no Dagster."""
