"""Pairs of masks on which implementations of surface distances part ways."""

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
S = np.s_
SPACINGS = [(1.0, 1.0), (0.5, 2.0)]


def mask(*parts: tuple[object, object]) -> Mask:
    found = np.zeros((12, 14), np.bool_)
    for part in parts:
        found[part] = True  # type: ignore[index]
    return found


EMPTY = mask()
PAIRS = {
    "shifted": (mask(S[3:8, 3:9]), mask(S[4:9, 5:11])),
    "one pixel": (mask(S[5, 5]), mask(S[8, 9])),
    "border": (mask(S[0:5, 0:6]), mask(S[0:4, 0:8])),
    "hole": (mask(S[2:10, 2:11]), mask(S[2:10, 2:11]) & ~mask(S[5:7, 5:8])),
    "two components": (mask(S[1:4, 1:4], S[8:11, 9:13]), mask(S[1:4, 2:5])),
}
