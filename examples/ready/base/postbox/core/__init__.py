"""Letters, where they are kept, and who gets them."""
