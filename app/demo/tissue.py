"""Soft tissue besides body and heart: mediastinum, belly, breasts, the lungs' vessels. Pure."""

import numpy as np

from app.demo.anatomy import LEFT, RIGHT, Build
from app.demo.sheet import Points, Shadow, Sheet, curve

GENERATIONS = 5


def middle(sheet: Sheet, build: Build) -> Shadow:
    """Return the mediastinum above the heart, with the air of the windpipe in it."""
    x = sheet.x - 0.7 * build.lean
    wide = 0.046 + 0.02 * np.clip((sheet.y - 0.15) / 0.5, 0, 1)
    column = np.exp(-((x / wide) ** 4))
    end = build.down(0.36)
    pipe = np.exp(-(((x + 0.003) / 0.013) ** 4)) / (1 + np.exp((sheet.y - end) / 0.012))
    main = [(_bronchus(side, end), np.full(25, 0.02)) for side in (RIGHT, LEFT)]
    bronchi = sheet.blurred(sheet.bands(main), 0.004)
    shadow: Shadow = 0.12 * column - 0.11 * pipe - 0.08 * bronchi
    return shadow


def _bronchus(side: int, start: float) -> Points:
    end = (0.075, start + 0.06) if side == LEFT else (-0.06, start + 0.075)
    return curve([(-0.004, start - 0.005), end])


def below(sheet: Sheet, build: Build, rng: np.random.Generator) -> Shadow:
    """Return liver, spleen and stomach, the latter often with a bubble of air."""
    below_dome = 1 / (1 + np.exp(-(sheet.y - build.base - 0.01) / 0.02))
    depth: Shadow = 0.26 * below_dome * np.ones_like(sheet.x)
    if rng.random() < 0.6:
        center = (0.17 + rng.normal(0, 0.02), build.base + 0.085 + rng.normal(0, 0.01))
        bubble = sheet.ellipse(center, (rng.uniform(0.05, 0.1), rng.uniform(0.025, 0.04)))
        depth = depth - rng.uniform(0.2, 0.35) * sheet.blurred(bubble, 0.003)
    return depth


def breasts(sheet: Sheet, build: Build) -> Shadow:
    """Return two soft discs over the lower lungs, or nothing."""
    shadow = np.zeros((sheet.height, sheet.width), np.float32)
    if build.breasts:
        for side in (RIGHT, LEFT):
            size = 0.125 * (0.7 + 0.5 * build.breasts)
            disc = sheet.ellipse((side * 0.255, build.down(0.86)), (size * 1.15, size))
            shadow += np.float32(0.17 * build.breasts) * sheet.blurred(disc, 0.004)
    return shadow


def vessels(sheet: Sheet, build: Build, rng: np.random.Generator) -> Shadow:
    """Return the lungs' vessels, branching outwards from the hila and thinning."""
    twigs: list[tuple[Points, Points]] = []
    for side in (RIGHT, LEFT):
        root = np.array([side * 0.07, build.down(0.5 if side == RIGHT else 0.46)])
        for angle in np.linspace(-1.2, 1.35, 7):
            towards = angle + rng.normal(0, 0.1)
            _branch(twigs, root, towards, side=side, width=rng.uniform(0.009, 0.014), rng=rng)
    # A vessel is as deep as it is wide.
    drawn = np.zeros((sheet.height, sheet.width), np.float32)
    for least, most in ((0, 0.004), (0.004, 0.007), (0.007, 1)):
        some = [twig for twig in twigs if least <= twig[1][0] < most]
        drawn = np.maximum(drawn, sheet.bands(some) * np.float32(min(most, 0.012) / 0.012))
    drawn = sheet.blurred(drawn, 0.0014)
    right, left = (
        sheet.ellipse((side * 0.085, build.down(0.5)), (0.028, 0.055)) for side in (RIGHT, LEFT)
    )
    shadow: Shadow = 0.15 * drawn + 0.08 * sheet.blurred(right + left, 0.012)
    return shadow


def _branch(
    twigs: list[tuple[Points, Points]],
    start: Points,
    angle: float,
    *,
    side: int,
    width: float,
    rng: np.random.Generator,
) -> None:
    """Grow one vessel, then the two it parts into, until they are too thin to be seen."""
    if width < 0.0022:
        return
    length = rng.uniform(0.04, 0.075)
    bend = angle + rng.normal(0, 0.25)
    steps = np.array([[np.cos(angle), np.sin(angle)], [np.cos(bend), np.sin(bend)]])
    points = start + np.cumsum(np.vstack([[0, 0], steps * length / 2]) * (side, 1), axis=0)
    line = curve([(float(x), float(y)) for x, y in points], steps=6)
    twigs.append((line, np.linspace(width, 0.8 * width, len(line))))
    for turn in (rng.uniform(0.1, 0.5), -rng.uniform(0.1, 0.5)):
        thin = width * rng.uniform(0.5, 0.76)
        _branch(twigs, points[-1], bend + turn, side=side, width=thin, rng=rng)
