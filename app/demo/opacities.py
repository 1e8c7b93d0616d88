"""Disease drawn into the lungs, with the mask of where it is. Pure.

Opacities of a viral pneumonia are mostly on both sides, low and near the wall of the chest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from app.demo.sheet import Shadow, Sheet

FINDINGS = ("No finding", "Ground glass", "Consolidation", "Ground glass and consolidation")
EDGE = 0.42  # of an opacity's own density: where an observer would draw its outline


@dataclass(frozen=True)
class Opacity:
    """Attenuation float32 [H, W] and mask bool [H, W]."""

    density: Shadow
    mask: NDArray[np.bool_]


def opacities(
    sheet: Sheet, lungs: NDArray[np.bool_], finding: str, rng: np.random.Generator
) -> Opacity:
    """Return the opacities of a finding within ``lungs`` bool [H, W]."""
    nothing = Opacity(np.zeros(lungs.shape, np.float32), np.zeros(lungs.shape, np.bool_))
    if finding == "No finding":
        return nothing
    centers = _centers(sheet, lungs, count=int(rng.integers(2, 6)), rng=rng)
    field = np.zeros(lungs.shape, np.float32)
    for x, y in centers:
        radii = rng.uniform(0.06, 0.13), rng.uniform(0.07, 0.16)
        across = (sheet.x - x) / radii[0]
        down = (sheet.y - y) / radii[1]
        field = np.maximum(field, np.exp(-((across**2 + down**2) ** 1.4)))
    ragged = 0.22 * sheet.clouds(rng, 0.06) + 0.1 * sheet.clouds(rng, 0.025)
    inside = sheet.blurred(lungs.astype(np.float32), 0.004)
    shape = np.clip(field * (1 + ragged), 0, 1.3) * inside
    mask = (sheet.blurred(shape, 0.008) > EDGE) & lungs
    return Opacity(_density(sheet, shape, finding, rng), mask) if mask.any() else nothing


def _density(sheet: Sheet, shape: Shadow, finding: str, rng: np.random.Generator) -> Shadow:
    """Give a shape the look of its finding: hazy and mottled, or dense."""
    mottle = 1 + 0.16 * sheet.clouds(rng, 0.045) + 0.08 * sheet.clouds(rng, 0.015)
    haze = rng.uniform(0.21, 0.3) * shape * np.clip(mottle, 0.4, 1.6)
    solid = rng.uniform(0.32, 0.44) * np.clip(shape - 0.25, 0, None) * np.clip(mottle, 0.6, 1.4)
    parts = {"Ground glass": haze, "Consolidation": 0.4 * haze + solid}
    density: Shadow = parts.get(
        finding, 0.8 * haze + 0.9 * solid / (1 + np.exp(-4 * sheet.clouds(rng, 0.2)))
    )
    return density.astype(np.float32)


def _centers(
    sheet: Sheet, lungs: NDArray[np.bool_], *, count: int, rng: np.random.Generator
) -> list[tuple[float, float]]:
    """Draw places in the lungs: low, near the outer wall, and on both sides."""
    rows, columns = np.nonzero(lungs)
    x, y = sheet.x[0, columns], sheet.y[rows, 0]
    low = (y - y.min()) / (y.max() - y.min())
    outer = np.abs(x) / np.abs(x).max()
    deep = distance_transform_edt(lungs)[rows, columns] / sheet.width
    weight = (0.15 + low**1.5) * (0.05 + outer**3) * (deep > 0.02)
    centers = []
    for number in range(count):
        side = weight * ((x < 0) if number % 2 else (x > 0))
        place = rng.choice(len(x), p=side / side.sum())
        centers.append((float(x[place]), float(y[place])))
    return centers
