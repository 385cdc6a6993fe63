"""What a Claude agent can do in its workspace. One tool a file, found by name; each confined to the workspace."""
