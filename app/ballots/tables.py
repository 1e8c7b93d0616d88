"""Cases, the order in which each physician meets them, and the ballots dealt."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.ballots.states import BallotKind
from app.db.base import Base
from app.db.types import Sha256, Utc, UtcDateTime, Word
from app.films.tables import Film
from app.studies.tables import Study


class Case(Base):
    """A film that is voted on: how many answers it wants and how many places are taken."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("taken <= wanted", name="taken_within_wanted"),
        Index(
            "ix_cases_open",
            "study_id",
            "film_id",
            sqlite_where=text("taken < wanted"),
            postgresql_where=text("taken < wanted"),
        ),
    )

    film_id: Mapped[int] = mapped_column(ForeignKey("films.id"), primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    wanted: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)


class CaseOrder(Base):
    """The stored order of one physician's cases, and the slots in which candidates will stand.

    ``candidates`` lists candidate ids in slot order. It is written before the first ballot, by the
    one act that knows the sources, so that dealing needs no origin. Where ``blank`` is true, the
    physician draws the film first, seeing no candidate. ``again`` is true where the case was full
    when the physician's turn passed it, and then came open again.
    """

    __tablename__ = "case_orders"
    __table_args__ = (
        UniqueConstraint("study_id", "physician_id", "film_id"),
        Index(
            "ix_case_orders_again",
            "study_id",
            "physician_id",
            "ordinal",
            sqlite_where=text("again = 1"),  # as SQLAlchemy asks there, or it is not used
            postgresql_where=text("again"),
        ),
    )

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), primary_key=True)
    physician_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    film_id: Mapped[int] = mapped_column(ForeignKey("films.id"))
    candidates: Mapped[list[int]] = mapped_column(JSON)
    blank: Mapped[bool] = mapped_column(default=False)
    again: Mapped[bool] = mapped_column(default=False)


class Return(Base):
    """A film that comes between the new cases, laid out before the first ballot.

    ``repeat_no`` 1 is a hidden repeat; 0 is the choice on a film that the physician drew first; -2
    is a sentinel, which has no case. It is due at ``due_at``, or when the physician was dealt
    ``due_after`` ballots. Of a film that comes back after a washout, both are empty until its
    earlier ballot is answered; of all, once this one is dealt.
    """

    __tablename__ = "returns"
    __table_args__ = (
        Index(
            "ix_returns_study_id_physician_id_due_after", "study_id", "physician_id", "due_after"
        ),
        Index("ix_returns_study_id_physician_id_due_at", "study_id", "physician_id", "due_at"),
    )

    physician_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    film_id: Mapped[int] = mapped_column(ForeignKey("films.id"), primary_key=True)
    repeat_no: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"))
    candidates: Mapped[list[int]] = mapped_column(JSON)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_after: Mapped[int | None]
    dealt: Mapped[bool] = mapped_column(default=False)


class Hand(Base):
    """What one physician was dealt of a study, counted as it happens (`app.ballots.hands`).

    ``dealt`` is the next ballot's ``ordinal``. ``answered``, ``later`` and ``waiting`` (leased, or
    the lease has run out) count ballots by state; ``voted`` counts those with a vote, in whatever
    state, and ``votes`` all votes on them. All ``cases`` of the order below the ordinal
    ``passed`` were dealt, or full, when their turn came. ``left`` is how many more ballots could
    come at ``counted_at``, less those dealt since.
    """

    __tablename__ = "hands"

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), primary_key=True)
    physician_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    dealt: Mapped[int] = mapped_column(default=0)
    cases: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)
    later: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    voted: Mapped[int] = mapped_column(default=0)
    votes: Mapped[int] = mapped_column(default=0)
    left: Mapped[int] = mapped_column(default=0)
    counted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Ballot(Base):
    """One case dealt to one physician.

    ``place`` is the place of the case that the ballot holds; no two ballots of a film hold the
    same. It is empty while the ballot holds none: put aside, or its lease has run out.
    ``ordinal`` counts the physician's ballots as they were dealt. ``repeat_no`` is 0 for the first
    choice on a film, 1 for a hidden repeat, -1 for a blank ballot and -2 for a sentinel; only the
    first holds a place.
    ``native`` ballots show the masks without normalisation. ``vote_no`` is the number, among all
    the physician's votes in the study, of the newest vote on it; empty before the first.
    """

    __tablename__ = "ballots"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("film_id", "physician_id", "repeat_no"),
        UniqueConstraint("film_id", "place"),
        Index("ix_ballots_study_id_physician_id_state", "study_id", "physician_id", "state"),
        Index("ix_ballots_study_id_physician_id_vote_no", "study_id", "physician_id", "vote_no"),
        Index("ix_ballots_state_lease_until", "state", "lease_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[Word]
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"))
    film_id: Mapped[int] = mapped_column(ForeignKey("films.id"))
    physician_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    ordinal: Mapped[int]
    seed: Mapped[Sha256]
    state: Mapped[Word]
    place: Mapped[int | None]
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dealt_at: Mapped[Utc]
    repeat_no: Mapped[int] = mapped_column(default=0)
    kind: Mapped[Word] = mapped_column(default=BallotKind.CHOICE)
    native: Mapped[bool] = mapped_column(default=False)
    asks_guess: Mapped[bool] = mapped_column(default=False)
    vote_no: Mapped[int | None]

    film: Mapped[Film] = relationship()
    study: Mapped[Study] = relationship()
    slots: Mapped[list["Slot"]] = relationship(order_by="Slot.position")


class Slot(Base):
    """What this physician saw where."""

    __tablename__ = "slots"
    __table_args__ = (UniqueConstraint("ballot_id", "candidate_id"),)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballots.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"))
