"""The verdict: eight criteria judged over recorded evidence. Pure functions; no Dagster, no clock."""
