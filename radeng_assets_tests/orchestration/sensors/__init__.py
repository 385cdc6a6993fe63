"""Sensors, ticked as the daemon does it, on a real instance."""
