"""Proposals: the candidates of a film, and, apart from them, whose they are."""
