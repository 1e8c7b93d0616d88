"""Comparing films' candidates before the study is opened: looking at masks keeps nobody waiting.

Meanwhile no transaction is open, or on SQLite all who vote would wait.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.orm import Session, sessionmaker

from app.blobs.store import BlobStore
from app.proposals.likeness import compared, keep, known, to_compare
from app.proposals.missing import sources_of
from app.proposals.origins import by_source
from app.studies.studies import hold
from app.studies.tables import Study


def compare_films(
    sessions: sessionmaker[Session], blobs: BlobStore, *, study_id: int, film_ids: Sequence[int]
) -> None:
    """Compare the candidates of those of the films that have them all and are not compared yet."""
    with only_reading(sessions) as session:
        study = session.get_one(Study, study_id)
        sources = sources_of(study)
        complete = by_source(session, film_ids=film_ids, sources=sources)
        done = known(session, candidates=complete)
        lacking = {one: ids for one, ids in complete.items() if one not in done}
        jobs = list(to_compare(session, study, candidates=lacking))
    for job in jobs:
        alike = compared(blobs, job)
        with sessions.begin() as session:
            study = session.get_one(Study, study_id)
            hold(session, study)
            if sources_of(study) == sources:
                keep(session, job, alike)


@contextmanager
def only_reading(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Open a session that writes nothing, so that it waits for nobody."""
    with sessions() as session:
        session.connection(execution_options={"sqlite_begin": "DEFERRED"})
        yield session
