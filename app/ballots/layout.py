"""Laying out a study as rows: cases, and each physician's order, slots, returns and sentinels."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.ballots import hands, sentinels
from app.ballots.planning import CHOICE, REPEAT, Layable, Planned, plan, readers_of_blanks
from app.ballots.sentinels import Sentinel
from app.ballots.tables import Case, CaseOrder, Hand, Return
from app.studies.protocol import Design
from app.studies.studies import protocol_of
from app.studies.tables import Study

CHUNK = 1000

Row = dict[str, object]


def lay_out(
    session: Session,
    study: Study,
    *,
    physician_ids: Sequence[int],
    cases: Sequence[Layable],
    wanted: int,
    known_truth: Sequence[Sentinel] = (),
) -> int:
    """Add what is missing and return how many cases are new.

    Whose a candidate is bears on the order of slots only, to balance it, and is not stored. What
    was laid out before stays as it is; new cases are appended to every physician's order. Films of
    ``known_truth`` become sentinels, and none of them a case.
    """
    design = protocol_of(study).design
    known = set(session.scalars(select(Case.film_id).where(Case.study_id == study.id)))
    fresh = [case for case in cases if case.film_id not in known]
    rows: list[Row] = [
        {"film_id": case.film_id, "study_id": study.id, "wanted": wanted, "taken": 0}
        for case in fresh
    ]
    _insert(session, Case, rows)
    blank = readers_of_blanks(fresh, physician_ids, seed=study.seed, design=design)
    for physician_id in physician_ids:
        _lay_out_for(
            session,
            study,
            physician_id=physician_id,
            cases=cases,
            design=design,
            blank=blank,
            reads=min(1.0, wanted / len(physician_ids)),
        )
        if known_truth:
            _lay_out_sentinels(session, study, physician_id=physician_id, films=known_truth)
    return len(fresh)


def _lay_out_for(
    session: Session,
    study: Study,
    *,
    physician_id: int,
    cases: Sequence[Layable],
    design: Design,
    blank: Mapping[int, int],
    reads: float,
) -> None:
    own = (CaseOrder.study_id == study.id) & (CaseOrder.physician_id == physician_id)
    known = set(session.scalars(select(CaseOrder.film_id).where(own)))
    highest = session.scalar(select(func.max(CaseOrder.ordinal)).where(own))
    again = select(Return.film_id).where(
        Return.study_id == study.id,
        Return.physician_id == physician_id,
        Return.repeat_no == REPEAT,
    )
    planned = list(
        plan(
            [case for case in cases if case.film_id not in known],
            before=[case for case in cases if case.film_id in known],
            physician_id=physician_id,
            seed=study.seed,
            design=design,
            blank=blank,
            again_before=set(session.scalars(again)),
            reads=reads,
        )
    )
    hand = session.get(Hand, (study.id, physician_id))
    if hand is None:
        hand = Hand(study_id=study.id, physician_id=physician_id, dealt=0)
        session.add(hand)
    both: Row = {"study_id": study.id, "physician_id": physician_id}
    start = 0 if highest is None else highest + 1
    _insert(session, CaseOrder, [both | _order(n, one) for n, one in enumerate(planned, start)])
    _insert(session, Return, [both | row for one in planned for row in _returns(one)])
    hands.laid_out(session, hand, cases=start + len(planned))


def _lay_out_sentinels(
    session: Session, study: Study, *, physician_id: int, films: Sequence[Sentinel]
) -> None:
    rows = session.scalars(
        select(Return).where(
            Return.study_id == study.id,
            Return.physician_id == physician_id,
            Return.repeat_no == sentinels.REPEAT_NO,
        )
    ).all()
    known = {row.film_id for row in rows}
    hand = session.get_one(Hand, (study.id, physician_id))
    waiting = [row.due_after + 1 for row in rows if row.due_after is not None]
    placed = sentinels.place(
        [one for one in films if one.film_id not in known],
        before=[one for one in films if one.film_id in known],
        physician_id=physician_id,
        seed=study.seed,
        share=protocol_of(study).design.sentinel_share,
        start=max([hand.dealt, *waiting]),
    )
    own: Row = {"study_id": study.id, "physician_id": physician_id, "dealt": False}
    own["repeat_no"] = sentinels.REPEAT_NO
    _insert(
        session,
        Return,
        [
            own
            | {
                "film_id": one.film_id,
                "candidates": list(one.candidates),
                "due_after": one.ordinal,
            }
            for one in placed
        ],
    )
    hands.laid_out(session, hand, cases=hand.cases)


def _order(ordinal: int, one: Planned) -> Row:
    return {
        "ordinal": ordinal,
        "film_id": one.film_id,
        "candidates": list(one.candidates),
        "blank": one.blank,
    }


def _returns(one: Planned) -> list[Row]:
    back = {CHOICE: one.candidates if one.blank else None, REPEAT: one.again}
    return [
        {
            "film_id": one.film_id,
            "repeat_no": repeat_no,
            "candidates": list(candidates),
            "dealt": False,
        }
        for repeat_no, candidates in back.items()
        if candidates is not None
    ]


def _insert(
    session: Session, table: type[Case] | type[CaseOrder] | type[Return], rows: Sequence[Row]
) -> None:
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(table), rows[start : start + CHUNK])
