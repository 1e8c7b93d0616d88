"""A study's report: progress at any time, and what its votes say once they may be unblinded.

It reads origins, so it is the admin's alone; no physician's route leads here, before or after.
"""
