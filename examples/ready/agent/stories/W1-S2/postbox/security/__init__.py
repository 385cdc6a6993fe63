"""Who may do what, how much of it, and what no letter may carry."""
