"""The conduct of a study: the few acts that touch several rooms at once.

`answering` is on the physician's path and knows no origin. `opening` is on the admin's and does.
They are apart so that the import-linter can hold them apart.
"""
