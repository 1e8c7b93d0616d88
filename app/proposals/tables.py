"""Candidates, and nothing that says whose they are.

The table of origins stands in `app.proposals.origins`, which no reading path may import and which
the reading connection cannot read.
"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Sha256


class Candidate(Base):
    """One mask of one film that may be chosen.

    ``mask_sha`` is the mask at native size (1-bit PNG); ``grid_sha`` the same mask on the display
    grid (packed bits); ``area`` counts native pixels.
    """

    __tablename__ = "candidates"

    id: Mapped[int] = mapped_column(primary_key=True)
    film_id: Mapped[int] = mapped_column(ForeignKey("films.id"), index=True)
    mask_sha: Mapped[Sha256]
    grid_sha: Mapped[Sha256]
    area: Mapped[int]
