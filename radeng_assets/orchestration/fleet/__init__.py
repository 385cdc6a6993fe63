"""A wave's steps on many machines: on Celery or Kubernetes, with the same definitions."""
