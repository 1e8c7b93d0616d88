"""Pictures of the most disputed films: the film with every outline, told apart without colour."""

import base64
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.evaluation.outlines import outline
from app.films.pixels import aspect_of
from app.films.tables import Film
from app.masks.codec import from_png
from app.proposals.origins import CandidateOrigin
from app.proposals.tables import Candidate
from app.reports import cells
from app.reports.gather import Gathered
from app.reports.words import answer_name, source_name
from app.statistics.disputes import Dispute
from app.statistics.votes import WORDS
from app.votes.tables import Drawing
from app.words.speaking import _, ngettext, percents

LONGEST_SIDE, QUALITY = 512, 82
MOST_DRAWINGS = 2
LETTERS = "ABCDEFGHIJKL"
# Where the letters stand: each next outline is named at another side, so that they do not meet.
BESIDE, ROOM, STYLES = 9, 24, 6
SIDES = ((-1.0, 0.0), (0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-0.7, 0.7), (0.7, -0.7))

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Outline:
    """One mask's outline in the picture's pixels; ``letter`` stands at (x, y). Empty: no path."""

    letter: str
    name: str
    votes: str
    path: str
    x: float
    y: float
    style: int


@dataclass(frozen=True)
class DisputePicture:
    """One film with its outlines: a JPEG in base64, ``rows`` × ``columns`` pixels."""

    name: str
    words: str
    rows: int
    columns: int
    jpeg: str
    outlines: list[Outline]
    others: str


def pictures(
    session: Session, blobs: BlobStore, found: Gathered, disputes: list[Dispute]
) -> list[DisputePicture]:
    """Return pictures of these films."""
    return [_picture(session, blobs, found, dispute) for dispute in disputes]


def _picture(
    session: Session, blobs: BlobStore, found: Gathered, dispute: Dispute
) -> DisputePicture:
    film = session.get_one(Film, found.films[dispute.film].id)
    height = film.native_h * aspect_of(film.meta)
    scale = min(1.0, LONGEST_SIDE / max(height, film.native_w))
    size = (max(1, round(film.native_w * scale)), max(1, round(height * scale)))
    votes = dict(dispute.given)
    masks = _candidates(session, blobs, film, found, votes) + _drawings(session, found, dispute)
    outlines = _outlines(masks, size)
    return DisputePicture(
        name=film.name,
        words=ngettext(
            "{count} answer, {share} of pairs differ",
            "{count} answers, {share} of pairs differ",
            dispute.answers,
            share=percents(dispute.disagreement),
        ),
        rows=size[1],
        columns=size[0],
        jpeg=_jpeg(blobs.get(film.display_sha), size),
        outlines=outlines,
        others=_others(found, votes),
    )


def _candidates(
    session: Session, blobs: BlobStore, film: Film, found: Gathered, votes: dict[int, float]
) -> list[tuple[str, str, bytes]]:
    query = (
        select(CandidateOrigin.source, Candidate.mask_sha)
        .join(Candidate, Candidate.id == CandidateOrigin.candidate_id)
        .where(CandidateOrigin.film_id == film.id)
    )
    of_source = {source: sha for source, sha in session.execute(query)}
    columns = found.votes
    said = []
    for place, source in enumerate(columns.sources):
        if source in of_source:
            got = sum(
                n
                for c, n in votes.items()
                if c < len(columns.members) and columns.members[c, place]
            )
            said.append((source_name(source), _votes(got), blobs.get(of_source[source])))
    return said


def _drawings(session: Session, found: Gathered, dispute: Dispute) -> list[tuple[str, str, bytes]]:
    columns = found.votes
    rows = np.flatnonzero(
        (columns.film == dispute.film) & (found.drawing_ids >= 0) & (columns.repeat == 0)
    )
    said = []
    for row in rows[:MOST_DRAWINGS]:
        query = select(Drawing.mask_png).where(Drawing.id == int(found.drawing_ids[row]))
        png = session.execute(query).scalar_one()
        drawn = _("drawn by reader {number}", number=columns.reader[row] + 1)
        said.append((drawn, "", png))
    return said


def _others(found: Gathered, votes: dict[int, float]) -> str:
    held = len(found.votes.members)
    said = [
        f"{answer_name(name)} {cells.number(votes[held + n])}"
        for n, name in enumerate(WORDS)
        if held + n in votes
    ]
    return ", ".join(said)


def _votes(got: float) -> str:
    """Return votes in words; those shared in ties have fractions, and are many."""
    return _("1 vote") if got == 1 else _("{number} votes", number=cells.number(got))


def _outlines(masks: list[tuple[str, str, bytes]], size: tuple[int, int]) -> list[Outline]:
    found: list[Outline] = []
    for number, (name, said, png) in enumerate(masks):
        mask = _at(from_png(png, max_pixels=2**31), size)
        x, y = _place(mask, number, [(one.x, one.y) for one in found if one.path])
        letter, style = LETTERS[number], number % STYLES + 1
        found.append(Outline(letter, name, said, outline(mask), x, y, style))
    return found


def _place(mask: Mask, number: int, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """Return where the letter stands (x, y): beside the mask's utmost pixel towards a side.

    Of `SIDES`, from the outline's own on, the first that leaves other letters room, or the one
    that leaves most.
    """
    pixels = np.argwhere(mask)
    if not len(pixels):
        return 0.0, 0.0
    best, most = (0.0, 0.0), -1.0
    for turn in range(len(SIDES)):
        side = np.array(SIDES[(number + turn) % len(SIDES)])
        row, column = pixels[int(np.argmax(pixels @ side))] + BESIDE * side
        x = float(np.clip(column, 8, mask.shape[1] - 8))
        y = float(np.clip(row, 10, mask.shape[0] - 8))
        room = min((np.hypot(x - a, y - b) for a, b in taken), default=np.inf)
        if room >= ROOM:
            return x, y
        if room > most:
            best, most = (x, y), float(room)
    return best


def _at(mask: Mask, size: tuple[int, int]) -> Mask:
    small = Image.fromarray(mask.astype(np.uint8) * 255).resize(size, Image.Resampling.BOX)
    return np.asarray(small) >= 128


def _jpeg(png: bytes, size: tuple[int, int]) -> str:
    with Image.open(io.BytesIO(png)) as picture:
        small = picture.convert("L").resize(size, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.save(file, "JPEG", quality=QUALITY, optimize=True)
    return base64.b64encode(file.getvalue()).decode("ascii")
