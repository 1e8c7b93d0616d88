"""How far a study is: no origin and no choice is in it, so it may be read at any time."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accounts.tables import User
from app.ballots.sentinels import REPEAT_NO as SENTINEL
from app.ballots.states import BallotKind, BallotState
from app.ballots.tables import Ballot, Case
from app.studies.tables import Member, Study

NOTHING = dict.fromkeys(("answered", "repeats", "later", "blank", "sentinels"), 0)


@dataclass(frozen=True)
class ReaderProgress:
    """One physician's ballots: first answers, hidden repeats answered, put aside, drawn blank,
    sentinels answered.
    """

    name: str
    answered: int
    repeats: int
    later: int
    blank: int
    sentinels: int


@dataclass(frozen=True)
class Progress:
    """``wanted``, ``have``: answers of all cases; ``complete``: cases that have all of theirs."""

    cases: int
    complete: int
    wanted: int
    have: int
    readers: list[ReaderProgress]


def progress(session: Session, study: Study) -> Progress:
    """Return how far the study is."""
    have = (
        select(Ballot.film_id, func.count().label("number"))
        .where(
            Ballot.study_id == study.id,
            Ballot.state == BallotState.ANSWERED,
            Ballot.place.is_not(None),
        )
        .group_by(Ballot.film_id)
        .subquery()
    )
    number = func.coalesce(have.c.number, 0)
    totals = (
        select(
            func.count(),
            func.coalesce(func.sum(Case.wanted), 0),
            func.coalesce(func.sum(number), 0),
            func.count().filter(number >= Case.wanted),
        )
        .select_from(Case)
        .outerjoin(have, have.c.film_id == Case.film_id)
        .where(Case.study_id == study.id)
    )
    cases, wanted, answers, complete = session.execute(totals).one()
    return Progress(int(cases), int(complete), int(wanted), int(answers), _readers(session, study))


def _readers(session: Session, study: Study) -> list[ReaderProgress]:
    counts: dict[int, dict[str, int]] = {}
    query = (
        select(Ballot.physician_id, Ballot.state, Ballot.repeat_no, Ballot.kind, func.count())
        .where(Ballot.study_id == study.id)
        .group_by(Ballot.physician_id, Ballot.state, Ballot.repeat_no, Ballot.kind)
    )
    for physician_id, state, repeat_no, kind, number in session.execute(query):
        own = counts.setdefault(physician_id, dict(NOTHING))
        if state == BallotState.DEFERRED:
            own["later"] += number
        elif state == BallotState.ANSWERED:
            own[_kind(kind, repeat_no)] += number
    members = (
        select(User.id, User.full_name)
        .join(Member, Member.user_id == User.id)
        .where(Member.study_id == study.id, Member.role == Role.PHYSICIAN)
        .order_by(User.id)
    )
    return [
        ReaderProgress(name=name, **counts.get(user_id, NOTHING))
        for user_id, name in session.execute(members)
    ]


def _kind(kind: str, repeat_no: int) -> str:
    if repeat_no == SENTINEL:
        return "sentinels"
    if kind == BallotKind.BLANK:
        return "blank"
    return "repeats" if repeat_no > 0 else "answered"
