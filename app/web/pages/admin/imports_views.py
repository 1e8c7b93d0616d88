"""What the pages of an import show."""

from dataclasses import dataclass
from typing import ClassVar, cast

from app.films.tables import RefusedFilm
from app.films.views import SameView
from app.problems import Packed
from app.studies.tables import Study
from app.web.pages.admin.films_views import change_words, film_address
from app.web.pages.admin.runs_views import RunCard
from app.web.paging import Paging
from app.web.words import when
from app.words import N_
from app.words.speaking import _, retold

MASKS_AT_FAULT = {"infection": N_("Its infection mask:"), "lungs": N_("Its lung mask:")}


@dataclass(frozen=True)
class RefusedRow:
    """One file that was refused. ``english``: by a release that kept no other words."""

    name: str
    reason: str
    code: str
    at: str
    english: bool


@dataclass(frozen=True)
class SameViewRow:
    """One film that is nearly another of the study. ``english``: told by an older release."""

    name: str
    address: str
    twin: str
    twin_address: str
    differs: str
    english: bool


@dataclass(frozen=True)
class ImportPage:
    """Ways to import films, the import in hand, and what imports have refused.

    ``incoming`` is the server's folder whose ``folders`` are offered; ``largest`` the limit of an
    upload, for a person. Of films that are nearly another, the first are listed.
    """

    template: ClassVar[str] = "admin/import.html"

    study: str
    address: str
    growing: bool
    run: RunCard | None
    incoming: str
    folders: list[tuple[str, str]]
    largest: str
    same_views: list[SameViewRow]
    same_views_count: int
    refused: list[RefusedRow]
    paging: Paging


def refused_row(row: RefusedFilm) -> RefusedRow:
    """Return what the list shows of a refused file."""
    if row.told is None:
        return RefusedRow(row.name, row.reason, row.code, when(row.refused_at), english=True)
    reason = retold(cast("Packed", row.told))
    if row.mask_kind:
        reason = f"{_(MASKS_AT_FAULT[row.mask_kind])} {reason}"
    return RefusedRow(row.name, reason, row.code, when(row.refused_at), english=False)


def same_view_row(study: Study, same: SameView) -> SameViewRow:
    """Return what the list shows of a film that is nearly another."""
    return SameViewRow(
        name=same.film.name,
        address=film_address(study, same.film.pixels_sha),
        twin=same.twin.name,
        twin_address=film_address(study, same.twin.pixels_sha),
        differs=change_words(same),
        english=same.change is None,
    )
