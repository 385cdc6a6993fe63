"""Line coverage: readers, model, and the match to a repository."""
