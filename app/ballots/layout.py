"""Laying out a study: cases, and for each physician their order and slots, as rows."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.ballots.design import case_order, slot_order
from app.ballots.tables import Case, CaseOrder, Hand
from app.studies.tables import Study

CHUNK = 1000


def lay_out(
    session: Session,
    study: Study,
    *,
    physician_ids: Sequence[int],
    cases: Mapping[int, Sequence[int]],
    wanted: int,
) -> int:
    """Add what is missing and return how many cases are new.

    ``cases`` gives, for each film, its candidates in one order of sources, the same for all films.
    That order is used here, to balance the slots, and is not stored. What was laid out before
    stays as it is; new cases are appended to every physician's order.
    """
    known = set(session.scalars(select(Case.film_id).where(Case.study_id == study.id)))
    fresh = [film_id for film_id in cases if film_id not in known]
    _insert(
        session,
        Case,
        [
            {"film_id": film_id, "study_id": study.id, "wanted": wanted, "taken": 0}
            for film_id in fresh
        ],
    )
    for physician_id in physician_ids:
        _lay_out_for(session, study, physician_id=physician_id, cases=cases)
    return len(fresh)


def _lay_out_for(
    session: Session, study: Study, *, physician_id: int, cases: Mapping[int, Sequence[int]]
) -> None:
    own = (CaseOrder.study_id == study.id) & (CaseOrder.physician_id == physician_id)
    known = set(session.scalars(select(CaseOrder.film_id).where(own)))
    highest = session.scalar(select(func.max(CaseOrder.ordinal)).where(own))
    start = 0 if highest is None else highest + 1
    fresh = [film_id for film_id in cases if film_id not in known]
    rows = []
    ordered = case_order(fresh, seed=study.seed, physician_id=physician_id)
    for ordinal, film_id in enumerate(ordered, start):
        candidates = cases[film_id]
        order = slot_order(
            seed=study.seed,
            physician_id=physician_id,
            ordinal=ordinal,
            sources=len(candidates),
        )
        rows.append(
            {
                "study_id": study.id,
                "physician_id": physician_id,
                "ordinal": ordinal,
                "film_id": film_id,
                "candidates": [candidates[source] for source in order],
                "blank": False,
            }
        )
    if session.get(Hand, (study.id, physician_id)) is None:
        session.add(Hand(study_id=study.id, physician_id=physician_id, dealt=0))
    _insert(session, CaseOrder, rows)


def _insert(
    session: Session, table: type[Case] | type[CaseOrder], rows: list[dict[str, object]]
) -> None:
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(table), rows[start : start + CHUNK])
