"""The comparison as one self-contained page: films first, then the figures."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from app import RESEARCH_ONLY, __version__
from app.films.voi import display
from app.maps.colour import opacity, table
from app.networks.scaling import resize
from app.networks.scoring import Estimate, in_words
from app.training.activation_maps import KINDS
from app.training.comparing import CLASSIFIER, Comparison, DetectionRow, Reading, Row, Shown
from app.training.film_maps import ALL_OF_THE_LUNGS, IN_THE_LUNGS, FilmMaps, MapRoom

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
TEMPLATE = "reports/compare-maps.html"
LONGEST_SIDE = 320  # pixels of a picture on the sheet
JPEG_QUALITY = 88
DASH = 5  # pixels

Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Panel:
    """One picture of the sheet: its data URI, the text for who cannot see it, and a caption."""

    uri: str
    alt: str
    caption: str


@dataclass(frozen=True)
class SheetRow:
    """One film of the sheet."""

    title: str
    panels: list[Panel]


@dataclass(frozen=True)
class Page:
    """What the template shows."""

    title: str
    lead: list[str]
    headings: list[str]
    films: list[SheetRow]
    colours: list[tuple[str, str]]  # hex colour, and the value it stands for
    rows: list[list[str]]
    detection: list[list[str]]
    facts: list[tuple[str, str]]


@cache
def environment() -> Environment:
    """Return the templates, autoescaped and strict."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"research_only": RESEARCH_ONLY, "version": __version__}
    return made


def render(page: Page) -> str:
    """Return the page as HTML."""
    return environment().get_template(TEMPLATE).render(page=page)


def page_of(room: MapRoom, comparison: Comparison, facts: list[tuple[str, str]]) -> Page:
    """Return the page; the maps of the films that are shown are made once more."""
    readings = readings_shown(comparison)
    return Page(
        title="Infection maps against activation maps",
        lead=lead(comparison),
        headings=["Film", "Drawn", *(_headed(reading) for reading in readings)],
        films=[
            sheet_row(room.maps_of(shown.source), shown, readings) for shown in comparison.shown
        ],
        colours=colour_key(),
        rows=table_rows(comparison),
        detection=detection_rows(comparison),
        facts=facts,
    )


def _headed(reading: Reading) -> str:
    return f"{_titled(reading.map)}, from {reading.threshold:g}"


def readings_shown(comparison: Comparison) -> list[Reading]:
    """Return what the sheet shows: the infection map, and each method at its better layer.

    Better is the layer with the higher per-film Dice on the films that were measured: the kinder
    choice for activation maps.
    """
    rows = comparison.rows
    best = [_best_of(rows, [str(k) for k in KINDS if k.method == m]) for m in _methods()]
    return [rows[0].reading, *(row.reading for row in best)]


def _methods() -> list[str]:
    return list(dict.fromkeys(kind.method for kind in KINDS))


def _best_of(rows: Sequence[Row], names: Sequence[str]) -> Row:
    return max((row for row in rows if row.reading.map in names), key=_dice)


def _dice(row: Row) -> float:
    return row.scores.dice_per_film.value if row.scores.dice_per_film else 0.0


def sheet_row(film: FilmMaps, shown: Shown, readings: Sequence[Reading]) -> SheetRow:
    """Return the pictures of one film: as it is, with the drawn outline, and each map."""
    grey = _shrunk(display(film.film))
    drawn = _shrunk_mask(film.truth, grey.shape)
    plain = np.repeat(grey[..., np.newaxis], 3, axis=2)
    name = film.source.name.removeprefix("films/")
    panels = [
        Panel(_uri(plain), f"Film {name}", ""),
        Panel(_uri(outlined(plain, drawn)), f"Film {name} with the drawn outline", _drawn(film)),
    ]
    maps = dict(film.each())
    for reading in readings:
        values, scored = maps[reading.map], shown.scored[reading]
        coloured = painted(plain, resize(values, grey.shape))
        claimed = _shrunk_mask(values >= np.float32(reading.threshold), grey.shape)
        picture = outlined(outlined(coloured, claimed, dashed=True), drawn)
        where = "inside" if scored.hit else "outside"
        panels.append(
            Panel(
                _uri(picture),
                f"{reading.map} over film {name}",
                f"Dice {scored.film.counts.dice:.2f}; maximum {where}; "
                f"{scored.touched} of {scored.components} touched",
            )
        )
    return SheetRow(name, panels)


def _drawn(film: FilmMaps) -> str:
    return f"drawn: {100 * film.truth.mean():.1f} % of the film"


