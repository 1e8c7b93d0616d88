"""Opening, growing, locking and settling a study: the admin's acts. This side knows origins."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accounts.tables import User
from app.ballots.layout import lay_out
from app.ballots.planning import Layable
from app.ballots.sentinels import Sentinel
from app.ballots.tables import Case
from app.blobs.store import BlobStore
from app.clock import Clock
from app.films.tables import Film
from app.problems import Problem
from app.proposals.likeness import survey
from app.proposals.missing import sources_of, tally
from app.proposals.origins import by_source, drawn_by
from app.proposals.planting import planted
from app.proposals.standings import tally_of_standings
from app.settlement.rules import wanted
from app.settlement.settle import settle_study
from app.studies.protocol import FixedRule, LeadRule, Protocol, SequentialRule
from app.studies.states import State, require
from app.studies.studies import hold, members, move, protocol_of
from app.studies.tables import Study


class NotReady(Problem):
    """The study cannot be opened yet."""

    code = "not-ready"
    status = 409


class Unproposed(NotReady):
    """Films lack proposals."""


@dataclass(frozen=True)
class Readiness:
    """What a study has and lacks. ``cases`` counts films with a candidate of every source.

    Not among them are the ``sentinels``.
    """

    films: int
    cases: int
    to_propose: int
    without_hand_drawn: int
    physicians: int
    readers_needed: int
    sources: int
    sentinels: int = 0

    @property
    def lacking(self) -> list[NotReady]:
        """What stands in the way of opening."""
        found = []
        if self.films == 0:
            found.append(NotReady("No film has been imported."))
        if self.sources < 2:
            few = NotReady("A ballot needs at least two candidates: choose more networks.")
            found.append(few)
        if self.to_propose:
            found.append(_unproposed(self.to_propose))
        elif self.films and not self.cases:
            found.append(NotReady("No film has all its candidates."))
        if self.physicians < self.readers_needed:
            found.append(_few_readers(self.readers_needed, self.physicians))
        return found


def _unproposed(films: int) -> NotReady:
    if films == 1:
        return Unproposed("One film still lacks proposals: run propose.")
    return Unproposed("{number} films still lack proposals: run propose.", number=films)


def _few_readers(needed: int, there: int) -> NotReady:
    if needed == 1:
        return NotReady("No physician takes part yet.")
    return NotReady(
        "The rule may need {needed} physicians a case; the study has {there}.",
        needed=needed,
        there=there,
    )


def readers_needed(protocol: Protocol) -> int:
    """Return the most physicians that the rule may ask for one case."""
    match protocol.rule:
        case FixedRule(n=n):
            return n
        case LeadRule(at_most=at_most) | SequentialRule(at_most=at_most):
            return at_most
        case _:
            return 3


def readiness(session: Session, study: Study, *, for_a_page: bool = False) -> Readiness:
    """Return what the study has and lacks; `for_a_page` from what was counted as it came."""
    counted = tally_of_standings(session, study) if for_a_page else tally(session, study)
    protocol = protocol_of(study)
    return Readiness(
        films=counted.films,
        cases=counted.complete,
        to_propose=counted.lacking,
        without_hand_drawn=counted.without_hand_drawn,
        physicians=len(members(session, study=study, role=Role.PHYSICIAN)),
        readers_needed=readers_needed(protocol),
        sources=len(sources_of(study)),
        sentinels=counted.sentinels,
    )


def open_study(
    session: Session, blobs: BlobStore, study: Study, *, clock: Clock, partly: bool = False
) -> int:
    """Open the study, or lay out what was added to an open one; return the number of new cases.

    Every film that has a candidate of every source becomes a case. With ``partly``, films whose
    proposals were refused (in-fold) are left out; without it, `NotReady` names what is missing.
    The sentinels are those that were made before (`app.conduct.planting`); who would keep one
    meanwhile waits, and finds the film a case.
    """
    hold(session, study)
    require(study.state, State.DRAFT, State.OPEN, State.LOCKED)
    ready = readiness(session, study)
    lacking = ready.lacking
    if partly and ready.cases:
        lacking = [problem for problem in lacking if not isinstance(problem, Unproposed)]
    if lacking:
        raise NotReady.of_all(lacking)
    readers = members(session, study=study, role=Role.PHYSICIAN)
    complete = _layable(session, blobs, study, readers=readers)
    truth = _known_truth(session, study, complete=complete)
    apart = {one.film_id for one in truth}
    new = lay_out(
        session,
        study,
        physician_ids=[user.id for user in readers],
        cases=[one for one in complete if one.film_id not in apart],
        wanted=wanted(protocol_of(study).rule, []),
        known_truth=truth,
    )
    if study.state != State.OPEN:
        move(study, to=State.OPEN, clock=clock)
    return new


def _layable(
    session: Session, blobs: BlobStore, study: Study, *, readers: Sequence[User]
) -> list[Layable]:
    film_ids = session.scalars(select(Film.id).where(Film.study_id == study.id)).all()
    found = by_source(session, film_ids=film_ids, sources=sources_of(study))
    alike = survey(session, blobs, study, candidates=found)
    drew = drawn_by(session, film_ids=list(found))
    by_name = {user.name: user.id for user in readers}
    return [
        Layable(
            film_id=film_id,
            candidates=tuple(candidates),
            groups=tuple(tuple(group) for group in alike[film_id].groups),
            disagreement=alike[film_id].disagreement,
            authors=frozenset(by_name[name] for name in drew[film_id] if name in by_name),
        )
        for film_id, candidates in found.items()
    ]


def _known_truth(session: Session, study: Study, *, complete: Sequence[Layable]) -> list[Sentinel]:
    """Return the sentinels among ``complete`` that are not dealt yet."""
    if not protocol_of(study).design.sentinel_share:
        return []
    cases = set(session.scalars(select(Case.film_id).where(Case.study_id == study.id)))
    film_ids = [one.film_id for one in complete if one.film_id not in cases]
    masks = planted(session, film_ids=film_ids)
    return [
        Sentinel(one.film_id, tuple(masks[one.film_id]), one.authors)
        for one in complete
        if one.film_id in masks
    ]


def lock_study(study: Study, *, clock: Clock) -> None:
    """Close the study to answers; it can be opened again until it is settled."""
    move(study, to=State.LOCKED, clock=clock)


def settle(session: Session, study: Study, *, clock: Clock) -> Counter[str]:
    """Settle a locked study and return the outcomes. Settling again changes nothing."""
    outcomes = settle_study(session, study, clock=clock)
    if study.state == State.LOCKED:
        move(study, to=State.SETTLED, clock=clock)
    return outcomes
