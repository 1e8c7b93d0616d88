"""What the page of a study's exports shows."""

from dataclasses import dataclass
from typing import ClassVar

from app.exports.tables import Export
from app.studies.tables import Study
from app.web.pages.admin.own_study import address_of
from app.web.pages.admin.runs_views import RunCard
from app.web.words import when
from app.words.speaking import ngettext


@dataclass(frozen=True)
class ExportRow:
    """One export. ``download`` is empty where its file no longer lies here."""

    made: str
    films: str
    version: str
    sha256: str
    download: str


@dataclass(frozen=True)
class ExportsPage:
    """A study's exports, newest first, and the one that is being made."""

    template: ClassVar[str] = "admin/exports.html"

    study: str
    address: str
    settled: bool
    run: RunCard | None
    rows: list[ExportRow]


def export_row(study: Study, export: Export, *, lies_here: bool) -> ExportRow:
    """Return what the list shows of ``export``."""
    address = f"{address_of(study)}/exports/{export.id}/training-set.zip"
    return ExportRow(
        made=when(export.made_at),
        films=ngettext("{count} film", "{count} films", export.films),
        version=export.version,
        sha256=export.manifest_sha256,
        download=address if lies_here else "",
    )
