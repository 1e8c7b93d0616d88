"""Studies: their protocol, their members, and the states they go through."""
