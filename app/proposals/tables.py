"""Candidates, and nothing that says whose they are.

The table of origins stands in `app.proposals.origins`, which no reading path may import and which
the reading connection cannot read.
"""

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Sha256


class Candidate(Base):
    """One mask of one film that may be chosen.

    ``mask_sha`` is the mask at native size (1-bit PNG); ``grid_sha`` the same mask on the display
    grid (packed bits); ``native_sha`` the mask there without normalisation, for a protocol that
    shows some ballots so; ``area`` counts native pixels. ``fidelity`` is the Dice, at native size,
    of what is shown to what was made; it is not known of candidates from before it was measured.
    """

    __tablename__ = "candidates"

    id: Mapped[int] = mapped_column(primary_key=True)
    film_id: Mapped[int] = mapped_column(ForeignKey("films.id"), index=True)
    mask_sha: Mapped[Sha256]
    grid_sha: Mapped[Sha256]
    native_sha: Mapped[Sha256 | None]
    area: Mapped[int]
    fidelity: Mapped[float | None] = mapped_column(index=True)


class Likeness(Base):
    """How alike a film's candidates are, by their pixels alone.

    ``disagreement`` is the mean of 1 - Dice over all pairs; ``groups`` lists the ids of those that
    share a slot, the one that is shown first. ``unfit_sha256`` says as what the film was found
    unfit for a sentinel (`app.proposals.planting.Bed.digest`).
    """

    __tablename__ = "likenesses"

    film_id: Mapped[int] = mapped_column(ForeignKey("films.id"), primary_key=True)
    disagreement: Mapped[float]
    groups: Mapped[list[list[int]]] = mapped_column(JSON)
    unfit_sha256: Mapped[Sha256 | None]


class Standing(Base):
    """Of how many of its study's sources a film has a candidate (`app.proposals.standings`).

    ``planted`` films are sentinels. A film that never had a candidate has no row.
    """

    __tablename__ = "standings"
    __table_args__ = (Index("ix_standings_study_id_have_planted", "study_id", "have", "planted"),)

    film_id: Mapped[int] = mapped_column(ForeignKey("films.id"), primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"))
    have: Mapped[int] = mapped_column(default=0)
    planted: Mapped[bool] = mapped_column(default=False)
