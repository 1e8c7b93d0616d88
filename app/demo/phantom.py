"""Chest films that no patient ever had, with known masks; for the demo and for tests. Pure.

Everything is drawn from the seed: the same seed gives the same film, bit for bit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import gaussian_filter

from app.demo.anatomy import LEFT, RIGHT, Build, body, heart_outline, lung_outline
from app.demo.bones import bones
from app.demo.opacities import FINDINGS, opacities
from app.demo.sheet import Shadow, Sheet
from app.demo.tissue import below, breasts, middle, vessels
from app.films.pixels import FilmPixels

SIZE = (768, 768)
MARK = "SYNTHETIC"


@dataclass(frozen=True)
class Phantom:
    """A film and what is known of it; masks are bool [H, W]."""

    film: FilmPixels
    infection: NDArray[np.bool_]
    lungs: NDArray[np.bool_]
    finding: str


def phantom(seed: int, *, size: tuple[int, int] = SIZE) -> Phantom:
    """Return the chest film of ``seed`` of ``size`` (rows, columns); one in four is healthy."""
    rng = np.random.default_rng([seed, 7])
    sheet, build = Sheet(*size), Build.drawn(rng)
    finding = FINDINGS[seed % len(FINDINGS)]
    heart = sheet.filled([heart_outline(build)])
    fields = sheet.filled([lung_outline(build, side) for side in (RIGHT, LEFT)])
    lungs = (fields > 0.5) & (heart < 0.5)
    disease = opacities(sheet, lungs, finding, rng)
    # Most of the heart lies before the lungs' edge; some air behind it stays.
    air = sheet.depth(fields, 0.075) * (1 - np.float32(0.78) * sheet.blurred(heart, 0.0015))
    thorax = _thorax(sheet, build, heart, air, rng)
    # What fills the lung with water is as deep as the lung.
    film = _exposed(sheet, thorax + disease.density * np.clip(1.4 * air, 0, 1), rng)
    return Phantom(FilmPixels(values=_marked(film), bits=8), disease.mask, lungs, finding)


def hand_drawn(drawn: Phantom, seed: int) -> NDArray[np.bool_]:
    """Return the infection as a hand would outline it: smooth, a little off, within the film."""
    rng = np.random.default_rng([seed, 11])
    sheet = Sheet(*drawn.film.shape)
    if not drawn.infection.any():
        return drawn.infection
    smooth = sheet.blurred(drawn.infection.astype(np.float32), 0.011)
    waver = 0.12 * sheet.clouds(rng, 0.07) + rng.uniform(-0.12, 0.08)
    outlined: NDArray[np.bool_] = smooth + waver * (smooth > 0.05) > 0.5
    return outlined if outlined.any() else drawn.infection


def _thorax(
    sheet: Sheet, build: Build, heart: Shadow, air: Shadow, rng: np.random.Generator
) -> Shadow:
    """Return the attenuation of a healthy chest."""
    trunk = body(sheet, build)
    upper = np.clip(1 - (sheet.y - build.tall) / 0.6, 0, 1)
    thorax: Shadow = (
        trunk
        - 0.5 * air * (1 + 0.08 * upper)
        + 0.2 * sheet.depth(heart, 0.1)
        + middle(sheet, build)
        + below(sheet, build, rng) * (1 - np.clip(4 * air, 0, 1)) * np.clip(2 * trunk, 0, 1)
        + bones(sheet, build, rng)
        + vessels(sheet, build, rng) * np.clip(1.6 * air, 0, 1)
        + breasts(sheet, build)
        + 0.012 * sheet.clouds(rng, 0.15)
        + 0.012 * air * sheet.clouds(rng, 0.009)
    ).astype(np.float32)
    return thorax


def _exposed(sheet: Sheet, attenuation: Shadow, rng: np.random.Generator) -> Shadow:
    """Return grey values 0 to 255: the film's curve, its blur and its noise."""
    middle_grey, contrast = rng.normal(0.76, 0.05), rng.uniform(0.22, 0.3)
    grey = 1 / (1 + np.exp(-(attenuation - middle_grey) / contrast))
    # Makers lift local contrast before a film is looked at.
    grey = grey + rng.uniform(0.1, 0.45) * (grey - sheet.blurred(grey, 0.03))
    dose = rng.uniform(0.006, 0.014)
    grain = gaussian_filter(rng.standard_normal(grey.shape), 0.6).astype(np.float32)
    noisy: Shadow = grey + dose * (0.6 + grey) * grain * 2
    return np.clip(noisy, 0, 1) * np.float32(rng.uniform(225, 250))


def _marked(grey: Shadow) -> NDArray[np.uint8]:
    """Write onto the film that it is none."""
    image = Image.fromarray(np.rint(grey).astype(np.uint8))
    font = ImageFont.load_default(max(10, image.height // 36))
    place = image.width // 48
    ImageDraw.Draw(image).text((place, place), MARK, font=font, fill=245)
    return np.asarray(image)
