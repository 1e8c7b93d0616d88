"""Upkeep: what an operator does to a whole installation: check it, back it up, restore it."""
