"""What the pages of a study's films show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.conduct.watching import FilmLine
from app.films.pixels import aspect_of
from app.films.views import SameView
from app.studies.tables import Study
from app.web.pages.admin.own_study import address_of
from app.web.paging import Paging
from app.web.words import when
from app.words import N_
from app.words.speaking import _, counted, percents

OUTCOMES = {
    "mask": N_("a candidate"),
    "drawing": N_("drawn"),
    "needs_drawing": N_("to be drawn"),
    "no_infection": N_("no infection"),
    "unreadable": N_("unreadable"),
    "undecided": N_("undecided"),
    "incomplete": N_("incomplete"),
}


@dataclass(frozen=True)
class FilmRow:
    """One film in the list. ``answers`` is empty while the film is no case."""

    name: str
    address: str
    size: str
    patient: str
    view: str
    finding: str
    hand_drawn: bool
    candidates: int
    answers: str
    outcome: str


@dataclass(frozen=True)
class FilmsPage:
    """One page of a study's films; ``beginning`` narrows it to names that begin so."""

    template: ClassVar[str] = "admin/films.html"

    study: str
    address: str
    beginning: str
    rows: list[FilmRow]
    paging: Paging


@dataclass(frozen=True)
class FilmPage:
    """One film: its picture and what is known of it."""

    template: ClassVar[str] = "admin/film.html"

    study: str
    address: str
    name: str
    picture: str
    width: int
    height: int
    facts: list[tuple[str, str]]


def film_address(study: Study, pixels_sha: str) -> str:
    """Return the address of a film's page."""
    return f"{address_of(study)}/films/{pixels_sha}"


def film_row(study: Study, line: FilmLine) -> FilmRow:
    """Return what the list shows of a film."""
    film = line.film
    return FilmRow(
        name=film.name,
        address=film_address(study, film.pixels_sha),
        size=f"{film.native_w} × {film.native_h}",
        patient=line.patient,
        view=film.view or "",
        finding=film.finding or "",
        hand_drawn=film.manual_mask_sha is not None,
        candidates=line.candidates,
        answers=_answers(line),
        outcome=_(OUTCOMES.get(line.outcome, line.outcome)),
    )


def _answers(line: FilmLine) -> str:
    if not line.wanted:
        return ""
    return _("{done} of {total}", done=counted(line.have), total=counted(line.wanted))


def change_words(same: SameView) -> str:
    """Return what was done to one film to make the other."""
    change = same.change
    if change is None:
        return same.differs
    said = [
        _("mirrored") if change.mirrored else "",
        _("inverted") if change.inverted else "",
        _("cropped to {share} of the area", share=percents(change.cropped))
        if change.cropped < 1
        else "",
        _("turned by {angle}°", angle=counted(round(abs(change.turned)))) if change.turned else "",
    ]
    return ", ".join(filter(None, said)) or _("the same view in another size, window or encoding")


def film_page(study: Study, line: FilmLine, alike: Sequence[SameView]) -> FilmPage:
    """Return the page of a film; ``alike`` are the pairs of nearly the same film that it is in."""
    film, row = line.film, film_row(study, line)
    facts = [
        (_("Patient"), row.patient or _("not given")),
        (_("View"), row.view or _("not given")),
        (_("Finding"), row.finding or _("not given")),
        (
            _("Size"),
            _(
                "{size} pixels, {bits} bits, {kind}",
                size=row.size,
                bits=film.bits,
                kind=film.photometric,
            ),
        ),
        (_("Hand-drawn mask"), _("yes") if row.hand_drawn else _("no")),
        (_("Candidates"), counted(row.candidates)),
        (_("Answers"), row.answers or _("not a case")),
        (_("Outcome"), row.outcome or _("not settled")),
        (_("Imported"), when(film.imported_at)),
        (_("sha256 of the pixels"), film.pixels_sha),
    ]
    for same in alike:
        other = same.twin if same.film.id == film.id else same.film
        facts.append((_("Nearly the same as"), f"{other.name}: {change_words(same)}"))
    return FilmPage(
        study=study.name,
        address=address_of(study),
        name=film.name,
        picture=f"{row.address}/picture",
        width=film.native_w,
        height=round(film.native_h * aspect_of(film.meta)),
        facts=facts,
    )
