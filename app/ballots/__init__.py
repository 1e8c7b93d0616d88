"""Ballots: the order of cases, the slots, the lease, and what goes over the wire."""
