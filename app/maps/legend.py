"""The strip below an overlay: what the colours mean, the numbers, and what the map is not for."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from app.maps.colour import FLOOR, Colours, opacity, table
from app.maps.numbers import MapNumbers

MARGIN = 12
LETTERS = 14
LINE = 20
BAR = 14
NARROWEST = 480
GROUND, INK = (16, 18, 22), (214, 219, 226)


def with_legend(picture: Image.Image, numbers: MapNumbers, colours: Colours) -> Image.Image:
    """Return the RGB ``picture`` with a legend below it; a small one gets a margin to its right."""
    width = max(picture.width, NARROWEST)
    font = ImageFont.load_default(LETTERS)
    lines = _wrapped(in_words(numbers), font, width - 2 * MARGIN)
    height = MARGIN + BAR + LINE * (len(lines) + 1) + MARGIN
    sheet = Image.new("RGB", (width, picture.height + height), GROUND)
    sheet.paste(picture, (0, 0))
    draw = ImageDraw.Draw(sheet)
    top = picture.height + MARGIN
    _bar(sheet, draw, font, box=(MARGIN, top, width - MARGIN, top + BAR), colours=colours)
    for number, line in enumerate(lines):
        draw.text((MARGIN, top + BAR + LINE * (number + 1)), line, INK, font)
    return sheet


def in_words(numbers: MapNumbers) -> list[str]:
    """Return what is said under a map, a sentence a line."""
    extent = numbers.extent
    detection = numbers.detection
    lines = [
        f"Infection {'found' if detection.infected else 'not found'}: the mask covers "
        f"{100 * detection.score:.1f} % of the film (found from {100 * detection.threshold:.1f} %)."
    ]
    if extent is None:
        lines.append(numbers.remark)
    else:
        sides = [("right", extent.right), ("left", extent.left)]
        parts = [f"{side} {lung.percent:.1f} %" for side, lung in sides if lung]
        lines.append(f"Extent in the lungs: {extent.percent:.1f} % ({', '.join(parts)}).")
    names = " + ".join(network.name for network in numbers.networks)
    lines.append(f"{names}, mask from p = {numbers.threshold:.2f}; maskballot {numbers.version}.")
    lines.append(f"{numbers.research_only[0].upper()}{numbers.research_only[1:]}.")
    return lines


def _bar(
    sheet: Image.Image,
    draw: ImageDraw.ImageDraw,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
    *,
    box: tuple[int, int, int, int],
    colours: Colours,
) -> None:
    """Draw the colours from the floor to 1 as they are painted, with numbers below."""
    left, top, right, bottom = box
    floor = round(255 * FLOOR)
    levels = np.linspace(floor, 255, right - left).round().astype(int)
    strength = opacity()[levels, np.newaxis] / 255
    strip = np.rint(strength * table(colours)[levels] + (1 - strength) * 128).astype(np.uint8)
    sheet.paste(
        Image.fromarray(np.ascontiguousarray(np.broadcast_to(strip, (bottom - top, *strip.shape)))),
        (left, top),
    )
    for probability in (FLOOR, 0.25, 0.5, 0.75, 1.0):
        words = f"p = {probability:g}" if probability == FLOOR else f"{probability:g}"
        place = left + (probability - FLOOR) / (1 - FLOOR) * (right - left)
        anchor = "la" if probability == FLOOR else "ra" if probability == 1 else "ma"
        draw.text((place, bottom + 2), words, INK, font, anchor=anchor)


def _wrapped(
    sentences: Sequence[str],
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
    width: int,
) -> list[str]:
    lines = []
    for sentence in sentences:
        line = ""
        for word in sentence.split():
            longer = f"{line} {word}".strip()
            if line and font.getlength(longer) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines
