"""radeng_assets: production readiness shown by evidence, not claimed.

The rooms, in the order in which facts travel (imports go the same way only):
``planning`` (documents in) ← ``evidence`` ← ``execution``, ``ess`` ← ``readiness`` (verdict out)
← ``orchestration`` (Dagster) ← ``cli``.
"""
