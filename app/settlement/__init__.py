"""Settlement: what the votes of a case amount to."""
