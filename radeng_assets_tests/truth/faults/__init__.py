"""The faults, by what they touch. Each module has ``FAULTS``."""
