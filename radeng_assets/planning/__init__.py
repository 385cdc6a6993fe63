"""Planning documents in: located facts, findings, the plan's structure. No Dagster here."""
