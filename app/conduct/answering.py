"""A physician answers: the vote is recorded, and the case may want one more answer, or none."""

from sqlalchemy.orm import Session

from app.ballots import places
from app.ballots.tables import Ballot
from app.clock import Clock
from app.settlement.answers import counting_votes, unblinded
from app.settlement.rules import wanted
from app.studies.protocol import FixedRule
from app.studies.studies import protocol_of
from app.votes.answers import Submission
from app.votes.record import Recorded, record


def answer(session: Session, *, ballot: Ballot, sent: Submission, clock: Clock) -> Recorded:
    """Record the answer and set how many answers the case wants now. The caller commits."""
    recorded = record(session, ballot=ballot, sent=sent, clock=clock)
    # A fixed number of answers never changes.
    if recorded.fresh and not isinstance(protocol_of(ballot.study).rule, FixedRule):
        votes = counting_votes(session, film_ids=[ballot.film_id])[ballot.film_id]
        answers = unblinded(session, votes)
        number = wanted(protocol_of(ballot.study).rule, answers)
        places.want(session, film_id=ballot.film_id, places=number)
    return recorded
