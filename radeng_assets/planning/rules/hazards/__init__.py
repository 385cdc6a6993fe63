"""What will go wrong when agents carry the plan out."""
