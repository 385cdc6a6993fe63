"""One thing, told in several documents."""
