"""Ribs, spine, clavicles and shoulder blades, as attenuation. Pure.

A bone is a tube: its two edges, seen along the cortex, are brighter than its middle.
"""

import numpy as np

from app.demo.anatomy import LEFT, RIGHT, Build
from app.demo.sheet import Points, Shadow, Sheet, curve

SIDES = (RIGHT, LEFT)
RIBS = 11
VERTEBRAE = 24
RIB_NUMBERS = [0, 1, 2, 4, 7, 10]
RIB_WALLS = [0.15, 0.225, 0.275, 0.33, 0.365, 0.372]


def bones(sheet: Sheet, build: Build, rng: np.random.Generator) -> Shadow:
    """Return the attenuation of all bones."""
    behind, before = [], []
    for side in SIDES:
        for number in range(RIBS):
            back, front = _rib(build, number, side=side, shift=rng.normal(0, 0.002))
            behind.append((back, np.linspace(0.021, 0.018, len(back))))
            # The first rib hides in the shoulder, the last ones end before they come around.
            if 0 < number < RIBS - 1:
                before.append((front, _round_ended(np.linspace(0.018, 0.024, len(front)))))
    ribs = 0.8 * _tube(sheet, sheet.bands(behind)) + 0.5 * _tube(sheet, sheet.bands(before))
    shadow: Shadow = (
        ribs + spine(sheet, build) + _clavicles(sheet, build, rng) + _shoulders(sheet, build)
    ).astype(np.float32)
    return shadow


def _rib(build: Build, number: int, *, side: int, shift: float) -> tuple[Points, Points]:
    """Return a rib's part behind, from the spine to the wall, and its part before, back inwards.

    The cage is narrow at its top, so the first ribs turn early; each next one is steeper.
    """
    top = build.tall + 0.012 + number * 0.0655 * (0.85 + 0.15 * build.deep) + shift
    wall = build.wide * float(np.interp(number, RIB_NUMBERS, RIB_WALLS))
    drop = float(np.interp(number, [0, 3, 10], [0.045, 0.085, 0.135]))
    fall = float(np.interp(number, [1, 4, 9], [0.05, 0.105, 0.085]))
    end = 0.125 + 0.013 * number
    behind = [
        (0.03, top + 0.012), (0.3 * wall, top - 0.008), (0.62 * wall, top + 0.12 * drop),
        (0.87 * wall, top + 0.48 * drop), (wall, top + drop),
    ]  # fmt: skip
    before = [
        (0.965 * wall, top + drop + 0.042),
        (0.55 * wall + 0.45 * end, top + drop + 0.03 + 0.6 * fall),
        (end, top + drop + 0.025 + fall),
    ]  # fmt: skip
    whole = curve([(side * x + build.midline(y), y) for x, y in behind + before])
    turn = 24 * (len(behind) - 1)
    return whole[: turn + 1], whole[turn:]


def spine(sheet: Sheet, build: Build) -> Shadow:
    """Return vertebral bodies, the pedicles and spinous processes."""
    column, marks = [], []
    y = -0.02
    for number in range(VERTEBRAE):
        tall = 0.036 + 0.0013 * number
        x, half = build.midline(y), 0.028 + 0.0006 * number
        waist = 0.88 * half
        sides = [(half, y), (waist, y + tall / 2), (half, y + tall)]
        around = [(x + a, b) for a, b in sides] + [(x - a, b) for a, b in reversed(sides)]
        column.append(np.array(around))
        marks += [_oval(x + side * 0.66 * half, y + 0.3 * tall, 0.005, 0.008) for side in SIDES]
        marks.append(_oval(x, y + 0.85 * tall, 0.0038, 0.008))
        y += tall + 0.0065
    bodies = sheet.filled(column)
    ovals = sheet.blurred(sheet.filled(marks), 0.0025)
    soft = sheet.blurred(bodies, 0.002)
    shadow: Shadow = 0.09 * soft + 0.35 * _tube(sheet, bodies) + 0.06 * ovals
    return shadow


def _clavicles(sheet: Sheet, build: Build, rng: np.random.Generator) -> Shadow:
    lines = []
    tilt = rng.normal(0, 0.008)
    for side in SIDES:
        y = build.tall + 0.095 + side * tilt
        outer = y - 0.06 + rng.normal(0, 0.006)
        knots = [
            (0.032, y), (0.11, y - 0.022), (0.2, y - 0.045), (0.3, outer - 0.006),
            (0.4, outer + 0.012),
        ]  # fmt: skip
        line = curve([(side * a, b) for a, b in knots])
        along = np.linspace(0, 1, len(line))
        lines.append((line, np.interp(along, [0, 0.2, 0.7, 1], [0.034, 0.023, 0.022, 0.03])))
    return 0.95 * _tube(sheet, sheet.bands(lines))


def _shoulders(sheet: Sheet, build: Build) -> Shadow:
    blades, heads = [], []
    y = build.tall
    for side in SIDES:
        blade = [
            (0.335, y + 0.03), (0.42, y + 0.05), (0.41, y + 0.11), (0.39, y + 0.22),
            (0.362, y + 0.36), (0.342, y + 0.34), (0.318, y + 0.19),
        ]  # fmt: skip
        blades.append(curve([(side * a, b) for a, b in blade], closed=True))
        head = [
            (0.425, y + 0.055), (0.465, y + 0.04), (0.5, y + 0.08), (0.49, y + 0.13),
            (0.442, y + 0.135),
        ]  # fmt: skip
        heads.append(curve([(side * a, b) for a, b in head], closed=True))
    plates = sheet.filled(blades)
    flat = 0.28 * _tube(sheet, plates) + 0.02 * sheet.blurred(plates, 0.006)
    shadow: Shadow = flat + 0.75 * _tube(sheet, sheet.filled(heads))
    return shadow


def _tube(sheet: Sheet, band: Shadow) -> Shadow:
    """Return a band's attenuation: little in its middle, more along its edges."""
    soft = sheet.blurred(band, 0.0014)
    edges = np.clip(soft - sheet.blurred(band, 0.006), 0, None)
    tube: Shadow = 0.11 * soft + 0.17 * edges
    return tube


def _round_ended(widths: Points) -> Points:
    """Return ``widths`` that close to a round end."""
    left = np.linspace(1, 0, len(widths))
    closing: Points = widths * np.sqrt(np.clip(left / 0.05, 0.1, 1))
    return closing


def _oval(x: float, y: float, half_x: float, half_y: float) -> Points:
    turn = np.linspace(0, 2 * np.pi, 24)
    return np.stack([x + half_x * np.cos(turn), y + half_y * np.sin(turn)], axis=1)
