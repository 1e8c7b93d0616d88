"""Exports: what leaves the house, counted and digested."""
