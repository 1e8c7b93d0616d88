"""A sheet to draw shadows on: filled outlines, tapering bands and smooth noise. Pure.

Places are (x, y) in a chest's own units: x from -0.5 (the patient's right, left on the film) to
0.5, y from 0 (top) to 1. Shadows are fractions [H, W], 0 outside and 1 inside.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.interpolate import CubicSpline
from scipy.ndimage import distance_transform_edt, gaussian_filter

Shadow = NDArray[np.floating[Any]]
Points = NDArray[np.float64]  # [n, 2]: x, y
FINER = 2  # outlines are drawn so much larger and reduced, which smooths their edges


@dataclass(frozen=True)
class Sheet:
    """An empty film of ``height`` × ``width`` pixels."""

    height: int
    width: int

    @property
    def x(self) -> Shadow:
        """Return x of each column, [1, W]."""
        places = (np.arange(self.width) + 0.5) / self.width - 0.5
        return places.astype(np.float32)[None, :]

    @property
    def y(self) -> Shadow:
        """Return y of each row, [H, 1]."""
        places = (np.arange(self.height) + 0.5) / self.height
        return places.astype(np.float32)[:, None]

    def filled(self, outlines: Iterable[Points]) -> Shadow:
        """Return the inside of closed outlines."""
        image = Image.new("L", (self.width * FINER, self.height * FINER))
        draw = ImageDraw.Draw(image)
        for outline in outlines:
            places = (outline + np.array([0.5, 0])) * (image.width, image.height)
            draw.polygon([(float(x), float(y)) for x, y in places], fill=255)
        small = image.resize((self.width, self.height), Image.Resampling.BOX)
        shadow: Shadow = np.asarray(small, np.float32) / np.float32(255)
        return shadow

    def bands(self, lines: Iterable[tuple[Points, NDArray[np.float64]]]) -> Shadow:
        """Return lines [n, 2] drawn with the widths [n] that they have at each point."""
        return self.filled(_outline(points, widths) for points, widths in lines)

    def blurred(self, shadow: Shadow, sigma: float) -> Shadow:
        """Return ``shadow`` blurred by ``sigma``, in the chest's units."""
        pixels = (sigma * self.height, sigma * self.width)
        soft: Shadow = gaussian_filter(shadow, pixels, mode="nearest", truncate=3)
        return soft

    def ellipse(self, center: tuple[float, float], radii: tuple[float, float]) -> Shadow:
        """Return the depth of an ellipsoid: 1 in its middle, falling to 0 at its edge."""
        across = (self.x - center[0]) / radii[0]
        down = (self.y - center[1]) / radii[1]
        depth: Shadow = np.sqrt(np.clip(1 - across**2 - down**2, 0, None))
        return depth

    def depth(self, shadow: Shadow, reach: float) -> Shadow:
        """Return how deep a rounded body is at each point inside its outline, 0 to 1.

        It is at its full depth ``reach`` inwards from its edge.
        """
        inwards = distance_transform_edt(shadow > 0.5) / (reach * self.height)
        rounded = np.sqrt(1 - (1 - np.clip(inwards, 0, 1)) ** 2)
        return self.blurred(rounded.astype(np.float32), 0.0012)

    def clouds(self, rng: np.random.Generator, size: float) -> Shadow:
        """Return smooth noise of mean 0 and deviation 1, with details as large as ``size``."""
        coarse = (max(3, round(1 / size)),) * 2
        small = Image.fromarray(rng.standard_normal(coarse).astype(np.float32))
        large = small.resize((self.width, self.height), Image.Resampling.BICUBIC)
        clouds = np.asarray(large, np.float32)
        normal: Shadow = (clouds - clouds.mean()) / (clouds.std() + 1e-6)
        return normal


def curve(
    points: Iterable[tuple[float, float]], *, closed: bool = False, steps: int = 24
) -> Points:
    """Return a smooth line through ``points``."""
    knots = np.array(list(points), np.float64)
    if closed:
        knots = np.vstack([knots, knots[:1]])
    lengths = np.hypot(*np.diff(knots, axis=0).T)
    along = np.concatenate([[0], np.cumsum(np.sqrt(lengths))])  # centripetal: no loops
    spline = CubicSpline(along, knots, bc_type="periodic" if closed else "natural")
    smooth: Points = spline(np.linspace(0, along[-1], steps * (len(knots) - 1) + 1))
    return smooth


def _outline(points: Points, widths: NDArray[np.float64]) -> Points:
    ahead = np.gradient(points, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True) + 1e-12
    aside = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1) * widths[:, None] / 2
    return np.vstack([points + aside, (points - aside)[::-1]])
