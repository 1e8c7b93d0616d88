"""What the list of an admin's studies and the page of one study show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.accounts.tables import User
from app.conduct.opening import Readiness
from app.conduct.watching import Answers, Unlike
from app.reports.words import rule_words
from app.studies.states import State
from app.studies.studies import protocol_of
from app.studies.tables import Study
from app.votes.own import Progress
from app.web.pages.admin import protocol_words as words
from app.web.pages.admin.own_study import address_of
from app.web.pages.admin.runs_views import RunCard
from app.web.pages.admin.study_steps import Standing, Step, steps
from app.web.paging import Paging
from app.web.words import when
from app.words.speaking import _, ngettext

TONES = {State.DRAFT: "", State.OPEN: "good", State.LOCKED: "warn", State.SETTLED: ""}


@dataclass(frozen=True)
class StudyRow:
    """One study in the list."""

    name: str
    address: str
    stage: str
    state: str
    tone: str
    made: str
    have: int
    wanted: int


@dataclass(frozen=True)
class StudiesPage:
    """An admin's own studies, newest first."""

    template: ClassVar[str] = "admin/studies.html"

    rows: list[StudyRow]
    paging: Paging


def study_row(study: Study, answers: Answers) -> StudyRow:
    """Return what the list shows of ``study``."""
    return StudyRow(
        name=study.name,
        address=address_of(study),
        stage="II" if study.stage == 2 else "I",
        state=study.state,
        tone=TONES[State(study.state)],
        made=when(study.created_at),
        have=answers.have,
        wanted=answers.wanted,
    )


@dataclass(frozen=True)
class PhysicianRow:
    """How far one physician is; in the order in which they joined, never by speed."""

    full_name: str
    answered: int
    later: int
    left: int


@dataclass(frozen=True)
class StudyPage:
    """One study: where it stands, what to do next, and how far it is."""

    template: ClassVar[str] = "admin/study.html"

    key: str
    name: str
    address: str
    stage: str
    state: str
    tone: str
    rule: str
    hand_drawn: bool
    networks: list[str]
    agreed: list[tuple[str, str]]
    unlike: str
    made: str
    steps: list[Step]
    have: int
    wanted: int
    cases: int
    physicians: list[PhysicianRow]
    runs: list[RunCard]
    done: str = ""


def unlike_words(unlike: Unlike) -> str:
    """Return how many masks are shown less faithfully than was agreed; "" where none are."""
    if not unlike.candidates:
        return ""
    return _(
        "{masks} on {films}: looks different from what was drawn; "
        "the display keeps less of it than was agreed.",
        masks=ngettext("{count} mask", "{count} masks", unlike.candidates),
        films=ngettext("{count} film", "{count} films", unlike.films),
    )


def physician_row(user: User, progress: Progress) -> PhysicianRow:
    """Return how far ``user`` is."""
    return PhysicianRow(user.full_name, progress.answered, progress.later, progress.open)


def study_page(
    study: Study,
    *,
    ready: Readiness,
    answers: Answers,
    physicians: Sequence[tuple[User, Progress]],
    runs: list[RunCard],
    exports: int,
    unlike: Unlike,
    done: str,
) -> StudyPage:
    """Return the page of ``study``."""
    row, protocol = study_row(study, answers), protocol_of(study)
    return StudyPage(
        key=study.key,
        name=row.name,
        address=row.address,
        stage=row.stage,
        state=row.state,
        tone=row.tone,
        rule=rule_words(protocol),
        hand_drawn=protocol.hand_drawn,
        networks=list(study.networks),
        agreed=words.agreed(protocol),
        unlike=unlike_words(unlike),
        made=row.made,
        steps=steps(Standing(row.address, State(study.state), ready, answers, exports)),
        have=answers.have,
        wanted=answers.wanted,
        cases=answers.cases,
        physicians=[physician_row(user, progress) for user, progress in physicians],
        runs=runs,
        done=done,
    )
