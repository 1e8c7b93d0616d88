"""Are two films the same picture? Fingerprints, and the search for near-identical films.

Pure, and without PyTorch: it knows arrays only. A film's *fingerprint* is its rank-equalised
luminance on 64 × 64 cells. `search.find_twins` compares fingerprints in two stages: `candidates`
looks at low frequencies of many windows of each film, `registration` lays one film over the other
and measures how well fine structure agrees.
"""
