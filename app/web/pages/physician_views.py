"""What the physician's pages show. Letters of slots are the only names a candidate has here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.accounts.tables import User
from app.ballots.design import LETTERS
from app.ballots.tables import Ballot
from app.studies.states import State
from app.studies.tables import Study
from app.votes.answers import AnswerKind
from app.votes.own import Progress
from app.votes.tables import Vote
from app.web.paging import Paging
from app.web.words import when
from app.words import N_
from app.words.speaking import _

ROMAN = {1: "I", 2: "II"}

ANSWERS = {
    AnswerKind.NONE: N_("None acceptable"),
    AnswerKind.NO_INFECTION: N_("No infection"),
    AnswerKind.UNREADABLE: N_("Unreadable"),
    AnswerKind.LATER: N_("Put aside for later"),
}

STATES = {
    State.OPEN: N_("open"),
    State.LOCKED: N_("closed for answers"),
    State.SETTLED: N_("settled"),
}


@dataclass(frozen=True)
class StudyCard:
    """A study on the physician's home: its name, where it stands, how far the physician is."""

    key: str
    name: str
    stage: str
    state: str
    open: bool
    progress: Progress


@dataclass(frozen=True)
class HomePage:
    """The physician's own studies. ``reader`` names whose unsent answers this browser looks for."""

    template: ClassVar[str] = "physician/home.html"

    reader: str
    studies: list[StudyCard]
    paging: Paging
    practised: bool


@dataclass(frozen=True)
class AnswerRow:
    """One own answer, the newest of its ballot. ``number`` counts the physician's cases."""

    key: str
    number: int
    answer: str
    sure: str
    comment: str
    answered: str


@dataclass(frozen=True)
class StudyPage:
    """One study for one of its physicians: progress, and the own answers to look at again.

    ``waits`` where films are left, but none that the physician can be dealt at the moment.
    """

    template: ClassVar[str] = "physician/study.html"

    reader: str
    study: StudyCard
    answers: list[AnswerRow]
    paging: Paging
    waits: bool


def study_card(study: Study, progress: Progress) -> StudyCard:
    """Return what a physician sees of ``study``."""
    state = State(study.state)
    return StudyCard(
        key=study.key,
        name=study.name,
        stage=ROMAN[study.stage],
        state=STATES.get(state, state.value),
        open=state is State.OPEN,
        progress=progress,
    )


def _letters(vote: Vote) -> str:
    return " = ".join(LETTERS[position] for position in vote.positions)


def _answer(vote: Vote) -> str:
    words = _(ANSWERS.get(AnswerKind(vote.answer), "")) or _letters(vote)
    return _("{answer}, drawn", answer=words) if vote.drawing_id is not None else words


def _sure(sure: bool | None) -> str:
    return "" if sure is None else (_("sure") if sure else _("unsure"))


def answer_row(ballot: Ballot, vote: Vote) -> AnswerRow:
    """Return one line of the own answers."""
    return AnswerRow(
        key=ballot.key,
        number=ballot.ordinal + 1,
        answer=_answer(vote),
        sure=_sure(vote.sure),
        comment=vote.comment,
        answered=when(vote.answered_at),
    )


def study_page(
    user: User,
    card: StudyCard,
    answers: Sequence[tuple[Ballot, Vote]],
    paging: Paging,
    *,
    waits: bool,
) -> StudyPage:
    """Return the page of a study for ``user``."""
    rows = [answer_row(ballot, vote) for ballot, vote in answers]
    return StudyPage(reader=user.name, study=card, answers=rows, paging=paging, waits=waits)
