"""Which films become sentinels, a share of them, drawn by the study's seed; and making them.

Spoiling masks takes seconds a film. Meanwhile no transaction is open, or all who vote would wait.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.ballots.design import chance
from app.ballots.tables import Case
from app.blobs.store import BlobStore
from app.clock import Clock
from app.conduct.comparing import compare_films, only_reading
from app.films.tables import Film
from app.proposals.planting import Bed, grow, keep, prepare, remember_unfit
from app.proposals.propose import Computed
from app.studies.states import State, require
from app.studies.studies import hold, protocol_of
from app.studies.tables import Study


def drawn(study: Study, film_ids: Sequence[int]) -> list[int]:
    """Return those of the films that are drawn to be sentinels. One that is unfit stays a case."""
    share = protocol_of(study).design.sentinel_share
    return [one for one in film_ids if share and chance(share, study.seed, "sentinel", one)]


def prepare_opening(
    sessions: sessionmaker[Session], blobs: BlobStore, *, study_id: int, clock: Clock
) -> None:
    """Compare candidates and make sentinels where no run has yet, of films that are no cases.

    Raises `WrongState` for a study that cannot be opened.
    """
    with only_reading(sessions) as session:
        study = session.get_one(Study, study_id)
        require(study.state, State.DRAFT, State.OPEN, State.LOCKED)
        films = select(Film.id).where(Film.study_id == study_id).order_by(Film.id)
        no_case = session.scalars(films.where(Film.id.not_in(select(Case.film_id)))).all()
    look_at(sessions, blobs, study_id=study_id, film_ids=no_case, clock=clock)


def look_at(
    sessions: sessionmaker[Session],
    blobs: BlobStore,
    *,
    study_id: int,
    film_ids: Sequence[int],
    clock: Clock,
) -> None:
    """Compare the candidates of films that have them all, and make sentinels of some.

    A sentinel is a film that is drawn for one, fit and no case. One that was found unfit is not
    tried again.
    """
    compare_films(sessions, blobs, study_id=study_id, film_ids=film_ids)
    with only_reading(sessions) as session:
        study = session.get_one(Study, study_id)
        wanted = [one for one in drawn(study, film_ids) if session.get(Case, one) is None]
        beds = prepare(session, study, film_ids=wanted)
    for bed in beds:
        _keep(sessions, study_id, bed, grow(blobs, bed), clock)


def _keep(
    sessions: sessionmaker[Session], study_id: int, bed: Bed, grown: Computed | None, clock: Clock
) -> None:
    with sessions.begin() as session:
        study = session.get_one(Study, study_id)
        # Others may open the study, choose other networks or make this sentinel: not until this
        # is stored, or it was before, and is seen here.
        hold(session, study)
        if grown is None:
            remember_unfit(session, bed)
        elif session.get(Case, bed.film_id) is None:
            keep(session, study, bed, grown, clock=clock)
