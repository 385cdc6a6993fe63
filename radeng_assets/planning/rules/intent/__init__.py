"""What was intended, and nothing carries."""