def _shrunk(grey: Picture) -> Picture:
    scale = min(1.0, LONGEST_SIDE / max(grey.shape))
    rows, columns = (max(1, round(side * scale)) for side in grey.shape)
    return np.rint(np.clip(resize(grey.astype(np.float32), (rows, columns)), 0, 255)).astype(
        np.uint8
    )


def _shrunk_mask(mask: Mask, shape: tuple[int, ...]) -> Mask:
    rows, columns = shape
    return np.asarray(resize(mask.astype(np.float32), (rows, columns)) >= 0.5)


def painted(plain: Picture, values: NDArray[np.float32]) -> Picture:
    """Lay a map in 0 … 1 over a film in the house's colours, as transparent as an infection map."""
    level = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    strength = opacity()[level][..., np.newaxis] / 255
    mixed = strength * table("cividis")[level] + (1 - strength) * plain
    return np.rint(mixed).astype(np.uint8)


def outlined(picture: Picture, mask: Mask, *, dashed: bool = False) -> Picture:
    """Draw a mask's border, white on black, so that it shows on any grey and any colour."""
    edge = mask & ~ndimage.binary_erosion(mask, border_value=1)
    if dashed:
        rows, columns = np.indices(mask.shape)
        edge &= (rows + columns) // DASH % 2 == 0
    out = picture.copy()
    out[ndimage.binary_dilation(edge) & ~edge] = 0
    out[edge] = 255
    return out


def _uri(picture: Picture) -> str:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=JPEG_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def words(estimate: Estimate | None) -> str:
    """Return a figure with its interval."""
    return in_words(estimate, none="–").replace("-", "−")


def table_rows(comparison: Comparison) -> list[list[str]]:
    """Return the cells of the table of maps."""
    rows = []
    for number, row in enumerate(comparison.rows):
        s = row.scores
        figures = [
            s.dice_per_film, s.dice_pooled, s.iou_per_film, s.iou_pooled,
            s.sensitivity_per_film, s.sensitivity_pooled,
            s.precision_per_film, s.precision_pooled, s.hit, s.touched,
        ]  # fmt: skip
        behind = "–" if number == 0 else words(s.behind)
        rows.append(
            [_titled(row.reading.map), _threshold(row.reading), *map(words, figures), behind]
        )
    return rows


def _titled(name: str) -> str:
    return name[:1].upper() + name[1:]


def _threshold(reading: Reading) -> str:
    if reading.map == ALL_OF_THE_LUNGS:
        return "as the lung network draws them"
    return f"from {reading.threshold:g} on, by the {reading.chosen_on}"


def detection_rows(comparison: Comparison) -> list[list[str]]:
    """Return the cells of the table of detection."""
    return [
        [
            _titled(row.detector),
            row.films,
            _called_from(row),
            *map(words, (row.figures.sensitivity, row.figures.specificity, row.figures.auc)),
        ]
        for row in comparison.detection
    ]


def _called_from(row: DetectionRow) -> str:
    value = row.figures.threshold
    if row.detector == CLASSIFIER:
        return f"logit {value:.2f}".replace("-", "−")
    return f"{100 * value:.2f} % of the film"


def colour_key() -> list[tuple[str, str]]:
    """Return the colours at tenths, from the floor on."""
    colours = table("cividis")
    places = [0.1, 0.25, 0.5, 0.75, 1.0]
    return [("#" + bytes(colours[round(p * 255)]).hex(), f"{p:g}") for p in places]


def lead(comparison: Comparison) -> list[str]:
    """Return what was found, in sentences made from the figures."""
    first = comparison.rows[0]
    names = [str(kind) for kind in KINDS]
    best = _best_of(comparison.rows, names)
    sentences = [
        f"{first.scores.films} films with a drawn mask, of {first.scores.patients} patients, that "
        "neither network has seen.",
        f"Dice per film: infection map {words(first.scores.dice_per_film)}; the best activation "
        f"map ({best.reading.map}) {words(best.scores.dice_per_film)}; difference on these films "
        f"{words(best.scores.behind)}.",
        f"The maximum lies inside what was drawn: infection map {words(first.scores.hit)}; "
        f"{best.reading.map} {words(best.scores.hit)}.",
    ]
    lungs = [row for row in comparison.rows if row.reading.map == ALL_OF_THE_LUNGS]
    if lungs:
        kept = _best_of(comparison.rows, [name + IN_THE_LUNGS for name in names])
        sentences.append(
            f"Kept to the lungs, the best activation map reaches a Dice per film of "
            f"{words(kept.scores.dice_per_film)}; colouring all of the lungs on every film, "
            f"without any map, reaches {words(lungs[0].scores.dice_per_film)}."
        )
    return sentences
