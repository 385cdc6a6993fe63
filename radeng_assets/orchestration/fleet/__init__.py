"""A wave's steps on many machines: on an engine that exists already, Celery or Kubernetes, with the same definitions."""
