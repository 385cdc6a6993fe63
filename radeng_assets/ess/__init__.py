"""The engineering support system (ESS): a target's code at a commit, indexed, asked, and how far it can be trusted."""
