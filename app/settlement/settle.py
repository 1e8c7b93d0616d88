"""Settling a study: each case's verdict becomes a row, and the same votes give the same rows."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import __version__
from app.ballots.tables import Case
from app.clock import Clock
from app.settlement.answers import counting_votes, unblinded
from app.settlement.rules import Verdict, Word, settle
from app.settlement.tables import Settlement
from app.studies.protocol import Rule
from app.studies.states import State, require
from app.studies.studies import protocol_of
from app.studies.tables import Study
from app.votes.tables import Vote

CHUNK = 400

MASK = "mask"
DRAWING = "drawing"
NEEDS_DRAWING = "needs_drawing"
UNDECIDED = "undecided"
INCOMPLETE = "incomplete"


def settle_study(session: Session, study: Study, *, clock: Clock) -> Counter[str]:
    """Write one settlement a case and return how many came to which outcome.

    The study must be locked. Settling again changes nothing. Raises `WrongState`.
    """
    require(study.state, State.LOCKED, State.SETTLED)
    films = session.scalars(
        select(Case.film_id).where(Case.study_id == study.id).order_by(Case.film_id)
    ).all()
    known = {
        row.film_id: row
        for row in session.scalars(select(Settlement).where(Settlement.study_id == study.id))
    }
    for start in range(0, len(films), CHUNK):
        part = [film_id for film_id in films[start : start + CHUNK] if film_id not in known]
        for row in _settle_films(session, study, film_ids=part, clock=clock):
            known[row.film_id] = row
            session.add(row)
        session.flush()
    return Counter(row.outcome for row in known.values())


def _settle_films(
    session: Session, study: Study, *, film_ids: Sequence[int], clock: Clock
) -> list[Settlement]:
    rule: Rule = protocol_of(study).rule
    rows = []
    for film_id, votes in counting_votes(session, film_ids=film_ids).items():
        verdict = settle(rule, unblinded(session, votes))
        drawing_id = _drawing(votes) if verdict.choice == Word.NONE else None
        rows.append(
            Settlement(
                study_id=study.id,
                film_id=film_id,
                rule=rule.model_dump(mode="json"),
                outcome=_outcome(verdict, drawing_id),
                candidate_id=verdict.choice if type(verdict.choice) is int else None,
                drawing_id=drawing_id,
                votes_used=[vote.id for vote in votes],
                agreement=verdict.agreement,
                settled_at=clock.now(),
                version=__version__,
            )
        )
    return rows


def _drawing(votes: list[Vote]) -> int | None:
    """Return the first drawing: of several readers' drawings, the one whose place came first."""
    return next((vote.drawing_id for vote in votes if vote.drawing_id is not None), None)


def _outcome(verdict: Verdict, drawing_id: int | None) -> str:
    match verdict.choice:
        case None:
            return UNDECIDED if verdict.complete else INCOMPLETE
        case Word.NONE:
            return NEEDS_DRAWING if drawing_id is None else DRAWING
        case Word() as word:
            return str(word)
        case _:
            return MASK
