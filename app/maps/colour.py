"""The colours of a probability. Pure.

cividis (Nuñez, Anderton and Renslow 2018) and inferno (Smith and van der Walt 2015) rise evenly
in lightness and hold for colour-blind eyes; jet is there because the paper's figures use it.
"""

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Colours = Literal["cividis", "inferno", "jet"]
COLOURS: tuple[Colours, ...] = get_args(Colours)

# Below this probability nothing is painted: a sigmoid is never 0, and a veil over the whole film
# would say that something was found everywhere.
FLOOR = 0.1
FAINTEST, STRONGEST = 0.12, 0.85

# Every eighth colour of the published tables (both CC0), and the last; between them it is straight.
PLACES = [*range(0, 256, 8), 255]
TABLES = {
    "cividis": (
        "00224e 00285b 002e6a 053371 1a386f 273e6e 32436d 3b496c 434e6c 4b546c 535a6d "
        "5a5f6e 61656f 686a71 6f7073 767676 7d7c78 848279 8c8878 938e78 9b9476 a39a74 "
        "aba072 b4a76f bcae6c c4b468 cdbb63 d5c25e dec958 e7d150 f0d846 f9e03a fee838"
    ),
    "inferno": (
        "000004 040312 0b0724 150b37 210c4a 2f0a5b 3d0965 4a0c6b 57106e 64156e 71196e "
        "7d1e6d 8a226a 972766 a32c61 b0315b bc3754 c73e4c d24644 db503b e45a31 eb6628 "
        "f1731d f68013 f98e09 fb9d07 fcac11 fbbc21 f9cb35 f5db4c f2ea69 f3f68a fcffa4"
    ),
}


def table(colours: Colours) -> NDArray[np.uint8]:
    """Return uint8 [256, 3]: red, green and blue of the probabilities 0/255 … 255/255."""
    if colours == "jet":
        level = 4 * np.arange(256) / 255
        parts = np.stack([1.5 - np.abs(level - middle) for middle in (3, 2, 1)], axis=1)
        return np.rint(255 * np.clip(parts, 0, 1)).astype(np.uint8)
    anchors = np.array([list(bytes.fromhex(word)) for word in TABLES[colours].split()])
    parts = np.stack([np.interp(np.arange(256), PLACES, anchors[:, c]) for c in range(3)], axis=1)
    return np.rint(parts).astype(np.uint8)


def opacity() -> NDArray[np.uint8]:
    """Return uint8 [256]: how opaque each probability is painted, rising above `FLOOR`."""
    probability = np.arange(256) / 255
    rising = FAINTEST + (STRONGEST - FAINTEST) * (probability - FLOOR) / (1 - FLOOR)
    return np.where(probability < FLOOR, 0, np.rint(255 * rising)).astype(np.uint8)
