"""What the practice round shows and tells: a ballot's shapes, and what was planted."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.accounts.tables import User
from app.ballots.design import LETTERS
from app.ballots.states import BallotKind
from app.demo.practice import LESSONS, SIZE, PracticeFilm
from app.votes import drawings
from app.votes.answers import AnswerKind, Submission, positions
from app.votes.own import Progress
from app.web.pages.ballot import Saved
from app.web.pages.ballot_views import BallotPage, BallotView, ProgressView, QuestionsView
from app.web.pages.physician_views import StudyCard
from app.words.speaking import _

STUDY = "~practice"
"""What a practice ballot names as its study; no study can be called so."""


class PracticeSaved(Saved):
    """An acknowledgement that says what was planted; nothing was kept."""

    practice: str


@dataclass(frozen=True)
class PracticeDonePage:
    """The end of the round of ``films``."""

    template: ClassVar[str] = "physician/practice_done.html"

    films: int


def practice_view(number: int) -> BallotView:
    """Return film ``number`` as a ballot."""
    own = f"/practice/ballots/{number}"
    return BallotView(
        key=f"practice-{number}",
        study=STUDY,
        number=number,
        letters=LETTERS[:4],
        kind=BallotKind.CHOICE.value,
        asks_guess=False,
        film=f"{own}/film",
        bundle=f"{own}/bundle",
        lungs=f"{own}/lungs",
        answers=f"{own}/answers",
        lease=f"{own}/lease",
        lease_seconds=None,
        drawing=None,
        choice=None,
        sure=None,
        comment="",
        worst=None,
        guessed=False,
        answered_before=False,
        answered_at=None,
        progress=ProgressView(answered=number - 1, later=0, total=len(LESSONS)),
        questions=QuestionsView(worst=False, break_minutes=0),
    )


def practice_page(user: User, number: int) -> BallotPage:
    """Return the ballot's page with a film of the round."""
    done = Progress(answered=number - 1, later=0, open=len(LESSONS) + 1 - number)
    card = StudyCard(key=STUDY, name=_("Practice"), stage="", state="", open=True, progress=done)
    return BallotPage(
        reader=user.name,
        study=card,
        home="/",
        onward="/practice",
        practises=True,
        ballot=practice_view(number),
    )


def told(sent: Submission, number: int, film: PracticeFilm, *, at: datetime) -> PracticeSaved:
    """Return the acknowledgement. Raises `AnswerRefused` as a ballot's would."""
    chosen = positions(sent.answer, slots=len(film.candidates))
    drawn = None
    if sent.drawing is not None:
        drawn = film.overlap(drawings.unpacked(sent.drawing, SIZE))
    return PracticeSaved(
        saved=True,
        key=f"practice-{number}",
        next="/practice/next",
        answered=number,
        later=0,
        total=len(LESSONS),
        answered_at=at.isoformat(),
        drawing_sha256=sent.drawing.sha256 if sent.drawing else None,
        practice=f"{_planted(number, film)} {_verdict(sent.answer.kind, chosen, film, drawn)}",
    )


def _planted(number: int, film: PracticeFilm) -> str:
    if film.healthy:
        return _("Film {number}: nothing was planted here.", number=number)
    if film.best is None:
        return _("Film {number}: none of the masks was what was planted.", number=number)
    letter = LETTERS[film.best]
    return _("Film {number}: {letter} is what was planted.", number=number, letter=letter)


def _verdict(kind: AnswerKind, chosen: list[int], film: PracticeFilm, drawn: float | None) -> str:
    if kind is AnswerKind.LATER:
        return _("You put it aside; in a study it would come again at the end.")
    if drawn is not None:
        return _("Your drawing overlaps it by {share} % (Dice).", share=round(100 * drawn))
    right = {
        AnswerKind.NO_INFECTION: film.healthy,
        AnswerKind.NONE: film.best is None and not film.healthy,
        AnswerKind.SLOT: film.best is not None and chosen == [film.best],
    }.get(kind, False)
    return _("So you said.") if right else _("You said otherwise; nothing of it counts.")
