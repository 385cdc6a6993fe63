"""The Claude agent: our own turn loop over the Messages API; budget, journal and inspection stand between calls."""
