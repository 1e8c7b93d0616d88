"""What the masks of one ballot look like, in families of numbers. Pure.

``outline`` is style: how a line is drawn. ``place`` is where and how large. ``company`` is how a
mask stands to the others of its ballot: three networks may agree and the hand-drawn one be the odd
one out. Only the first can be touched by a normalisation of the display.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from app.masks.components import bounding_box
from app.masks.measures import dice
from app.probe.style import style_names, style_of

Mask = NDArray[np.bool_]
Values = NDArray[np.float64]

PLACE = ("area", "row", "column", "height", "width", "left half", "mirrored", "at the border")
COMPANY = ("mean Dice", "largest Dice", "least Dice", "Dice with the majority", "share of area")
FAMILIES: Mapping[str, Sequence[str]] = {
    "outline": ("outline",),
    "place": ("place",),
    "company": ("company",),
    "all": ("outline", "place", "company"),
}
"""What each adversary is given."""


def looks(masks: Sequence[Mask]) -> dict[str, Values]:
    """Return, for each family, ``float64[masks, numbers]`` of the masks of one ballot."""
    return {
        "outline": np.stack([style_of(mask) for mask in masks]),
        "place": np.stack([_place(mask) for mask in masks]),
        "company": _company(masks),
    }


def names_of(family: str) -> list[str]:
    """Return what the numbers of a family mean."""
    known = {"outline": style_names(), "place": list(PLACE), "company": list(COMPANY)}
    return known[family]


def _place(mask: Mask) -> Values:
    box = bounding_box(mask)
    if box is None:
        return np.zeros(len(PLACE))
    height, width = mask.shape
    by_row, by_column = mask.sum(axis=1), mask.sum(axis=0)
    area = float(by_row.sum())
    border = mask[0].sum() + mask[-1].sum() + mask[:, 0].sum() + mask[:, -1].sum()
    return np.array(
        [
            np.log(area / mask.size),
            by_row @ np.arange(height) / area / height,
            by_column @ np.arange(width) / area / width,
            (box[0].stop - box[0].start) / height,
            (box[1].stop - box[1].start) / width,
            by_column[: width // 2].sum() / area,
            dice(mask, mask[:, ::-1]),
            border / (2.0 * (height + width)),
        ]
    )


def _company(masks: Sequence[Mask]) -> Values:
    count = len(masks)
    alike = np.full((count, count), np.nan)
    for one, other in combinations(range(count), 2):
        alike[one, other] = alike[other, one] = dice(masks[one], masks[other])
    votes = np.sum(masks, axis=0, dtype=np.int16)
    areas = np.array([mask.sum() for mask in masks], np.float64)
    rows = []
    for number, mask in enumerate(masks):
        others = np.delete(alike[number], number)
        majority = 2 * (votes - mask) >= count - 1
        share = areas[number] / max(1.0, areas.sum())
        rows.append([others.mean(), others.max(), others.min(), dice(mask, majority), share])
    return np.array(rows)
