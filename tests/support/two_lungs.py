"""A film that can be measured with a ruler: two dense rectangles, parts of them denser.

Rows 20…109 hold the patient's right lung in columns 20…69 (left on the raster) and the left lung
in columns 90…139. Tiny networks find the lungs from grey 60 and infection from grey 180.
"""

from pathlib import Path

import numpy as np

from app.films.pixels import FilmPixels
from tests.support.tiny_networks import add_network

SHAPE = (120, 160)
RIGHT = (slice(20, 110), slice(20, 70))
LEFT = (slice(20, 110), slice(90, 140))
GROUND, LUNG, INFECTED = 0, 100, 255


def film(*infected: tuple[slice, slice]) -> FilmPixels:
    """The film with these (rows, columns) infected."""
    values = np.full(SHAPE, GROUND, np.uint8)
    values[RIGHT] = values[LEFT] = LUNG
    for part in infected:
        values[part] = INFECTED
    # One white pixel, far away: the percentiles that networks scale by are then the same always.
    values[0, 0] = INFECTED
    return FilmPixels(values, bits=8)


def add_networks(models: Path) -> None:
    """Two infection networks that differ a little, and a lung network, exact on `film`."""
    add_network(models, "first", grid=SHAPE, level=0.70, specks=0.001, stages=[1, 2])
    add_network(models, "second", grid=SHAPE, level=0.75, specks=0.001)
    add_network(models, "lungs", grid=SHAPE, level=0.25, specks=0.001, task="lungs", stages=[])
