"""A stand-in for the Messages API on loopback, true to the protocol: for tests, and for ``radeng load``."""
