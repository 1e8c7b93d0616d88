"""Runs: work in the background that can be killed at any moment and gone on with.

A run is planned once, as a set difference ("what is missing"), and cut into chunks. Whoever is
free takes the next chunk: the web process's own thread, a command, or any number of workers. A
chunk whose taker falls silent is taken again, and since its work is a set difference too, doing
it twice changes nothing.
"""
