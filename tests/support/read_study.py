"""A study read to its end by scripted readers who know the sources: for reports."""

from collections.abc import Callable

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ballots.deal import next_ballot
from app.ballots.states import BallotKind
from app.ballots.tables import Ballot
from app.blobs.store import BlobStore
from app.conduct.answering import answer
from app.proposals.origins import MANUAL, CandidateOrigin
from app.studies.protocol import Design, Display, FixedRule, Questions
from app.votes.answers import Answer, AnswerKind, Submission
from tests.support.answers import drawing, submission
from tests.support.factory import World, blob_mask, make_world

Choose = Callable[[np.random.Generator, list[str]], dict[str, object]]
"""From chance and the sources in slot order to the fields of a submission."""

ASKED = Questions(guess_share=1)
REPEATED = Design(repeat_share=0.5, repeat_after_days=0, repeat_after_ballots=1, merge=False)
HALF_NATIVE = Display(long_side=64, native_share=0.5)


def sources_of(session: Session, ballot: Ballot) -> list[str]:
    """The sources on the ballot, in the order of its slots."""
    query = select(CandidateOrigin.candidate_id, CandidateOrigin.source)
    ids = [slot.candidate_id for slot in ballot.slots]
    rows = session.execute(query.where(CandidateOrigin.candidate_id.in_(ids)))
    known = {candidate_id: source for candidate_id, source in rows}
    return [known[one] for one in ids]


def read_to_the_end(session: Session, world: World, choose: Choose, *, seed: int = 1) -> None:
    """Every physician answers every ballot that there is, in turns."""
    rng = np.random.default_rng(seed)
    sittings = dict.fromkeys(range(len(world.physicians)), 0)
    dealt = True
    while dealt:
        dealt = False
        for place, physician in enumerate(world.physicians):
            ballot = next_ballot(session, world.study, physician=physician, clock=world.clock)
            if ballot is None:
                continue
            dealt = True
            sittings[place] += 1
            fields: dict[str, object] = {
                "sitting": sittings[place],
                "reading_ms": int(rng.integers(2_000, 30_000)),
            }
            if ballot.kind == BallotKind.BLANK:
                shape = (ballot.film.native_h, ballot.film.native_w)
                fields |= {
                    "answer": Answer(kind=AnswerKind.NONE),
                    "drawing": drawing(blob_mask(rng, shape)),
                }
            else:
                fields |= choose(rng, sources_of(session, ballot))
            sent = submission(AnswerKind.NONE).model_copy(update=fields)
            answer(
                session,
                ballot=ballot,
                sent=Submission.model_validate(sent.model_dump()),
                clock=world.clock,
            )
            world.clock.advance(30)
            session.flush()


def fond_of_hand_drawn(rng: np.random.Generator, sources: list[str]) -> dict[str, object]:
    """Chooses the hand-drawn mask in six of ten, denies one in ten, guesses at random."""
    letters = "ABCDEFGH"[: len(sources)]
    said: dict[str, object] = {"guess": letters[int(rng.integers(len(sources)))]}
    if rng.random() < 0.1:
        told: dict[str, object] = {"answer": Answer(kind=AnswerKind.NONE)}
        if rng.random() < 0.8:
            told["drawing"] = drawing(blob_mask(rng))
        return said | told
    fond = rng.random() < 0.6
    best = sources.index(MANUAL) if fond else int(rng.integers(len(sources)))
    worst = next(n for n in rng.permutation(len(sources)).tolist() if n != best)
    return said | {
        "answer": Answer(kind=AnswerKind.SLOT, slots=(letters[best],)),
        "worst": letters[worst],
        "sure": bool(rng.random() < 0.8),
    }


def read_world(
    session: Session,
    blobs: BlobStore,
    *,
    films: int = 12,
    choose: Choose = fond_of_hand_drawn,
    name: str = "alpha",
) -> World:
    """A study that three physicians have read to its end, with repeats, guesses and worst masks."""
    world = make_world(
        session,
        blobs,
        name=name,
        films=films,
        rule=FixedRule(n=3),
        design=REPEATED,
        questions=ASKED,
        display=HALF_NATIVE,
    )
    read_to_the_end(session, world, choose)
    return world
