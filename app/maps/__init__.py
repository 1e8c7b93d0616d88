"""Infection maps: the probability of infection over one film, in colour, with numbers.

`infection_map` makes a map, `regions` and `extent` measure it, `numbers` says it as JSON, `forms`
and `legend` draw it, `answer` does all of it for one request.
"""
