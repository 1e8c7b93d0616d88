"""What an admin watches: how far studies, physicians and films are. Answers only, no origins."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accounts.tables import AuditEvent, User
from app.ballots.states import BallotState
from app.ballots.tables import Ballot, Case
from app.films.tables import Film, Patient
from app.problems import NotFound
from app.proposals.tables import Candidate
from app.settlement.tables import Settlement
from app.studies.studies import members, protocol_of
from app.studies.tables import Study
from app.votes.own import Progress, progress

# Greater than any letter, so that a range of names holds all that begin alike. A range uses the
# index on every database; LIKE does not.
LAST_LETTER = "\U0010ffff"


@dataclass(frozen=True)
class Answers:
    """How many answers a study's cases want at present, and how many they have."""

    cases: int = 0
    wanted: int = 0
    have: int = 0


def answers(session: Session, studies: Iterable[Study]) -> dict[int, Answers]:
    """Return how far each of ``studies`` is, by its id."""
    ids = [study.id for study in studies]
    cases = select(Case.study_id, func.count(), func.sum(Case.wanted), func.sum(Case.taken)).where(
        Case.study_id.in_(ids)
    )
    # A place is held by an answer or by a ballot in hand. Of these there are few, and they are
    # found by their state alone: by the study a million ballots would be gone through.
    in_hand = select(Ballot.study_id).where(
        Ballot.state == BallotState.LEASED, Ballot.place.is_not(None)
    )
    leased = Counter(session.scalars(in_hand))
    found = {
        study_id: Answers(count, wanted, taken - leased[study_id])
        for study_id, count, wanted, taken in session.execute(cases.group_by(Case.study_id))
    }
    return {study_id: found.get(study_id, Answers()) for study_id in ids}


def physicians(session: Session, study: Study) -> list[tuple[User, Progress]]:
    """Return the study's physicians in the order in which they were added, each with progress."""
    return [
        (user, progress(session, study, physician_id=user.id))
        for user in members(session, study=study, role=Role.PHYSICIAN)
    ]


@dataclass(frozen=True)
class FilmLine:
    """A film with what became of it. ``wanted`` is 0 while the film is no case."""

    film: Film
    patient: str
    candidates: int
    wanted: int
    have: int
    outcome: str


def count_films(session: Session, study: Study, *, beginning: str = "") -> int:
    """Return how many films of the study have a name that begins so."""
    query = select(func.count()).select_from(Film).where(Film.study_id == study.id)
    if beginning:
        query = query.where(Film.name >= beginning, Film.name < beginning + LAST_LETTER)
    return session.scalar(query) or 0


def films(
    session: Session, study: Study, *, offset: int, limit: int, beginning: str = ""
) -> list[FilmLine]:
    """Return one page of the study's films by name."""
    # The page is cut from the index alone; whole rows are read for those films only.
    ids = select(Film.id).where(Film.study_id == study.id)
    if beginning:
        ids = ids.where(Film.name >= beginning, Film.name < beginning + LAST_LETTER)
    page = session.scalars(ids.order_by(Film.name, Film.id).offset(offset).limit(limit)).all()
    return film_lines(session, page)


def films_after(session: Session, study: Study, *, after: int, limit: int) -> list[FilmLine]:
    """Return up to ``limit`` films of the study whose id is above ``after``, by id."""
    ids = select(Film.id).where(Film.study_id == study.id, Film.id > after)
    return film_lines(session, session.scalars(ids.order_by(Film.id).limit(limit)).all())


def film_of(session: Session, study: Study, *, pixels_sha: str) -> Film:
    """Return the study's film with these pixels. Raises `NotFound`."""
    query = select(Film).where(Film.study_id == study.id, Film.pixels_sha == pixels_sha)
    film = session.scalar(query)
    if film is None:
        raise NotFound("There is no such film in this study.")
    return film


def film_lines(session: Session, film_ids: Sequence[int]) -> list[FilmLine]:
    """Return these films, in this order, with what became of them."""
    query = (
        select(Film, Patient.label, Case.wanted, Settlement.outcome)
        .outerjoin(Patient, Patient.id == Film.patient_id)
        .outerjoin(Case, Case.film_id == Film.id)
        .outerjoin(Settlement, Settlement.film_id == Film.id)
        .where(Film.id.in_(film_ids))
    )
    candidates = _candidates(session, film_ids)
    have = _answers(session, film_ids)
    lines = {
        film.id: FilmLine(
            film=film,
            patient=label or "",
            candidates=candidates.get(film.id, 0),
            wanted=wanted or 0,
            have=have.get(film.id, 0),
            outcome=outcome or "",
        )
        for film, label, wanted, outcome in session.execute(query)
    }
    return [lines[film_id] for film_id in film_ids]


def _candidates(session: Session, film_ids: Sequence[int]) -> dict[int, int]:
    query = select(Candidate.film_id, func.count()).where(Candidate.film_id.in_(film_ids))
    return {film_id: count for film_id, count in session.execute(query.group_by(Candidate.film_id))}


def _answers(session: Session, film_ids: Sequence[int]) -> dict[int, int]:
    query = select(Ballot.film_id, func.count()).where(
        Ballot.film_id.in_(film_ids),
        Ballot.state == BallotState.ANSWERED,
        Ballot.place.is_not(None),
    )
    return {film_id: count for film_id, count in session.execute(query.group_by(Ballot.film_id))}


@dataclass(frozen=True)
class Unlike:
    """Candidates whose picture is less like the mask than the protocol's bound, and their films."""

    candidates: int = 0
    films: int = 0


def unlike(session: Session, study: Study) -> Unlike:
    """Count the candidates of ``study`` that are shown with a Dice below the bound."""
    query = (
        select(func.count(), func.count(Candidate.film_id.distinct()))
        .join(Film, Film.id == Candidate.film_id)
        .where(Film.study_id == study.id, Candidate.fidelity < protocol_of(study).display.fidelity)
    )
    candidates, films = session.execute(query).one()
    return Unlike(candidates, films)


def count_history(session: Session, study: Study) -> int:
    """Return how many acts the audit trail holds of the study."""
    query = select(func.count()).select_from(AuditEvent).where(AuditEvent.subject == study.key)
    return session.scalar(query) or 0


def history(
    session: Session, study: Study, *, offset: int, limit: int
) -> list[tuple[AuditEvent, str]]:
    """Return one page of what admins did to the study, newest first, with their names."""
    query = (
        select(AuditEvent, User.full_name)
        .outerjoin(User, User.id == AuditEvent.user_id)
        .where(AuditEvent.subject == study.key)
        .order_by(AuditEvent.id.desc())
    )
    page = session.execute(query.offset(offset).limit(limit))
    return [(event, name or "") for event, name in page]
