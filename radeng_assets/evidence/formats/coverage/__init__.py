"""Line coverage: one module for each format, one model for all, counted exactly and matched to a repository's files."""
