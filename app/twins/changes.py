"""What was done to a film to make another: read from how the two lie over each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.twins.placing import Maps

CROPPED = 0.95  # of a side; less is told as a crop
TURNED = 1.0  # degrees from which a turn is told


@dataclass(frozen=True)
class Change:
    """How one film differs from its near-identical other.

    ``cropped`` is the share of the larger picture's area that both show, 1 for all of it;
    ``turned`` degrees, clockwise.
    """

    mirrored: bool
    inverted: bool
    cropped: float
    turned: float

    def words(self) -> str:
        """Return the change in words: "mirrored, cropped to 64 %"."""
        said = [
            "mirrored" if self.mirrored else "",
            "inverted" if self.inverted else "",
            f"cropped to {self.cropped:.0%} of the area" if self.cropped < 1 else "",
            f"turned by {abs(self.turned):.0f} degrees" if self.turned else "",
        ]
        return ", ".join(filter(None, said)) or "the same view in another size, window or encoding"

    def plain(self) -> dict[str, bool | float]:
        """Return the change as JSON keeps it."""
        return {
            "mirrored": bool(self.mirrored),
            "inverted": bool(self.inverted),
            "cropped": float(self.cropped),
            "turned": float(self.turned),
        }


def change_of(map_: Maps, *, mirrored: bool, inverted: bool) -> Change:
    """Return the change that a map [2, 3] from one film to the other amounts to."""
    linear = map_[:, :2]
    turned = float(np.degrees(np.arctan2(linear[1, 0] - linear[0, 1], np.trace(linear))))
    sides = np.linalg.norm(linear, axis=0)
    area = float(abs(np.linalg.det(linear)))
    told = min(sides.min(), 1 / sides.max()) < CROPPED
    return Change(
        mirrored=mirrored,
        inverted=inverted,
        cropped=min(area, 1 / area) if told else 1.0,
        turned=turned if abs(turned) >= TURNED else 0.0,
    )
