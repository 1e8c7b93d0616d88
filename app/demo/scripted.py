"""A scripted reader: answers ballots by a rule, to try a study out. Its votes say so.

It stands in for a physician who sees the hand-drawn truth through a haze: each candidate is valued
at its Dice with the film's hand-drawn mask plus Gaussian noise, and the best value is chosen. That
noise is all that makes it take a network's mask now and then, for the hand-drawn one is among the
candidates and agrees with itself. No result of such votes says anything about physicians.
"""

import uuid

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.tables import User
from app.ballots.deal import next_ballot
from app.ballots.design import LETTERS
from app.ballots.tables import Ballot, Slot
from app.blobs.store import BlobStore
from app.clock import Clock
from app.conduct.answering import answer
from app.masks.codec import from_png
from app.masks.measures import dice
from app.proposals.tables import Candidate
from app.studies.tables import Study
from app.votes.answers import Answer, AnswerKind, Submission

COMMENT = "simulated: answered by a script, not by a physician"
HAZE = 0.15


def read_all(
    sessions: sessionmaker[Session],
    blobs: BlobStore,
    *,
    study_id: int,
    physician_id: int,
    clock: Clock,
    seed: int,
) -> int:
    """Answer every ballot that the study has for the physician; return how many.

    One transaction a ballot, as for a person. The same seed gives the same answers.
    """
    rng = np.random.default_rng([seed, physician_id])
    answered = 0
    while True:
        with sessions.begin() as session:
            study = session.get_one(Study, study_id)
            physician = session.get_one(User, physician_id)
            ballot = next_ballot(session, study, physician=physician, clock=clock)
            if ballot is None:
                return answered
            sent = _choose(session, blobs, ballot, rng)
            answer(session, ballot=ballot, sent=sent, clock=clock)
        answered += 1


def _choose(
    session: Session, blobs: BlobStore, ballot: Ballot, rng: np.random.Generator
) -> Submission:
    film = ballot.film
    pixels = film.native_h * film.native_w
    if film.manual_mask_sha is None:
        raise ValueError(f"{film.name} has no hand-drawn mask for the script to go by")
    truth = from_png(blobs.get(film.manual_mask_sha), max_pixels=pixels)
    query = (
        select(Candidate.mask_sha)
        .join(Slot, Slot.candidate_id == Candidate.id)
        .where(Slot.ballot_id == ballot.id)
        .order_by(Slot.position)
    )
    masks = [from_png(blobs.get(sha), max_pixels=pixels) for sha in session.scalars(query)]
    values = [dice(mask, truth) + rng.normal(0, HAZE) for mask in masks]
    # A blank ballot shows nothing to choose from; the script does not draw.
    chosen = (LETTERS[int(np.argmax(values))],) if values else ()
    return Submission(
        idempotency_key=str(uuid.uuid5(uuid.NAMESPACE_OID, ballot.seed)),
        answer=Answer(kind=AnswerKind.SLOT if chosen else AnswerKind.NONE, slots=chosen),
        comment=COMMENT,
    )
