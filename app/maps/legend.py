"""The strip below an overlay: what the colours mean, the numbers, and what the map is not for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from app.maps.colour import FLOOR, Colours, opacity, table
from app.maps.numbers import MapNumbers

Font = ImageFont.ImageFont | ImageFont.FreeTypeFont
NARROWEST = 480
GROUND, INK, FILM_GREY = (16, 18, 22), (214, 219, 226), 128
TICKS = (FLOOR, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Sizes:
    """Pixels, by the width of the sheet: letters stay as large beside any film."""

    width: int

    @property
    def letter(self) -> int:
        """The height of the letters."""
        return max(13, self.width // 60)

    @property
    def line(self) -> int:
        """From one line to the next."""
        return round(1.4 * self.letter)

    @property
    def margin(self) -> int:
        """Around everything."""
        return self.letter


def with_legend(picture: Image.Image, numbers: MapNumbers, colours: Colours) -> Image.Image:
    """Return the RGB ``picture`` with a legend below it; a small one gets a margin to its right."""
    sizes = Sizes(max(picture.width, NARROWEST))
    margin, line = sizes.margin, sizes.line
    font = ImageFont.load_default(sizes.letter)
    lines = _wrapped(in_words(numbers), font, sizes.width - 2 * margin)
    height = picture.height + 2 * margin + line * (len(lines) + 2)
    sheet = Image.new("RGB", (sizes.width, height), GROUND)
    sheet.paste(picture, (0, 0))
    draw = ImageDraw.Draw(sheet)
    top = picture.height + margin
    sheet.paste(_bar(colours, sizes), (margin, top))
    _ticks(draw, font, sizes, top=top + line)
    for number, words in enumerate(lines, start=2):
        draw.text((margin, top + number * line), words, INK, font)
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


def _bar(colours: Colours, sizes: Sizes) -> Image.Image:
    """Return the colours from the floor to 1 as they are painted on the mid grey of a film."""
    width = sizes.width - 2 * sizes.margin
    levels = np.linspace(255 * FLOOR, 255, width).round().astype(int)
    strength = opacity()[levels, np.newaxis] / 255
    mixed = strength * table(colours)[levels] + (1 - strength) * FILM_GREY
    strip = np.rint(mixed).astype(np.uint8)[np.newaxis]
    return Image.fromarray(np.repeat(strip, sizes.letter, axis=0))


def _ticks(draw: ImageDraw.ImageDraw, font: Font, sizes: Sizes, *, top: int) -> None:
    width = sizes.width - 2 * sizes.margin
    for probability in TICKS:
        place = sizes.margin + (probability - FLOOR) / (1 - FLOOR) * width
        anchor = "la" if probability == TICKS[0] else "ra" if probability == TICKS[-1] else "ma"
        words = f"p = {probability:g}" if probability == TICKS[0] else f"{probability:g}"
        draw.text((place, top), words, INK, font, anchor=anchor)


def _wrapped(sentences: Sequence[str], font: Font, width: int) -> list[str]:
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
