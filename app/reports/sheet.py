"""The report laid out: its page with pictures, and one file that needs no other."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy.orm import Session

from app import RESEARCH_ONLY, __version__
from app.blobs.store import BlobStore
from app.clock import Clock
from app.reports.gather import Gathered, gather
from app.reports.page import StudyReportPage, page_of
from app.reports.pictures import pictures
from app.reports.report import Report, may_unblind, report
from app.settings import REPOSITORY
from app.studies.tables import Study
from app.words import speaking

PICTURES = 6


def illustrated(
    session: Session, blobs: BlobStore, study: Study, *, clock: Clock, asked: bool
) -> tuple[Report, StudyReportPage]:
    """Return the study's report and its page, with pictures of the most disputed films."""
    votes = gather(session, study) if may_unblind(study, asked=asked) else None
    found = report(session, blobs, study, clock=clock, asked=asked, gathered=votes)
    return found, page_with_pictures(session, blobs, found, votes)


def page_with_pictures(
    session: Session, blobs: BlobStore, found: Report, votes: Gathered | None
) -> StudyReportPage:
    """Return the page of ``found``, a report on ``votes``; without them, one without pictures."""
    if votes is None or found.unblinded is None:
        return page_of(found, [])
    worst = found.unblinded.findings.disputes[:PICTURES]
    return page_of(found, pictures(session, blobs, votes, worst))


def as_html(page: StudyReportPage) -> str:
    """Return the page as one file."""
    return _environment().get_template("reports/study.html").render(page=page)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([REPOSITORY / "templates", REPOSITORY / "static"]),
        autoescape=select_autoescape(["html", "svg"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "research_only": RESEARCH_ONLY,
        "version": __version__,
        "_": speaking.in_template,
        "counted": speaking.counted,
        "language": speaking.language,
    }
    return environment
