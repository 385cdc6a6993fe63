"""One judgement, stated twice."""
