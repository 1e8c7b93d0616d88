"""A study's votes from the database into columns; here slots become sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Executable, func, select
from sqlalchemy.orm import Session

from app.accounts.tables import User
from app.ballots.sentinels import REPEAT_NO as SENTINEL_NO
from app.ballots.states import BallotKind, BallotState
from app.ballots.tables import Ballot, Slot
from app.films.tables import Film, Patient
from app.proposals.origins import GOOD, MANUAL, SENTINEL, CandidateOrigin
from app.proposals.tables import Candidate, Likeness
from app.statistics.votes import MISSING, NOT_ASKED, Bools, Ints, Votes
from app.studies.studies import protocol_of
from app.studies.tables import Study
from app.votes.answers import AnswerKind
from app.votes.tables import Vote

TRUTH = ("good", "spoilt")
"""What stands in a sentinel's slots, in the place of sources."""
WORD_OF = {AnswerKind.NONE: 1, AnswerKind.NO_INFECTION: 2, AnswerKind.UNREADABLE: 3}


@dataclass(frozen=True)
class Holdings:
    """The ``sources``; ``members`` bool[H, S]: which each holding has; ``of``: by candidate."""

    sources: tuple[str, ...]
    members: Bools
    of: dict[int, int]


@dataclass(frozen=True)
class FilmName:
    """A film as a report names it. ``infected``: its hand-drawn mask is not empty; None without."""

    id: int
    name: str
    patient: str
    infected: bool | None


@dataclass(frozen=True)
class Gathered:
    """The votes, and what their numbers stand for: films and readers in the order of numbers.

    ``vote_ids`` and ``drawing_ids`` (−1 for none) belong to the votes one by one. ``sentinels`` are
    votes too, but of no film's case: they stand in nothing else, and their sources are `TRUTH`.
    """

    votes: Votes
    sentinels: Votes
    films: list[FilmName]
    readers: list[str]
    vote_ids: Ints
    sentinel_ids: Ints
    drawing_ids: Ints


def gather(session: Session, study: Study) -> Gathered:
    """Return the newest vote of each answered ballot of the study, in the order of votes."""
    every = _rows(session, study)
    rows = [row for row in every if row.repeat_no != SENTINEL_NO]
    apart = [row for row in every if row.repeat_no == SENTINEL_NO]
    films = _films(session, study)
    readers = _readers(session, study)
    patients: dict[object, int] = {}
    frame = Frame(
        film={film.id: place for place, film in enumerate(films)},
        patient=[patients.setdefault(film.patient or film.id, len(patients)) for film in films],
        reader={user_id: place for place, user_id in enumerate(readers)},
    )
    return Gathered(
        votes=_votes(session, study, rows, frame, _holdings(session, study)),
        sentinels=_votes(session, study, apart, frame, _truths(session, study)),
        films=films,
        readers=list(readers.values()),
        vote_ids=np.array([row.id for row in rows], np.int64),
        sentinel_ids=np.array([row.id for row in apart], np.int64),
        drawing_ids=_numbers(rows, "drawing_id", MISSING),
    )


@dataclass(frozen=True)
class Frame:
    """The number of each film and of each reader, by id, and of each film's patient, in order."""

    film: dict[int, int]
    patient: list[int]
    reader: dict[int, int]


def _votes(
    session: Session, study: Study, rows: Sequence[Any], frame: Frame, holdings: Holdings
) -> Votes:
    film = np.array([frame.film[row.film_id] for row in rows], np.int64)
    slots = _slots(session, study, [row.ballot_id for row in rows], holdings.of)
    return Votes(
        sources=holdings.sources,
        members=holdings.members,
        film=film,
        patient=np.array(frame.patient, np.int64)[film],
        reader=np.array([frame.reader[row.physician_id] for row in rows], np.int64),
        slots=slots,
        chosen=_chosen(rows, slots.shape[1]),
        word=np.array([WORD_OF.get(AnswerKind(row.answer), 0) for row in rows], np.int64),
        worst=_numbers(rows, "worst_position", MISSING),
        guess=_numbers(rows, "guess_position", NOT_ASKED),
        repeat=np.array([row.repeat_no for row in rows], np.int64),
        sitting=_numbers(rows, "sitting", MISSING),
        seconds=np.where((ms := _numbers(rows, "reading_ms", MISSING)) < 0, np.nan, ms / 1000),
        sure=_numbers(rows, "sure", MISSING),
        native=np.array([row.native for row in rows], np.bool_),
        blank=np.array([row.kind == BallotKind.BLANK for row in rows], np.bool_),
        drew=np.array([row.drawing_id is not None for row in rows], np.bool_),
    )


def _rows(session: Session, study: Study) -> Sequence[Any]:
    newest = (
        select(func.max(Vote.id))
        .join(Ballot, Ballot.id == Vote.ballot_id)
        .where(Ballot.study_id == study.id, Ballot.state == BallotState.ANSWERED)
        .group_by(Vote.ballot_id)
    )
    query = (
        select(
            *(Vote.id, Vote.ballot_id, Vote.answer, Vote.positions, Vote.drawing_id, Vote.sure),
            *(Vote.worst_position, Vote.guess_position, Vote.reading_ms, Vote.sitting),
            *(Ballot.film_id, Ballot.physician_id, Ballot.repeat_no, Ballot.native, Ballot.kind),
        )
        .join(Ballot, Ballot.id == Vote.ballot_id)
        .where(Vote.id.in_(newest))
        .order_by(Vote.id)
    )
    return _read(session, query)


