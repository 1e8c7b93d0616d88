"""What the page of a study's report says, as text and points: the template only lays out. Pure."""

from dataclasses import dataclass

from app.evaluation.tables import Table
from app.networks.scoring import Estimate
from app.reports import words
from app.reports.agreeing import before, between, films, known, within
from app.reports.cells import NONE, cell, count_cell, percent_cell
from app.reports.choosing import blinding, denied, wins
from app.reports.findings import Findings
from app.reports.ordering import fidelity, order
from app.reports.pictures import DisputePicture
from app.reports.report import Report, Unblinded
from app.reports.section import Section
from app.studies.states import State
from app.words import N_
from app.words.speaking import _, counted, dated

STILL_BLIND = N_(
    "This study is not settled. What its votes say is not shown: whoever knows which source leads "
    "may, without meaning to, let it steer what is still to be answered, reopened or judged."
)
UNBLINDED_EARLY = N_(
    "This study is not settled, and this is its unblinded part: tell no physician who still reads. "
    "That it was looked at stands in the study’s history."
)


@dataclass(frozen=True)
class StudyReportPage:
    """The report's page. ``headlines`` are (words, number, interval); ``blind`` says why no more.

    ``alarm`` is "bad" where the blinding alarm rang, "good" where it did not, else empty.
    """

    title: str
    facts: list[tuple[str, str]]
    headlines: list[tuple[str, str, str]]
    progress: Table
    have: int
    wanted: int
    cases: str
    warning: str
    blind: bool
    alarm: str
    alarm_words: str
    sections: list[Section]
    pictures: list[DisputePicture]


def page_of(report: Report, pictures: list[DisputePicture]) -> StudyReportPage:
    """Return the page of ``report``; ``pictures`` are of its most disputed films."""
    told = report.unblinded
    return StudyReportPage(
        title=report.study,
        facts=_facts(report),
        headlines=_headlines(told.findings) if told else [],
        progress=_progress(report),
        have=report.progress.have,
        wanted=report.progress.wanted,
        cases=_(
            "answers; {complete} of {cases} cases complete",
            complete=counted(report.progress.complete),
            cases=counted(report.progress.cases),
        ),
        warning=_warning(report),
        blind=told is None,
        alarm=_alarm(told.findings) if told else "",
        alarm_words=words.alarm_sentence(told.findings.alarm) if told else "",
        sections=_sections(told) if told else [],
        pictures=pictures,
    )


def _facts(report: Report) -> list[tuple[str, str]]:
    return [
        (
            _("Study"),
            _(
                "{key}, stage {stage}, {state}",
                key=report.key,
                stage=report.stage,
                state=_(State(report.state)),
            ),
        ),
        (_("Rule"), words.rule_words(report.protocol)),
        (_("Made"), f"{dated(report.made_at)}, maskballot {report.version}"),
    ]


def _warning(report: Report) -> str:
    if report.settled:
        return ""
    return _(STILL_BLIND if report.unblinded is None else UNBLINDED_EARLY)


def _progress(report: Report) -> Table:
    rows = [
        (
            f"{number}. {one.name}",
            [
                count_cell(n)
                for n in (one.answered, one.repeats, one.later, one.blank, one.sentinels)
            ],
        )
        for number, one in enumerate(report.progress.readers, 1)
    ]
    headings = [
        _("Physician"),
        _("Answered"),
        _("Hidden repeats"),
        _("Put aside"),
        _("Drawn blank"),
        _("Sentinels"),
    ]
    return Table(_("How far each physician is"), headings, rows)


def _headlines(found: Findings) -> list[tuple[str, str, str]]:
    def one(label: str, estimate: Estimate | None) -> tuple[str, str, str]:
        shown = percent_cell(estimate)
        return (label, shown.text, shown.small)

    ac1 = cell(found.between.ac1, digits=2) if found.between else NONE
    by_hand = next((s.share for s in found.shares if s.name == "manual"), None)
    of = _("{films} films, {readers} readers", films=counted(found.films), readers=found.readers)
    shown = [(_("Answers"), counted(found.answers), of)]
    if by_hand is not None:
        shown.append(one(_("Votes for the hand-drawn mask"), by_hand))
    shown += [
        one(_("None acceptable"), found.denied),
        one(_("Redrawn"), found.redrawn),
        (_("Agreement between readers (AC1)"), ac1.text, ac1.small),
    ]
    if found.within:
        shown.append(one(_("Same answer on hidden repeats"), found.within.same))
    return shown


def _alarm(found: Findings) -> str:
    if not found.alarm.guesses:
        return ""
    return "bad" if found.alarm.rings else "good"


def _sections(told: Unblinded) -> list[Section]:
    found = told.findings
    if not found.answers:
        empty = _("No answer was given yet. Open the study to physicians.")
        return [Section(_("Answers"), empty=empty)]
    parts = [
        wins(told),
        blinding(told),
        between(told),
        within(told),
        known(told),
        before(told),
        order(told),
        denied(found),
        films(told),
        fidelity(told),
    ]
    return [part for part in parts if part is not None]
