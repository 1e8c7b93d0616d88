"""The page of an evaluation, one file that needs no other: numbers, curves and a sheet of films."""

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

from app import RESEARCH_ONLY, __version__
from app.evaluation.judging import Judge, Judged
from app.evaluation.listing import ListedFilm
from app.evaluation.outlines import outline
from app.evaluation.page import EvaluationPage, page_of
from app.evaluation.records import FilmResult
from app.evaluation.report import Evaluation, alarms, ranked
from app.films.voi import display
from app.maps.folder import write_whole

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LONGEST_SIDE, QUALITY = 448, 85


@dataclass(frozen=True)
class Shot:
    """One film of the sheet: a JPEG in base64 and two outlines in its pixels."""

    name: str
    words: str
    about: str
    rows: int
    columns: int
    jpeg: str
    drawn: str
    network: str


@dataclass(frozen=True)
class Strip:
    """A row of the sheet."""

    title: str
    shots: list[Shot]


@dataclass(frozen=True)
class IllustratedPage(EvaluationPage):
    """The page with its sheet of films."""

    strips: list[Strip]


def write_page(
    path: Path, found: Evaluation, judge: Judge, films: Sequence[ListedFilm], *, a_row: int
) -> None:
    """Write the page; the films shown are read and judged once more."""
    listed = {film.name: film for film in films}
    strips = [
        Strip(title, [_shot(film, judge.again(listed[film.name])) for film in row])
        for title, row in _rows(found, a_row)
        if row
    ]
    html = (
        _environment()
        .get_template("reports/evaluation.html")
        .render(page=IllustratedPage(**vars(page_of(found)), strips=strips))
    )
    write_whole(path, html.encode())


def _rows(found: Evaluation, a_row: int) -> list[tuple[str, list[FilmResult]]]:
    """Return which films stand in which row; no film stands in two."""
    best_first = ranked(found.films)
    best = best_first[:a_row]
    rest = best_first[a_row:]
    worst = rest[max(0, len(rest) - a_row) :][::-1]
    middle = rest[: len(rest) - len(worst)]
    start = max(0, min(len(best_first) // 2 - a_row // 2 - len(best), len(middle) - a_row))
    return [
        ("Best films", best),
        ("Films in the middle (median Dice)", middle[start : start + a_row]),
        ("Worst films", worst),
        ("Largest false alarms, on films without drawn infection", alarms(found.films)[:a_row]),
    ]


def _shot(film: FilmResult, judged: Judged) -> Shot:
    rows, columns = film.shape
    scale = min(1.0, LONGEST_SIDE / max(rows, columns))
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    picture = Image.fromarray(display(judged.film)).resize(size, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=QUALITY, optimize=True)
    if film.has_truth:
        words = f"Dice {film.counts.dice:.3f}"
        about = f"drawn {_percent(film.drawn_area)}, network {_percent(film.score)} of the film"
    else:
        words = f"{_percent(film.score)} of the film claimed"
        about = "nothing was drawn"
    return Shot(
        name=film.name,
        words=words,
        about=about,
        rows=size[1],
        columns=size[0],
        jpeg=base64.b64encode(file.getvalue()).decode("ascii"),
        drawn=outline(_at(judged.truth, size)),
        network=outline(_at(judged.mask, size)),
    )


def _at(mask: NDArray[np.bool_], size: tuple[int, int]) -> NDArray[np.bool_]:
    picture = Image.fromarray(mask.astype(np.uint8)).resize(size, Image.Resampling.NEAREST)
    return np.asarray(picture, np.bool_)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html", "svg"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"research_only": RESEARCH_ONLY, "version": __version__}
    return environment
