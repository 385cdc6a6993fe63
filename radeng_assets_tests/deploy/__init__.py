"""The files in ``deploy/``: what they say, and the processes that they start."""