def _films(session: Session, study: Study) -> list[FilmName]:
    by_hand = (
        select(CandidateOrigin.film_id, Candidate.area)
        .join(Candidate, Candidate.id == CandidateOrigin.candidate_id)
        .where(CandidateOrigin.source == MANUAL)
        .subquery()
    )
    query = (
        select(Film.id, Film.name, Patient.label, by_hand.c.area)
        .outerjoin(Patient, Patient.id == Film.patient_id)
        .outerjoin(by_hand, by_hand.c.film_id == Film.id)
        .where(Film.study_id == study.id)
        .order_by(Film.id)
    )
    return [
        FilmName(film_id, name, label or "", None if area is None else area > 0)
        for film_id, name, label, area in _read(session, query)
    ]


def _readers(session: Session, study: Study) -> dict[int, str]:
    """Return the names of those who were dealt a ballot, by their id, in the order of ids."""
    dealt = select(Ballot.physician_id).where(Ballot.study_id == study.id)
    query = select(User.id, User.full_name).where(User.id.in_(dealt)).order_by(User.id)
    return {user_id: name for user_id, name in session.execute(query)}


def _holdings(session: Session, study: Study) -> Holdings:
    query = (
        select(CandidateOrigin.candidate_id, CandidateOrigin.source)
        .join(Film, Film.id == CandidateOrigin.film_id)
        .where(Film.study_id == study.id, CandidateOrigin.kind != SENTINEL)
    )
    source_of = {candidate_id: source for candidate_id, source in _read(session, query)}
    sources = tuple(sorted(set(source_of.values()), key=lambda name: (":" in name, name)))
    together = _merged(session, study)
    places: dict[frozenset[str], int] = {frozenset({name}): n for n, name in enumerate(sources)}
    holding_of = {}
    for candidate_id, source in source_of.items():
        held = frozenset(
            source_of[one] for one in together.get(candidate_id, ()) if one in source_of
        )
        holding_of[candidate_id] = places.setdefault(held or frozenset({source}), len(places))
    members = np.array([[name in held for name in sources] for held in places], np.bool_)
    return Holdings(sources, members.reshape(len(places), len(sources)), holding_of)


def _truths(session: Session, study: Study) -> Holdings:
    """Return what sentinels show: masks that are known to be good, and spoilt ones."""
    query = (
        select(CandidateOrigin.candidate_id, CandidateOrigin.source)
        .join(Film, Film.id == CandidateOrigin.film_id)
        .where(Film.study_id == study.id, CandidateOrigin.kind == SENTINEL)
    )
    of = {candidate_id: int(source != GOOD) for candidate_id, source in _read(session, query)}
    return Holdings(TRUTH, np.eye(len(TRUTH), dtype=np.bool_), of)


def _merged(session: Session, study: Study) -> dict[int, list[int]]:
    """Return, for each candidate that stood for more than itself, all that it stood for."""
    if not protocol_of(study).design.merge:
        return {}
    query = (
        select(Likeness.groups)
        .join(Film, Film.id == Likeness.film_id)
        .where(Film.study_id == study.id)
    )
    found: dict[int, list[int]] = {}
    for groups in session.scalars(query):
        for group in groups:
            found |= dict.fromkeys(group, group)
    return found


def _slots(
    session: Session, study: Study, ballot_ids: list[int], holding_of: dict[int, int]
) -> Ints:
    """Return the holdings int[n, K] of the ballots' slots, −1 where there is none."""
    query = (
        select(Slot.ballot_id, Slot.position, Slot.candidate_id)
        .join(Ballot, Ballot.id == Slot.ballot_id)
        .where(Ballot.study_id == study.id)
    )
    known = np.array([tuple(row) for row in _read(session, query)], np.int64).reshape(-1, 3)
    wanted = np.array(ballot_ids, np.int64)
    order = np.argsort(wanted)
    place = np.searchsorted(wanted[order], known[:, 0])
    here = place < len(wanted)
    here[here] &= wanted[order][place[here]] == known[here, 0]
    slots = np.full((len(wanted), int(known[:, 1].max(initial=0)) + 1), MISSING, np.int64)
    candidates = np.array(sorted(holding_of), np.int64)
    holdings = np.array([holding_of[one] for one in candidates.tolist()], np.int64)
    held = np.searchsorted(candidates, known[here, 2])
    slots[order[place[here]], known[here, 1]] = holdings[held]
    return slots


def _read(session: Session, query: Executable) -> Sequence[Any]:
    """Return the rows of ``query``, past the mapper: there are a hundred thousand of them."""
    return session.connection().execute(query).all()


def _chosen(rows: Sequence[Any], width: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    chosen = np.zeros((len(rows), width), np.bool_)
    for place, row in enumerate(rows):
        chosen[place, row.positions] = True
    return chosen


def _numbers(rows: Sequence[Any], column: str, missing: int) -> Ints:
    values = [getattr(row, column) for row in rows]
    return np.array([missing if value is None else int(value) for value in values], np.int64)
