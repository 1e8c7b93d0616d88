"""What the pages of an import show."""

from dataclasses import dataclass
from typing import ClassVar

from app.films.tables import RefusedFilm
from app.films.views import SameView
from app.studies.tables import Study
from app.web.pages.admin.films_views import film_address
from app.web.pages.admin.runs_views import RunCard
from app.web.paging import Paging
from app.web.words import when


@dataclass(frozen=True)
class RefusedRow:
    """One file that was refused."""

    name: str
    reason: str
    code: str
    at: str


@dataclass(frozen=True)
class SameViewRow:
    """One film that is nearly another of the study."""

    name: str
    address: str
    twin: str
    twin_address: str
    differs: str


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
    return RefusedRow(row.name, row.reason, row.code, when(row.refused_at))


def same_view_row(study: Study, same: SameView) -> SameViewRow:
    """Return what the list shows of a film that is nearly another."""
    return SameViewRow(
        name=same.film.name,
        address=film_address(study, same.film.pixels_sha),
        twin=same.twin.name,
        twin_address=film_address(study, same.twin.pixels_sha),
        differs=same.differs,
    )
