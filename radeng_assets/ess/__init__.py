"""The engineering support system: an index of a target's code at a commit, asked live or embedded, with its veracity."""
