"""What the ballots of a study send to their physicians, listened to on a copy of the database."""

import json
import uuid
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import signin
from app.accounts.roles import Role
from app.accounts.tables import User
from app.ballots.tables import Ballot, Slot
from app.probe.transport import Delivery, Heard
from app.proposals.origins import MANUAL, CandidateOrigin
from app.studies.states import State
from app.studies.studies import members, study_named
from app.web.cookies import sealed
from app.web.house import House
from app.web.overheard import Listener, copied


def deliveries_of(house: House, study: str, *, most: int) -> list[Delivery]:
    """Return what ``most`` ballots send, dealt and answered on a copy; those of most masks alike.

    Each physician of the study reads in turn. The study itself is left as it is.
    """
    with copied(house) as copy:
        with copy.sessions.begin() as session:
            found = study_named(session, study)
            # On the copy a closed study may be read once more.
            found.state = State.OPEN
            key = found.key
            readers = members(session, study=found, role=Role.PHYSICIAN)
            cookies = [sealed(copy, _token(session, copy, reader)) for reader in readers]
        heard = [
            one
            for cookie in cookies
            for one in _read(Listener.at(copy, cookie=cookie), key, most=most // len(cookies) + 1)
        ]
        with copy.sessions() as session:
            every = [_delivery(session, ballot, one) for ballot, one in heard]
    known = [one for one in every if one is not None][:most]
    slots = [one.slots for one in known]
    return [one for one in known if one.slots == max(slots, key=slots.count)]


def _token(session: Session, house: House, reader: User) -> str:
    return signin.open_session(session, user=reader, hours=24, clock=house.clock)


def _read(listener: Listener, study: str, *, most: int) -> Iterator[tuple[str, tuple[Heard, ...]]]:
    """Yield the ballots that one physician is dealt, with all that was said of each."""
    for number in range(most):
        status, dealt = listener.ask("POST", f"/studies/{study}/next", name="next")
        view = json.loads(dealt.body)
        if status != 200 or "key" not in view:
            return
        key = view["key"]
        _, ahead = listener.ask("GET", f"/studies/{study}/ahead", name="ahead")
        heard = [dealt, ahead]
        for name, path in (("page", f"/ballots/{key}"), ("film", view["film"]), *_masks(view)):
            heard.append(listener.ask("GET", path, name=name)[1])
        heard.append(_answer(listener, view, number)[1])
        yield key, tuple(heard)


def _masks(view: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield "bundle", view["bundle"]
    if view["lungs"]:
        yield "lungs", view["lungs"]


def _answer(listener: Listener, view: dict[str, str], number: int) -> tuple[int, Heard]:
    letters = view["letters"]
    chosen = {"kind": "slot", "slots": [letters[number % len(letters)]]} if letters else {}
    body = {"idempotency_key": str(uuid.uuid4()), "answer": chosen or {"kind": "unreadable"}}
    return listener.ask("POST", view["answers"], name="answer", body=json.dumps(body).encode())


def _delivery(session: Session, key: str, heard: tuple[Heard, ...]) -> Delivery | None:
    """Return what was heard with where the hand-drawn mask stood, None where it stood nowhere."""
    ballot = session.scalars(select(Ballot).where(Ballot.key == key)).one()
    kinds = session.scalars(
        select(CandidateOrigin.kind)
        .join(Slot, Slot.candidate_id == CandidateOrigin.candidate_id)
        .where(Slot.ballot_id == ballot.id)
        .order_by(Slot.position)
    ).all()
    if MANUAL not in kinds:
        return None
    film = ballot.film
    patient = film.name if film.patient is None else film.patient.label
    return Delivery(patient, len(kinds), kinds.index(MANUAL), heard)
