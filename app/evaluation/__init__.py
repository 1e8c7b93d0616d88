"""How good a network is: measured on films with drawn masks, told as numbers and as one page.

Two averages, always both: *per film* is the mean of the films' values, *pooled* counts the pixels
of all films together. Films without a drawn mask are in neither; they can only be false alarms.
"""
