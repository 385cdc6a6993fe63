"""What a command showed: the pass/fail algebra, envelopes, the store and the ledger. No Dagster, no judging."""
