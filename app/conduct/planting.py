"""Which films become sentinels, a share of them, drawn by the study's seed; and making them.

Spoiling masks takes seconds a film. Meanwhile no transaction is open, or all who vote would wait.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from app.ballots.design import chance
from app.ballots.tables import Case
from app.blobs.store import BlobStore
from app.clock import Clock
from app.films.tables import Film
from app.proposals.likeness import survey_complete
from app.proposals.planting import Bed, grow, keep, planted, prepare
from app.proposals.propose import Computed
from app.studies.states import State, require
from app.studies.studies import protocol_of
from app.studies.tables import Study


def drawn(study: Study, film_ids: Sequence[int]) -> list[int]:
    """Return those of the films that are drawn to be sentinels. One that is unfit stays a case."""
    share = protocol_of(study).design.sentinel_share
    return [one for one in film_ids if share and chance(share, study.seed, "sentinel", one)]


def plant_before_opening(
    sessions: sessionmaker[Session], blobs: BlobStore, *, study_id: int, clock: Clock
) -> None:
    """Make the sentinels that no run has made yet, of films that are no cases.

    Raises `WrongState` for a study that cannot be opened.
    """
    with _reading(sessions) as session:
        study = session.get_one(Study, study_id)
        require(study.state, State.DRAFT, State.OPEN, State.LOCKED)
        films = select(Film.id).where(Film.study_id == study_id).order_by(Film.id)
        no_case = films.where(Film.id.not_in(select(Case.film_id)))
        wanted = drawn(study, session.scalars(no_case).all())
        done = planted(session, film_ids=wanted)
    for film_id in wanted:
        if film_id not in done:
            compare_film(sessions, blobs, study_id=study_id, film_id=film_id)
            plant_film(sessions, blobs, study_id=study_id, film_id=film_id, clock=clock)


def compare_film(
    sessions: sessionmaker[Session], blobs: BlobStore, *, study_id: int, film_id: int
) -> None:
    """Compare the film's candidates now: opening the study would keep everybody waiting."""
    try:
        with sessions.begin() as session:
            study = session.get_one(Study, study_id)
            survey_complete(session, blobs, study, film_ids=[film_id])
    except IntegrityError:
        # Another worker compared this film first; its candidates are the same.
        return


def plant_film(
    sessions: sessionmaker[Session], blobs: BlobStore, *, study_id: int, film_id: int, clock: Clock
) -> None:
    """Make a sentinel of the film if it is drawn for one, complete, compared, fit and no case."""
    with _reading(sessions) as session:
        study = session.get_one(Study, study_id)
        is_case = session.get(Case, film_id) is not None
        beds = [] if is_case else prepare(session, study, film_ids=drawn(study, [film_id]))
    for bed in beds:
        grown = grow(blobs, bed)
        if grown is not None:
            _keep(sessions, study_id, bed, grown, clock)


def _keep(
    sessions: sessionmaker[Session], study_id: int, bed: Bed, grown: Computed, clock: Clock
) -> None:
    try:
        with sessions.begin() as session:
            study = session.get_one(Study, study_id, with_for_update=True)
            if session.get(Case, bed.film_id) is None:
                keep(session, study, bed, grown, clock=clock)
    except IntegrityError:
        # Another worker made this sentinel first; its masks are the same.
        return


@contextmanager
def _reading(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        # It writes nothing, so it waits for nobody.
        session.connection(execution_options={"sqlite_begin": "DEFERRED"})
        yield session
