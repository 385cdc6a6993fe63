"""The broker: the one process that owns the API key, the account's limits and the money. Agents hold capabilities."""
