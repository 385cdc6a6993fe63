"""The assets by part of the lineage: documents → waves → evidence → readiness."""
