"""Values outside their vocabulary or range."""
