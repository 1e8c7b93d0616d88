"""What stands between the tube and the detector: body, lungs, heart, bones, vessels. Pure.

A film darkens with what passes through, so the parts' attenuations add up; numbers are relative to
the depth of a chest. Lengths are in the units of `Sheet`.
"""

from dataclasses import dataclass

import numpy as np

from app.demo.sheet import Points, Shadow, Sheet, curve

RIGHT, LEFT = -1, 1  # the patient's right lung is on the left of the film


@dataclass(frozen=True)
class Build:
    """One person, as drawn from chance."""

    wide: float  # of the rib cage, 1 is common
    deep: float  # of a breath: 1 is full, less lifts the diaphragm
    heart: float  # size of the heart
    stout: float  # soft tissue over the ribs
    breasts: float
    lean: float  # sideways bend of the spine
    tall: float  # where the lungs begin

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> "Build":
        """Draw a person."""
        return cls(
            wide=rng.uniform(0.92, 1.08),
            deep=rng.uniform(0.86, 1.04),
            heart=rng.uniform(0.88, 1.2),
            stout=rng.uniform(0.75, 1.25),
            breasts=rng.uniform(0.5, 1.0) if rng.random() < 0.45 else 0.0,
            lean=rng.normal(0, 0.008),
            tall=rng.uniform(0.1, 0.15),
        )

    @property
    def base(self) -> float:
        """Return the height of the domes of the diaphragm."""
        return self.tall + 0.64 * self.deep

    def down(self, share: float) -> float:
        """Return y at ``share`` of the way from apex to dome."""
        return self.tall + share * (self.base - self.tall)

    def midline(self, y: float) -> float:
        """Return x of the spine at ``y``."""
        return float(self.lean * np.sin(np.pi * (y - 0.1)))


def lung_outline(build: Build, side: int) -> Points:
    """Return the closed outline of one lung field; the heart is taken out of it later."""
    w, d = build.wide, build.down
    lift = 0.02 if side == RIGHT else -0.005  # the liver holds the right dome higher
    low = build.base - lift
    inner = 0.062 if side == RIGHT else 0.055
    knots = [
        (0.125, d(0.0)), (0.19 * w, d(0.045)), (0.248 * w, d(0.16)), (0.292 * w, d(0.33)),
        (0.325 * w, d(0.55)), (0.35 * w, d(0.78)), (0.362 * w, low + 0.02),
        (0.364 * w, low + 0.062),
        (0.335 * w, low + 0.04), (0.27 * w, low + 0.01), (0.2 * w, low), (0.13 * w, low + 0.022),
        (inner + 0.012, low + 0.05), (inner, low - 0.04), (inner, d(0.6)), (inner + 0.012, d(0.45)),
        (inner - 0.004, d(0.32)), (inner - 0.008, d(0.18)), (0.07, d(0.06)),
    ]  # fmt: skip
    return curve([(side * x + build.midline(y), y) for x, y in knots], closed=True)


def heart_outline(build: Build) -> Points:
    """Return the closed outline of heart and great vessels: on the right of the film."""
    h, low, d = build.heart, build.base, build.down
    knots = [
        (-0.03, d(0.3)), (0.03, d(0.27)), (0.058, d(0.31)), (0.062, d(0.37)), (0.05, d(0.43)),
        (0.062, d(0.5)), (0.085 * h, d(0.58)), (0.125 * h, d(0.7)), (0.17 * h, d(0.83)),
        (0.185 * h, d(0.93)), (0.16 * h, low + 0.03), (0.05, low + 0.06), (-0.05, low + 0.05),
        (-0.085 * h, d(0.92)), (-0.092 * h, d(0.8)), (-0.078 * h, d(0.66)), (-0.055, d(0.54)),
        (-0.045, d(0.42)),
    ]  # fmt: skip
    return curve([(x + build.midline(y), y) for x, y in knots], closed=True)


def body(sheet: Sheet, build: Build) -> Shadow:
    """Return the depth of soft tissue: neck, shoulders, trunk and arms."""
    rows = [0.0, 0.05, 0.085, 0.115, 0.15, 0.2, 0.28, 0.4, 0.6, 0.8, 1.0]
    half = [0.105, 0.115, 0.16, 0.3, 0.43, 0.5, 0.49, 0.445, 0.43, 0.425, 0.425]
    deep = [0.42, 0.46, 0.5, 0.56, 0.64, 0.74, 0.86, 0.94, 0.98, 1.0, 1.02]
    trunk = _rounded(sheet, build, rows, half, deep)
    arms = [
        curve([(side * 0.44, 0.2), (side * 0.5, 0.4), (side * 0.535, 0.8), (side * 0.54, 1.02)])
        for side in (RIGHT, LEFT)
    ]
    arm = sheet.depth(sheet.bands((line, np.full(len(line), 0.13)) for line in arms), 0.06)
    depth: Shadow = np.maximum(trunk, 0.62 * arm) * (0.78 + 0.22 * build.stout)
    return depth


def _rounded(
    sheet: Sheet, build: Build, rows: list[float], half: list[float], deep: list[float]
) -> Shadow:
    """Return the depth of a body that is ``half`` as wide, and ``deep``, at ``rows``."""
    y = sheet.y[:, 0]
    grown = np.array(half) * (0.4 + 0.6 * build.wide) + 0.03 * (build.stout - 1)
    width = sheet.blurred(np.interp(y, rows, grown).astype(np.float32)[:, None], 0.012)
    depth = np.interp(y, rows, deep).astype(np.float32)[:, None]
    rounded: Shadow = depth * np.clip(1 - np.abs(sheet.x / width) ** 3, 0, None) ** 0.4
    return rounded
