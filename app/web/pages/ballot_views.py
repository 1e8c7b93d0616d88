"""What a ballot's page is told of its ballot: one dataclass, dealt or still to come, as JSON.

Letters of slots are the only names a candidate has here. No field could say whose one is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.accounts.tables import User
from app.ballots.coming import Upcoming
from app.ballots.design import LETTERS
from app.ballots.states import BallotKind, BallotState
from app.ballots.tables import Ballot
from app.films.tables import Film
from app.studies.studies import protocol_of
from app.studies.tables import Study
from app.votes.answers import AnswerKind
from app.votes.own import Progress
from app.votes.tables import Vote
from app.web.pages.physician_views import StudyCard


@dataclass(frozen=True)
class ProgressView:
    """How far the physician is."""

    answered: int
    later: int
    total: int


@dataclass(frozen=True)
class QuestionsView:
    """What the study asks beside the choice, and after how long a break is offered (0: never)."""

    worst: bool
    break_minutes: int


@dataclass(frozen=True)
class BallotView:
    """One ballot as its page gets it. Addresses are paths of this site.

    ``choice`` is the physician's own earlier answer: the letters of the chosen slots, or one of the
    answer's words. ``answered_at`` is when that was, and marks what a kept draft was begun upon.
    ``lease_seconds`` says for how long the ballot is held; empty for one that is not in hand.
    ``letters`` is empty where the film is drawn before any candidate is seen.
    """

    key: str
    study: str
    number: int
    letters: str
    kind: str
    asks_guess: bool
    film: str
    bundle: str
    lungs: str | None
    answers: str
    lease: str
    lease_seconds: int | None
    drawing: str | None
    choice: str | None
    sure: bool | None
    comment: str
    worst: str | None
    guessed: bool
    answered_before: bool
    answered_at: str | None
    progress: ProgressView
    questions: QuestionsView


@dataclass(frozen=True)
class BallotPage:
    """The page around the ballots of one sitting; it begins with ``ballot``.

    ``home`` is the way out and ``onward`` the way to the next ballot; ``practises`` where nothing
    counts (`app.web.pages.practice`).
    """

    template: ClassVar[str] = "physician/ballot.html"

    reader: str
    study: StudyCard
    home: str
    onward: str
    practises: bool
    ballot: BallotView


def dealt_view(ballot: Ballot, done: Progress, vote: Vote | None, *, now: datetime) -> BallotView:
    """Return the view of a dealt ballot, with the own earlier answer if there is one."""
    counted = vote if vote is not None and vote.answer != AnswerKind.LATER else None
    return _view(
        ballot.key,
        ballot.study,
        done,
        film=ballot.film,
        number=ballot.ordinal + 1,
        slots=len(ballot.slots),
        kind=BallotKind(ballot.kind),
        asks_guess=ballot.asks_guess,
        lease_seconds=lease_seconds(ballot, now=now),
        vote=counted,
        answered=ballot.state == BallotState.ANSWERED,
    )


def lease_seconds(ballot: Ballot, *, now: datetime) -> int | None:
    """Return for how long the ballot is still held; nothing for one that is not in hand."""
    if ballot.state != BallotState.LEASED or ballot.lease_until is None:
        return None
    return max(0, int((ballot.lease_until - now).total_seconds()))


def coming_view(one: Upcoming, study: Study, done: Progress) -> BallotView:
    """Return the view of a ballot that is not dealt yet."""
    return _view(
        one.key,
        study,
        done,
        film=one.film,
        number=one.ordinal + 1,
        slots=len(one.candidates),
        kind=one.kind,
        asks_guess=one.asks_guess,
    )


def _view(
    key: str,
    study: Study,
    done: Progress,
    *,
    film: Film,
    number: int,
    slots: int,
    kind: BallotKind,
    asks_guess: bool,
    lease_seconds: int | None = None,
    vote: Vote | None = None,
    answered: bool = False,
) -> BallotView:
    questions = protocol_of(study).questions
    own = f"/ballots/{key}"
    return BallotView(
        key=key,
        study=study.key,
        number=number,
        letters=LETTERS[:slots],
        kind=kind.value,
        asks_guess=asks_guess,
        film=f"{own}/film",
        bundle=f"{own}/bundle",
        lungs=f"{own}/lungs" if film.lungs_mask_sha else None,
        answers=f"{own}/answers",
        lease=f"{own}/lease",
        lease_seconds=lease_seconds,
        drawing=f"{own}/drawing" if vote is not None and vote.drawing_id is not None else None,
        choice=_choice(vote),
        sure=None if vote is None else vote.sure,
        comment="" if vote is None else vote.comment,
        worst=_letter(None if vote is None else vote.worst_position),
        guessed=vote is not None and vote.guess_position is not None,
        answered_before=answered,
        answered_at=None if vote is None else vote.answered_at.isoformat(),
        progress=ProgressView(answered=done.answered, later=done.later, total=done.total),
        questions=QuestionsView(worst=questions.worst, break_minutes=questions.break_minutes),
    )


def _choice(vote: Vote | None) -> str | None:
    if vote is None:
        return None
    return "".join(LETTERS[position] for position in vote.positions) or vote.answer


def _letter(position: int | None) -> str | None:
    return None if position is None else LETTERS[position]


def ballot_page(user: User, card: StudyCard, ballot: BallotView) -> BallotPage:
    """Return the page that begins with ``ballot``."""
    home = f"/studies/{card.key}"
    return BallotPage(
        reader=user.name,
        study=card,
        home=home,
        onward=f"{home}/next",
        practises=False,
        ballot=ballot,
    )
