"""Votes: append-only, idempotent, acknowledged after the commit."""
