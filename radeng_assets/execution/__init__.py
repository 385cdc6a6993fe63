"""Waves and stories on a target: commands, git, clean worktrees, gates, proofs, runtimes. No Dagster here."""
