"""Runs: work in the background that can be killed and gone on with."""
