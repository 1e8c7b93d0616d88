"""What is left of a large study is counted after the answer is sent, and nobody waits for it."""

from fastapi import BackgroundTasks
from sqlalchemy.orm import Session

from app.accounts.tables import User
from app.ballots import hands
from app.studies.tables import Study
from app.web.house import House


def count_later(
    tasks: BackgroundTasks, session: Session, house: House, *, study: Study, user: User
) -> None:
    """Count anew, after this request, what is left for ``user``; not if it was done lately."""
    if hands.claim_count(session, study_id=study.id, physician_id=user.id, now=house.clock.now()):
        tasks.add_task(_count, house, study.id, user.id)


def _count(house: House, study_id: int, physician_id: int) -> None:
    with house.reading_sessions() as session:
        # Counting takes long, so it holds no lock.
        session.connection(execution_options={"sqlite_begin": "DEFERRED"})
        counted = hands.count(session, study_id=study_id, physician_id=physician_id)
    with house.reading_sessions.begin() as session:
        hands.keep_count(session, counted, study_id=study_id, physician_id=physician_id)
