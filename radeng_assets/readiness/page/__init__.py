"""The page for stakeholders: facts of a verdict in, one HTML document out. Pure: no clock, no process, no network."""
