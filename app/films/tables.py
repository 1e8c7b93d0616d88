"""Films and the patients they show."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.types import Json, Name, Sha256, Utc, Word


class Patient(Base):
    """A pseudonym that groups films; ``label`` is the uploader's."""

    __tablename__ = "patients"
    __table_args__ = (UniqueConstraint("study_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"))
    label: Mapped[Name]


class Film(Base):
    """One film of one study.

    ``pixels_sha`` says which film it is (`FilmPixels.sha256`); ``blob_sha`` is where its grey
    values lie and ``display_sha`` the eight-bit picture a ballot shows. ``mask_author`` is the
    account name of who drew the film's mask by hand, where the import said so.
    """

    __tablename__ = "films"
    __table_args__ = (
        UniqueConstraint("study_id", "pixels_sha"),
        Index("ix_films_study_id_name", "study_id", "name"),
        Index(
            "ix_films_without_mask",
            "study_id",
            "id",
            sqlite_where=text("manual_mask_sha IS NULL"),
            postgresql_where=text("manual_mask_sha IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id"), index=True)
    name: Mapped[Name]
    pixels_sha: Mapped[Sha256]
    blob_sha: Mapped[Sha256]
    display_sha: Mapped[Sha256]
    native_w: Mapped[int]
    native_h: Mapped[int]
    bits: Mapped[int]
    photometric: Mapped[Word]
    meta: Mapped[Json]
    view: Mapped[Word | None]
    finding: Mapped[Name | None]
    manual_mask_sha: Mapped[Sha256 | None]
    mask_author: Mapped[Name | None]
    lungs_mask_sha: Mapped[Sha256 | None]
    imported_at: Mapped[Utc]

    patient: Mapped[Patient | None] = relationship()


class FilmView(Base):
    """What a film's view is told by, and the film that showed it in the study before.

    ``near`` is the film's near code (`app.twins.near`), empty if nothing is to be seen on it;
    ``differs`` says in English what was done to the twin to make this film, ``change`` the same
    as numbers (`app.twins.changes.Change`); views of older releases lack it.
    """

    __tablename__ = "film_views"

    film_id: Mapped[int] = mapped_column(ForeignKey("films.id"), primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    near: Mapped[str] = mapped_column(String(64))
    twin_id: Mapped[int | None] = mapped_column(ForeignKey("films.id"))
    differs: Mapped[Name | None]
    change: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class RefusedFilm(Base):
    """A file that the last import of its name refused, and why; gone once it is taken.

    ``reason`` is in English; ``told`` is the refusal to be said in another language, and
    ``mask_kind`` which of the film's masks is at fault, if one is. Older rows have neither.
    """

    __tablename__ = "refused_films"
    __table_args__ = (UniqueConstraint("study_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"))
    name: Mapped[Name]
    code: Mapped[Word]
    reason: Mapped[str] = mapped_column(Text)
    told: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    mask_kind: Mapped[Word | None]
    refused_at: Mapped[Utc]
