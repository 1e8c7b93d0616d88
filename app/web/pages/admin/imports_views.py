"""What the pages of an import show."""

from dataclasses import dataclass
from typing import ClassVar

from app.films.tables import RefusedFilm
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
class ImportPage:
    """Ways to import films, the import in hand, and what imports have refused.

    ``incoming`` is the server's folder whose ``folders`` are offered; ``largest`` the limit of an
    upload, for a person.
    """

    template: ClassVar[str] = "admin/import.html"

    study: str
    address: str
    growing: bool
    run: RunCard | None
    incoming: str
    folders: list[tuple[str, str]]
    largest: str
    refused: list[RefusedRow]
    paging: Paging


def refused_row(row: RefusedFilm) -> RefusedRow:
    """Return what the list shows of a refused file."""
    return RefusedRow(row.name, row.reason, row.code, when(row.refused_at))
